// The form of an entry, made easier: suggestions, counters, themes of the category, a draft kept on this
// machine, a warning before leaving. Without this file the form works as it is.

const WAIT = 200;
const KEEP = 500;
// The draft that the form before this page sent.
const SENT = "fiche:envoyee";

// No room, or none allowed: what is kept is a help, and the form works without.
const stored = (act) => {
  try {
    return act();
  } catch {
    return null;
  }
};

const fetchJSON = async (address, values, signal) => {
  const response = await fetch(`${address}?${new URLSearchParams(values)}`, { signal });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
};

const element = (name, values = {}, ...children) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
};

// An editable combobox with a list, as the ARIA practices describe it.
class Suggested {
  constructor(input) {
    this.input = input;
    this.at = -1;
    this.list = element("ul", { id: `${input.id}-suggestions`, className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    const box = element("div", { className: "suggested" });
    input.replaceWith(box);
    box.append(input, this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.type());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => this.take(target.closest("[role=option]")));
  }

  type() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const typed = this.input.value.trim();
    if (typed.length < 2) return this.close();
    this.timer = setTimeout(() => this.ask(typed), WAIT);
  }

  async ask(typed) {
    this.asked = new AbortController();
    try {
      const { suggestions } = await fetchJSON(this.input.dataset.suggestions, { q: typed }, this.asked.signal);
      this.show(suggestions);
    } catch {
      this.close();
    }
  }

  show(suggestions) {
    this.options = suggestions.map(({ value, detail }, index) => {
      const option = element("li", { id: `${this.list.id}-${index}` }, value, element("small", { textContent: detail }));
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = value;
      return option;
    });
    this.list.replaceChildren(...this.options);
    this.at = -1;
    this.open(this.options.length > 0 && document.activeElement === this.input);
  }

  open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    clearTimeout(this.timer);
    this.input.removeAttribute("aria-activedescendant");
    this.open(false);
  }

  reach(step) {
    const count = this.options.length;
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = (this.at + step + count) % count;
    this.options[this.at].setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", this.options[this.at].id);
  }

  take(option) {
    if (!option) return;
    this.input.value = option.dataset.value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.reach(event.key === "ArrowDown" ? 1 : this.at < 0 ? 0 : -1);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.take(this.options[this.at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }
}

const count = (field) => {
  const most = Number(field.dataset.counter);
  const note = element("span", { className: "counter" });
  note.setAttribute("aria-live", "off");
  field.after(note);
  const tell = () => {
    const left = most - field.value.length;
    note.textContent = left < 0 ? `${-left} de trop, sur ${most}` : `${field.value.length} sur ${most}`;
    note.classList.toggle("over", left < 0);
  };
  field.addEventListener("input", tell);
  tell();
};

const limitThemes = (form) => {
  const category = form.elements.namedItem("category");
  const groups = form.querySelectorAll(".themes fieldset");
  if (!category || !groups.length) return;
  const show = () => {
    for (const group of groups) {
      const own = !category.value || group.dataset.category === category.value;
      group.hidden = !own;
      if (!own) for (const box of group.querySelectorAll("input")) box.checked = false;
    }
  };
  category.addEventListener("change", show);
  show();
};

// What the form says, without what belongs to this visit.
const read = (form) => {
  const skipped = ["csrfmiddlewaretoken", "seen", "conflit"];
  return [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && !skipped.includes(name) && !name.startsWith("choix-"),
  );
};

// Who the declarant is stays in the form: other people may use this computer.
const isPrivate = (name) => name.startsWith("declarant_");

const draftOf = (form) => JSON.stringify(read(form).filter(([name]) => !isPrivate(name)));

const write = (form, pairs) => {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || isPrivate(field.name) || ["hidden", "submit"].includes(field.type)) continue;
    const own = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = own.includes(field.value);
    else field.value = own[0] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

class Draft {
  constructor(form, note) {
    this.form = form;
    this.note = note;
    this.key = `fiche:${note.dataset.entry}`;
    // A form that comes back with faults, or with another text beside its own, holds what is stored nowhere.
    const refused = document.querySelector(".errornote") !== null;
    this.first = refused ? "" : draftOf(form);
    const opened = refused ? "" : JSON.stringify(read(form));
    if (refused) this.save();
    else this.offer();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => {
      this.sent = true;
      this.save();
      stored(() => sessionStorage.setItem(SENT, this.key));
    });
    addEventListener("beforeunload", (event) => {
      if (!this.sent && JSON.stringify(read(form)) !== opened) event.preventDefault();
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), KEEP);
  }

  save() {
    clearTimeout(this.timer);
    const values = draftOf(this.form);
    if (values === this.first) return this.forget();
    const seen = this.form.elements.seen?.value;
    stored(() => localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), seen, values })));
  }

  offer() {
    const kept = stored(() => JSON.parse(localStorage.getItem(this.key)));
    if (!kept || kept.values === this.first) return this.forget();
    const when = new Date(kept.at).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" });
    const take = element("button", { type: "button", textContent: "Reprendre ce brouillon" });
    const leave = element("button", { type: "button", textContent: "L’effacer" });
    take.addEventListener("click", () => {
      write(this.form, JSON.parse(kept.values));
      // Of that version it is a change: what others have saved since is asked about, not put back.
      if (kept.seen && this.form.elements.seen) this.form.elements.seen.value = kept.seen;
      this.note.hidden = true;
    });
    leave.addEventListener("click", () => {
      this.forget();
      this.note.hidden = true;
    });
    this.note.replaceChildren(
      `Un texte non enregistré, écrit ici le ${when}, a été gardé sur cet ordinateur, sauf le déclarant. `,
      take, " ", leave,
    );
    this.note.hidden = false;
  }

  forget() {
    stored(() => localStorage.removeItem(this.key));
  }
}

