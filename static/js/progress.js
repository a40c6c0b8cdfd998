// How far an import is, asked every second: the page comes again when the work is over.

const EACH = 1000;
const STEP = 10;
const section = document.querySelector(".running");
const bar = section.querySelector("progress");
const counted = section.querySelector("[data-counted]");
const told = section.querySelector("[role=status]");
let last = 0;

const show = ({ done, total }) => {
  if (!total) return;
  bar.max = total;
  bar.value = done;
  counted.textContent = `${done.toLocaleString("fr-FR")} sur ${total.toLocaleString("fr-FR")} ${total > 1 ? "lignes" : "ligne"}.`;
  // What is heard comes at each tenth only.
  const tenth = Math.floor((100 * done) / total / STEP) * STEP;
  if (tenth > last) told.textContent = `${tenth} %`;
  last = Math.max(last, tenth);
};

const ask = async () => {
  try {
    const response = await fetch(section.dataset.progress);
    // Whoever is to log in again is asked to.
    const answer = response.redirected ? {} : await response.json();
    if (!answer.running) return location.reload();
    show(answer);
  } catch {
    // nobody answers: it is asked again
  }
  setTimeout(ask, EACH);
};
setTimeout(ask, EACH);
