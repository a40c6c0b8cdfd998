// A row more in a table of inputs whenever the last one is begun, up to data-most.
for (const table of document.querySelectorAll("table[data-most]")) {
  const { rows } = table.tBodies[0];
  const most = Number(table.dataset.most);
  table.addEventListener("input", () => {
    const last = rows[rows.length - 1];
    if (rows.length >= most || !last.querySelector("input")?.value) return;
    const next = last.cloneNode(true);
    const renumber = (text, step) => text.replace(step, (whole, before, at, after) => `${before}${Number(at) + 1}${after}`);
    for (const field of next.querySelectorAll("input, select")) {
      field.name = renumber(field.name, /^(.+-)(\d+)(-\d+)$/);
      field.id = renumber(field.id, /^(.+_)(\d+)(_\d+)$/);
      field.setAttribute("aria-label", renumber(field.getAttribute("aria-label"), /^(.*ligne )(\d+)()$/));
      if (field.tagName === "INPUT") field.value = "";
    }
    table.tBodies[0].append(next);
  });
}
