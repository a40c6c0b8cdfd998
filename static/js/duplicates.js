// While a title and a territory are typed: the entries that may be the same one, and where the territory is.

const WAIT = 400;
const form = document.getElementById("initiative_form");
const { duplicates: address, entry } = document.getElementById("etat-du-brouillon").dataset;
const { title, territory } = form.elements;

const help = (field) => {
  const made = document.createElement("div");
  made.className = "help";
  field.closest(".form-row").append(made);
  return made;
};

const watch = () => {
  const told = help(title);
  told.setAttribute("role", "status");
  const where = help(territory);
  let timer;
  const ask = async () => {
    try {
      const asked = new URLSearchParams({ collectivite: territory.value, titre: title.value, fiche: entry });
      const answer = await (await fetch(`${address}?${asked}`)).json();
      where.textContent = answer.territory;
      told.replaceChildren();
      if (answer.duplicates.length) told.append("Doublon probable : ");
      for (const { title: text, status, url } of answer.duplicates) {
        const link = Object.assign(document.createElement("a"), { href: url, target: "_blank", rel: "noopener", textContent: text });
        told.append(link, ` (${status}) `);
      }
    } catch {
      told.replaceChildren();
    }
  };
  if (territory.value) ask();
  for (const field of [title, territory]) {
    for (const event of ["input", "change"]) {
      field.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT);
      });
    }
  }
};
if (title && territory) watch();
