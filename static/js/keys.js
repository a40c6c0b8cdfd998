// What only a key can do is shown where the browser can ask for one, and a refusal is said in French.
document.addEventListener("DOMContentLoaded", () => {
  const forms = document.querySelectorAll(".with-key");
  if (!window.PublicKeyCredential) {
    forms.forEach((form) => form.insertAdjacentHTML("beforebegin", "<p>Ce navigateur ne sait pas utiliser de clé.</p>"));
    return;
  }
  forms.forEach((form) => { form.hidden = false; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const form = forms[0];
    let said = form.querySelector("[role=alert]");
    if (!said) {
      said = document.createElement("div");
      said.className = "errors";
      said.setAttribute("role", "alert");
      form.prepend(said);
    }
    const known = event.detail.exception && event.detail.exception.name === "InvalidStateError";
    said.textContent = known
      ? "Cette clé est déjà enregistrée sur votre compte."
      : "La clé n’a pas répondu, ou la demande a été annulée. Réessayez, ou utilisez un autre moyen.";
  });
});
