// The rows of an import as a spreadsheet: cells are reached by arrows, typed in, and sent together to be checked.

const PAGE = 10;
const table = document.querySelector(".sheet table");
const form = document.getElementById("cellules");
const edits = new Map();
const undone = [];
let active = null;
let editor = null;
let sent = false;

const rows = () => [...table.tBodies[0].rows];
const place = (cell) => [rows().indexOf(cell.parentElement), cell.cellIndex];
const at = (row, column) => rows()[row]?.cells[column];
const key = (cell) => JSON.stringify([cell.parentElement.dataset.row, cell.dataset.cell]);
const stored = (cell) => cell.dataset.typed ?? cell.querySelector("[data-value]")?.dataset.value ?? "";
const textOf = (cell) => edits.get(key(cell)) ?? stored(cell);
const isEditable = (cell) => cell.dataset.cell !== undefined && cell.parentElement.dataset.state !== "aside";
const counted = (count) => `${count} ${count > 1 ? "modifications" : "modification"}`;

// What is typed

const bar = Object.assign(document.createElement("p"), { className: "together edits", hidden: true });
const send = Object.assign(document.createElement("button"), { className: "default" });
const told = Object.assign(document.createElement("span"), { className: "visually-hidden" });
told.setAttribute("role", "status");
bar.append(send);

const show = (cell) => {
  cell.querySelector("ins")?.remove();
  const text = edits.get(key(cell));
  cell.classList.toggle("edited", text !== undefined);
  if (text !== undefined) cell.prepend(Object.assign(document.createElement("ins"), { textContent: text || "(vidée)" }));
  bar.hidden = edits.size === 0;
  send.textContent = `Vérifier les valeurs saisies (${counted(edits.size)})`;
  told.textContent = edits.size ? `${counted(edits.size)} à vérifier` : "";
};

const keep = (cell, text) => {
  if (text === undefined || text === stored(cell)) edits.delete(key(cell));
  else edits.set(key(cell), text);
  show(cell);
};

// Several cells at once are one act, as one paste is.
const write = (changes) => {
  const real = changes.filter(([cell, text]) => isEditable(cell) && text !== textOf(cell));
  if (!real.length) return;
  undone.push(real.map(([cell]) => [cell, edits.get(key(cell))]));
  for (const [cell, text] of real) keep(cell, text);
};

const undo = () => {
  const last = undone.pop() ?? [];
  for (const [cell, text] of last) keep(cell, text);
  if (last.length) go(last[0][0]);
};

// Where one is

const go = (cell) => {
  if (!cell) return;
  active?.removeAttribute("tabindex");
  active = cell;
  active.tabIndex = 0;
  active.focus();
};

const move = (down, right) => {
  const [row, column] = place(active);
  const last = [rows().length - 1, active.parentElement.cells.length - 1];
  go(at(Math.min(Math.max(row + down, 0), last[0]), Math.min(Math.max(column + right, 0), last[1])));
};

const close = (isKept) => {
  if (!editor) return;
  const { value, parentElement: cell } = editor;
  const closed = editor;
  editor = null;
  closed.remove();
  if (isKept) write([[cell, value]]);
};

const open = (text) => {
  if (!isEditable(active)) return;
  editor = document.createElement("textarea");
  editor.value = text;
  const heading = table.tHead.rows[0].cells[active.cellIndex].firstChild.textContent.trim();
  editor.setAttribute("aria-label", `Ligne ${active.parentElement.dataset.row}, ${heading}`);
  editor.addEventListener("blur", () => close(true));
  active.append(editor);
  editor.focus();
};

const ALL = Infinity;
const MOVES = {
  ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
  PageDown: [PAGE, 0], PageUp: [-PAGE, 0], Home: [0, -ALL], End: [0, ALL],
};
const FAR = {
  ArrowDown: [ALL, 0], ArrowUp: [-ALL, 0], ArrowRight: [0, ALL], ArrowLeft: [0, -ALL],
  Home: [-ALL, -ALL], End: [ALL, ALL],
};

