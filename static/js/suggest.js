// Suggestions under a search field: an editable combobox with a list, as the ARIA practices describe it.
// Without this file the field searches as any field; with it, Enter still searches what was typed
// unless a suggestion was reached with the arrows.

const WAIT = 150;
const SHORTEST = 2;

export class Suggestions {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.at = -1;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    input.after(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    input.autocomplete = "off";

    input.addEventListener("input", () => this.type());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The field keeps the focus, so that the click arrives before the list closes.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.go(target.closest("[role=option]")));
    if (input.value !== input.defaultValue) this.type(); // typed while this file was on its way
  }

  type() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const typed = this.input.value.trim();
    if (typed.length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.ask(typed), WAIT);
  }

  async ask(typed) {
    this.asked = new AbortController();
    try {
      const { among } = this.input.dataset; // the directory only wants territories
      const asked = new URLSearchParams({ q: typed.slice(0, 200), ...(among && { parmi: among }) });
      const address = `/suggestions?${asked}`;
      const response = await fetch(address, { signal: this.asked.signal });
      if (response.ok) this.show((await response.json()).suggestions);
    } catch {
      this.close(); // aborted or offline: the field still searches
    }
  }

  show(suggestions) {
    this.options = suggestions.map(({ kind, label, detail, url }, index) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = url;
      const name = document.createElement("span");
      name.textContent = label;
      const about = document.createElement("small");
      about.textContent = kind === detail ? kind : `${kind} · ${detail}`;
      option.append(name, " ", about);
      return option;
    });
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...this.options);
    this.open(this.options.length > 0 && document.activeElement === this.input);
    const count = this.options.length;
    this.status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}` : "Aucune suggestion";
  }

  open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    clearTimeout(this.timer);
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.open(false);
    this.status.textContent = "";
  }

  reach(index) {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = index;
    const option = this.options[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  go(option) {
    if (option) location.assign(option.dataset.url);
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
      this.reach(((this.at + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (key === "Enter" && !this.list.hidden && this.at >= 0) {
      event.preventDefault();
      this.go(this.options[this.at]);
    } else if (key === "Tab") {
      this.close();
    }
  }
}
