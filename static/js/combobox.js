// Suggestions under a field: an editable combobox with a list, as the ARIA practices describe it.
// Enter still sends what was typed unless a suggestion was reached with the arrows.

const WAIT = 150;
const SHORTEST = 2;

class Combobox {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.at = -1;
    input.insertAdjacentHTML("afterend", `<ul id="${input.id}-suggestions" class="suggestions" role="listbox"
      aria-label="Suggestions" hidden></ul><span class="visually-hidden" role="status"></span>`);
    this.list = input.nextElementSibling;
    this.status = this.list.nextElementSibling;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    this.open(false);
    input.autocomplete = "off";

    input.addEventListener("input", () => this.type());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The field keeps the focus, so that the click arrives before the list closes.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.take(target.closest("[role=option]")));
    // Typed while this file was on its way.
    if (document.activeElement === input && input.value !== input.defaultValue) this.type();
  }

  type() {
    clearTimeout(this.timer);
    const typed = this.input.value.trim();
    if (typed.length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.ask(typed), WAIT);
  }

  async ask(typed) {
    const address = new URL(this.input.dataset.suggestions, location);
    address.searchParams.set("q", typed);
    const isLast = () => typed === this.input.value.trim();
    try {
      const { suggestions } = await (await fetch(address)).json();
      if (isLast()) this.show(suggestions);
    } catch {
      if (isLast()) this.close(); // offline or refused
    }
  }

  show(suggestions) {
    this.options = suggestions.map(({ kind, label, value, detail, url }, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", false);
      Object.assign(option.dataset, url ? { url } : { value });
      const about = document.createElement("small");
      about.textContent = !kind || kind === detail ? detail : `${kind} · ${detail}`;
      option.append(label ?? value, " ", about);
      return option;
    });
    this.reach(-1);
    this.list.replaceChildren(...this.options);
    const count = this.options.length;
    this.open(count > 0 && document.activeElement === this.input);
    this.status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}` : "Aucune suggestion";
  }

  open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", open);
  }

  close() {
    clearTimeout(this.timer);
    this.reach(-1);
    this.open(false);
    this.status.textContent = "";
  }

  reach(index) {
    this.options[this.at]?.setAttribute("aria-selected", false);
    this.at = index;
    const option = this.options[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", true);
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  take(option) {
    if (!option) return;
    const { url, value } = option.dataset;
    if (url) return location.assign(url);
    this.input.value = value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  key(event) {
    const { key } = event;
    const count = this.options.length;
    if (key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // first Escape closes the list, a second one empties a search field
      this.close();
    } else if ((key === "ArrowDown" || key === "ArrowUp") && count) {
      event.preventDefault();
      if (this.list.hidden) this.open(true);
      // One place more than there are options: the field itself.
      const step = key === "ArrowDown" ? 1 : -1;
      this.reach(((this.at + step + count + 2) % (count + 1)) - 1);
    } else if (key === "Enter" && !this.list.hidden && this.at >= 0) {
      event.preventDefault();
      this.take(this.options[this.at]);
    }
  }
}

for (const input of document.querySelectorAll("[data-suggestions]")) new Combobox(input);
