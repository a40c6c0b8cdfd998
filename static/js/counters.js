// Below each field with data-counter: how many characters it holds of those that it may.
for (const field of document.querySelectorAll("[data-counter]")) {
  const most = Number(field.dataset.counter);
  const note = document.createElement("span");
  note.className = "counter";
  note.setAttribute("aria-live", "off");
  field.after(note);
  const tell = () => {
    const left = most - field.value.length;
    note.textContent = left < 0 ? `${-left} de trop, sur ${most}` : `${field.value.length} sur ${most}`;
    note.classList.toggle("over", left < 0);
  };
  field.addEventListener("input", tell);
  tell();
}