// What was sent has arrived, if the page that follows says so. What it says of another is left alone.
const seeArrival = () => {
  const key = stored(() => sessionStorage.getItem(SENT));
  stored(() => sessionStorage.removeItem(SENT));
  if (key && document.querySelector(".messagelist .success")) stored(() => localStorage.removeItem(key));
};

const watchDuplicates = (form, note) => {
  const title = form.elements.namedItem("title");
  const place = form.elements.namedItem("territory");
  if (!title || !place) return;
  const told = element("div", { className: "help" });
  told.setAttribute("role", "status");
  const where = element("div", { className: "help" });
  title.closest(".form-row").append(told);
  place.closest(".form-row").append(where);
  let timer;
  const ask = async () => {
    try {
      const { territory, duplicates } = await fetchJSON(note.dataset.duplicates, {
        collectivite: place.value, titre: title.value, fiche: note.dataset.entry,
      });
      where.textContent = territory;
      told.replaceChildren();
      if (duplicates.length) told.append("Doublon probable : ");
      for (const { title: text, status, url } of duplicates) {
        told.append(element("a", { href: url, target: "_blank", rel: "noopener", textContent: text }), ` (${status}) `);
      }
    } catch {
      told.replaceChildren();
    }
  };
  if (place.value) ask();
  for (const field of [title, place]) {
    for (const event of ["input", "change"]) {
      field.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT * 2);
      });
    }
  }
};

// A row more whenever the last one is begun.
const growRows = (table) => {
  const most = Number(table.dataset.most);
  table.addEventListener("input", () => {
    const rows = table.tBodies[0].rows;
    const last = rows[rows.length - 1];
    if (rows.length >= most || !last.querySelector("input")?.value) return;
    const next = last.cloneNode(true);
    const renumber = (text, step) => text.replace(step, (whole, before, at, after) => `${before}${Number(at) + 1}${after}`);
    for (const field of next.querySelectorAll("input, select")) {
      field.name = renumber(field.name, /^(.+-)(\d+)(-\d+)$/);
      field.id = renumber(field.id, /^(.+_)(\d+)(_\d+)$/);
      field.setAttribute("aria-label", renumber(field.getAttribute("aria-label"), /^(.*ligne )(\d+)()$/));
      if (field.tagName === "INPUT") field.value = "";
    }
    table.tBodies[0].append(next);
  });
};

seeArrival();
const form = document.querySelector("#initiative_form");
const note = document.querySelector("#etat-du-brouillon");
if (form && note) {
  for (const input of form.querySelectorAll("[data-suggestions]")) new Suggested(input);
  for (const field of form.querySelectorAll("[data-counter]")) count(field);
  for (const table of form.querySelectorAll("table.rows")) growRows(table);
  limitThemes(form);
  watchDuplicates(form, note);
  new Draft(form, note);
}
