// Nothing here is needed to read, search or filter.

// Suggestions under a search field, from the first time that it has the focus.
for (const input of document.querySelectorAll("[data-combobox]")) {
  const load = () => import(input.dataset.combobox);
  if (document.activeElement === input) load();
  else input.addEventListener("focus", load, { once: true });
}

// « Copier l’adresse », where the browser lets a page write to the clipboard.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const status = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      status.textContent = "Adresse copiée";
    } catch {
      status.textContent = button.dataset.copy; // refused: it can be selected
    }
  });
}

// The list and the map: what they can do without a reload is fetched when a hand comes near the filters.
const catalogue = document.getElementById("catalogue");
if (catalogue) {
  const form = document.getElementById("filtres");
  const panel = document.getElementById("panneau");
  const wide = matchMedia("(min-width: 60rem)");

  // Older browsers cannot show a closed <details> by CSS: on a desk it stands open.
  const unfold = () => { panel.open = wide.matches; };
  wide.addEventListener("change", unfold);
  unfold();

  // An empty field, or the order one gets anyway, says nothing: it stays out of the address.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
    const { tri } = form.elements;
    if (tri && tri.value === tri.dataset.default) formData.delete("tri");
  });

  // « Back » to a state of the list that this document never showed, since it was reloaded meanwhile.
  addEventListener("popstate", ({ state }) => { if (state?.htmx && !window.htmx) location.reload(); });

  const script = (address) => new Promise((loaded, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: loaded, onerror: failed }));
  });
  const NEAR = ["pointerover", "pointerdown", "focusin", "change"];
  let changed = null;
  const wait = ({ target }) => { changed = target; };
  const enliven = async (event) => {
    if (event.type === "change") wait(event);
    for (const type of NEAR) catalogue.removeEventListener(type, enliven);
    catalogue.addEventListener("change", wait);
    // htmx starts by itself only in a page that is complete.
    if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
    try {
      await script(catalogue.dataset.htmx);
      await import(catalogue.dataset.live);
    } catch {
      return; // the button is there
    }
    catalogue.removeEventListener("change", wait);
    changed?.dispatchEvent(new Event("change", { bubbles: true })); // chosen before all was there
  };
  for (const type of NEAR) catalogue.addEventListener(type, enliven);
}
