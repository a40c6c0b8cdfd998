// A draft of the form, kept on this machine as it is typed, and offered when the form is opened again. It is
// forgotten by saved.js. Who the declarant is stays in the form: other people may use this computer.

const WAIT = 500;
const form = document.getElementById("initiative_form");
const note = document.getElementById("etat-du-brouillon");
const key = `fiche:${note.dataset.entry}`;
const OF_THIS_VISIT = /^(csrfmiddlewaretoken|seen|conflit|choix-.*|declarant_.*)$/;

// No room, or none allowed: what is kept is a help, and the form works without.
const stored = (act) => {
  try {
    return act();
  } catch {
    return null;
  }
};

const read = () => JSON.stringify(
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OF_THIS_VISIT.test(name)),
);

const write = (pairs) => {
  const values = new Map();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || OF_THIS_VISIT.test(field.name) || ["hidden", "submit"].includes(field.type)) continue;
    const own = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = own.includes(field.value);
    else field.value = own[0] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

// A form that comes back with faults, or with another text beside its own, holds what is stored nowhere.
const refused = document.querySelector(".errornote") !== null;
const first = refused ? "" : read();
let timer;

const forget = () => stored(() => localStorage.removeItem(key));

const save = () => {
  clearTimeout(timer);
  const values = read();
  if (values === first) return forget();
  const seen = form.elements.seen?.value;
  stored(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), seen, values })));
};

const offer = () => {
  const kept = stored(() => JSON.parse(localStorage.getItem(key)));
  if (!kept || kept.values === first) return forget();
  const button = (textContent, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent });
    made.addEventListener("click", () => {
      act();
      note.hidden = true;
    });
    return made;
  };
  const take = button("Reprendre ce brouillon", () => {
    write(JSON.parse(kept.values));
    // Of that version it is a change: what others have saved since is asked about, not put back.
    if (kept.seen && form.elements.seen) form.elements.seen.value = kept.seen;
  });
  const when = new Date(kept.at).toLocaleString("fr-FR", { dateStyle: "long", timeStyle: "short" });
  note.replaceChildren(
    `Un texte non enregistré, écrit ici le ${when}, a été gardé sur cet ordinateur, sauf le déclarant. `,
    take, " ", button("L’effacer", forget),
  );
  note.hidden = false;
};

if (refused) save();
else offer();
for (const event of ["input", "change"]) {
  form.addEventListener(event, () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
}
form.addEventListener("submit", () => {
  save();
  stored(() => sessionStorage.setItem("fiche:envoyee", key));
});
