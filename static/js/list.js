// The list without a reload: htmx asks and swaps, this file keeps what a swap would lose.

const form = document.getElementById("filtres");
const panel = document.getElementById("panneau");
const count = document.getElementById("compte");
const failure = document.getElementById("panne");
const wide = matchMedia("(min-width: 60rem)");

document.getElementById("catalogue").classList.add("live");
const results = () => document.getElementById("resultats");
const lists = () => document.querySelectorAll("#facettes details[id]");
let kept = null;

document.addEventListener("htmx:beforeRequest", () => {
  failure.hidden = true;
  results().setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", () => results().removeAttribute("aria-busy"));

document.addEventListener("htmx:beforeSwap", () => {
  const { name, type, value } = document.activeElement;
  kept = {
    focus: name && { name, value: /checkbox|radio/.test(type) ? value : null },
    inside: document.activeElement.closest("#resultats"),
    lists: Object.fromEntries([...lists()].map((list) => [list.id, [list.open, list.lastElementChild.scrollTop]])),
  };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!kept) return;
  for (const list of lists()) {
    const [open, top] = kept.lists[list.id] ?? [false, 0];
    list.open ||= open;
    list.lastElementChild.scrollTop = top;
  }
  const { name, value } = kept.focus || {};
  const same = name && [...form.elements].find((field) => field.name === name && (value === null || field.value === value));
  // The chip or page link that was clicked is gone: start again from the count.
  (same || (kept.inside ? count : null))?.focus({ preventScroll: true });
  kept = null;
});

// A chip may have taken the search away: the field follows the address.
document.addEventListener("htmx:pushedIntoHistory", ({ detail }) => {
  const { q } = form.elements;
  if (document.activeElement !== q) q.value = new URL(detail.path, location).searchParams.get("q") ?? "";
});

// On a phone « Appliquer » folds the filters and shows what they gave.
form.addEventListener("submit", () => {
  if (wide.matches || !panel.open) return;
  panel.open = false;
  count.focus();
});

// The server refused: its own page says why. Nobody answered: stay, say so, and offer the plain way.
document.addEventListener("htmx:responseError", ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
for (const silence of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(silence, ({ detail }) => {
    failure.querySelector("a").href = detail.pathInfo.finalRequestPath;
    failure.hidden = false;
  });
}
