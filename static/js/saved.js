// What draft.js kept of a form that was sent is forgotten if the page that follows says that it has arrived.
// What that page says of another form is left alone.
try {
  const key = sessionStorage.getItem("fiche:envoyee");
  sessionStorage.removeItem("fiche:envoyee");
  if (key && document.querySelector(".messagelist .success")) localStorage.removeItem(key);
} catch {
  // where nothing may be kept, nothing was
}
