// A warning before a form is left with unsaved work.
const form = document.getElementById("initiative_form");
const read = () => new URLSearchParams(new FormData(form)).toString();
// What comes back with faults, or with another text beside its own, is stored nowhere.
const opened = document.querySelector(".errornote") ? null : read();
let sent = false;
form.addEventListener("submit", () => { sent = true; });
addEventListener("beforeunload", (event) => {
  if (!sent && read() !== opened) event.preventDefault();
});