const onEditor = (event) => {
  if (event.isComposing) return;
  const cell = active;
  const moves = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
  if (event.key === "Escape") close(false);
  else if (!moves[event.key] || (event.key === "Enter" && event.altKey)) return;
  else close(true);
  event.preventDefault();
  go(cell);
  if (moves[event.key]) move(...moves[event.key]);
};

table.addEventListener("keydown", (event) => {
  if (editor) return onEditor(event);
  if (!active || event.altKey) return;
  const isFar = event.ctrlKey || event.metaKey;
  const step = (isFar ? FAR : MOVES)[event.key];
  if (step) move(...step);
  else if (isFar && event.key.toLowerCase() === "z") undo();
  else if (isFar) return;
  else if (event.key === "Enter" && !active.dataset.cell) return active.querySelector("a").click();
  else if (event.key === "Enter" || event.key === "F2") open(textOf(active));
  else if (event.key === "Delete" || event.key === "Backspace") write([[active, ""]]);
  // The key itself arrives in the empty box, whatever accent it begins.
  else if (event.key.length === 1 || event.key === "Dead" || event.key === "Process") return open("");
  else return;
  event.preventDefault();
});

table.addEventListener("mousedown", ({ target }) => {
  const cell = target.closest("tbody :is(td, th)");
  if (cell && !target.closest("a, textarea")) setTimeout(() => go(cell));
});
table.addEventListener("dblclick", () => { if (!editor && active) open(textOf(active)); });

// What another spreadsheet gives: cells between tabs, in quotes where they hold a line end.
const cellsIn = (text) => {
  const lines = [[]];
  for (const [, quoted, bare, end] of `${text.replace(/\r?\n$/, "")}\n`.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\r\n])|([^\t\r\n]*))(\t|\r?\n)/g)) {
    lines.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end !== "\t") lines.push([]);
  }
  return lines.slice(0, -1);
};

document.addEventListener("paste", (event) => {
  if (editor || document.activeElement !== active || !active) return;
  const [row, column] = place(active);
  const pasted = cellsIn(event.clipboardData.getData("text/plain"));
  const changes = pasted.flatMap((line, down) => line.map((text, right) => [at(row + down, column + right), text]));
  write(changes.filter(([cell]) => cell));
  event.preventDefault();
});
document.addEventListener("copy", (event) => {
  if (editor || document.activeElement !== active || !active?.dataset.cell) return;
  event.clipboardData.setData("text/plain", textOf(active));
  event.preventDefault();
});

// What is sent

document.addEventListener("submit", ({ target }) => {
  if (new URL(target.action).pathname !== new URL(form.action).pathname) return;
  const said = {};
  for (const [name, text] of edits) {
    const [line, field] = JSON.parse(name);
    said[line] = { ...said[line], [field]: text };
  }
  target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "cellules", value: JSON.stringify(said) }));
  if (target === form && active) form.action += `#${active.parentElement.id}`;
  sent = true;
});
addEventListener("beforeunload", (event) => {
  close(true);
  if (edits.size && !sent) event.preventDefault();
});

table.setAttribute("role", "grid");
table.parentElement.removeAttribute("tabindex");
for (const link of table.tBodies[0].querySelectorAll("a")) link.tabIndex = -1;
const help = Object.assign(document.createElement("p"), {
  className: "help",
  id: "clavier",
  textContent: "Flèches pour se déplacer, Entrée ou F2 pour modifier une cellule, Échap pour renoncer, Ctrl+Z pour revenir en arrière.",
});
table.setAttribute("aria-describedby", help.id);
form.append(help, bar, told);
const back = location.hash.startsWith("#ligne-") && document.getElementById(location.hash.slice(1));
active = back ? back.cells[1] : at(0, 1);
if (active) active.tabIndex = 0;
// The browser goes to the row, which takes the focus away, when all has loaded.
if (back) addEventListener("load", () => setTimeout(() => go(active)));
