// The themes of the category that is chosen; the others are hidden, and not ticked.
for (const themes of document.querySelectorAll(".themes")) {
  const groups = themes.querySelectorAll("fieldset");
  const category = themes.closest("form").elements.namedItem("category");
  const show = () => {
    for (const group of groups) {
      const own = !category.value || group.dataset.category === category.value;
      group.hidden = !own;
      if (!own) for (const box of group.querySelectorAll("input")) box.checked = false;
    }
  };
  category?.addEventListener("change", show);
  if (category) show();
}
