// The map, enhanced: zoom by buttons and keys, a label under the pointer and the focus, and the list beside
// that shows its marks. Without this file every mark is a link with its name, and the list says the same.

const MOST = 8;
const STEP = 1.6;
const SHIFT = 0.2; // of what is seen, at each arrow key

class Atlas {
  constructor(figure) {
    this.figure = figure;
    this.svg = figure.querySelector(".mainland");
    const { width, height } = this.svg.viewBox.baseVal;
    this.whole = { width, height };
    this.zoom = 1;
    this.centre = { x: width / 2, y: height / 2 };
    this.name();
    this.control();
    // Around the drawing: an SVG that listens to the focus takes it in Chromium, as a stop that does nothing.
    const ground = this.svg.parentNode;
    ground.addEventListener("keydown", (event) => this.key(event));
    ground.addEventListener("focusin", ({ target }) => this.reveal(target.closest("svg a")));
    this.drag();
  }

  // Names become labels of ours: the browser's own wait a second, and never show for the keyboard.
  name() {
    this.label = document.createElement("div");
    this.label.className = "label";
    this.label.hidden = true;
    this.label.setAttribute("aria-hidden", "true");
    this.figure.append(this.label);
    for (const title of this.figure.querySelectorAll("svg a > title")) {
      title.parentNode.setAttribute("aria-label", title.textContent);
      title.remove();
    }
    const marks = (event) => event.target.closest?.("svg a");
    for (const [type, shown] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
      this.figure.addEventListener(type, (event) => marks(event) && this.show(shown ? marks(event) : null));
    }
    this.figure.addEventListener("keydown", ({ key }) => key === "Escape" && this.show(null));
    // A place of the list shows where it is.
    const list = this.figure.parentNode.querySelector(".places");
    const twin = (event) => {
      const link = event.target.closest("li")?.querySelector("a");
      return link && [...this.figure.querySelectorAll("svg a")].find((mark) => mark.href.baseVal === link.getAttribute("href"));
    };
    for (const [type, shown] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
      list?.addEventListener(type, (event) => {
        const mark = twin(event);
        if (!mark) return;
        mark.classList.toggle("named", shown);
        this.show(shown ? mark : null);
      });
    }
  }

  show(mark) {
    this.marked = mark;
    this.label.hidden = !mark;
    if (!mark) return;
    this.label.textContent = mark.getAttribute("aria-label");
    const box = this.figure.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    const svg = mark.ownerSVGElement.getBoundingClientRect();
    // A mark that the zoom has left outside has nothing to be labelled.
    if (at.right < svg.left || at.left > svg.right || at.bottom < svg.top || at.top > svg.bottom) {
      this.label.hidden = true;
      return;
    }
    const { width, height } = this.label.getBoundingClientRect();
    const left = Math.max(0, Math.min(at.left + at.width / 2 - width / 2 - box.left, box.width - width));
    const above = at.top - box.top - height - 8;
    this.label.style.left = `${left}px`;
    this.label.style.top = `${above >= 0 ? above : at.bottom - box.top + 8}px`;
  }

  control() {
    const group = document.createElement("div");
    group.className = "zoom";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Agrandissement de la carte");
    const button = (sign, name, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = sign;
      made.setAttribute("aria-label", name);
      made.title = name;
      made.addEventListener("click", act);
      group.append(made);
      return made;
    };
    this.nearer = button("+", "Agrandir", () => this.scale(STEP));
    this.farther = button("−", "Réduire", () => this.scale(1 / STEP));
    this.all = button("⤢", "Toute la carte", () => this.scale(0));
    this.svg.before(group);
    this.draw();
  }

  scale(by) {
    this.zoom = Math.min(MOST, Math.max(1, this.zoom * by));
    if (this.zoom < 1.05) this.zoom = 1;
    this.draw();
  }

  move(right, down) {
    this.centre.x += (right * this.whole.width) / this.zoom;
    this.centre.y += (down * this.whole.height) / this.zoom;
    this.draw();
  }

  draw() {
    const width = this.whole.width / this.zoom;
    const height = this.whole.height / this.zoom;
    const within = (at, size, all) => Math.max(size / 2, Math.min(at, all - size / 2));
    this.centre.x = within(this.centre.x, width, this.whole.width);
    this.centre.y = within(this.centre.y, height, this.whole.height);
    this.svg.setAttribute("viewBox", [this.centre.x - width / 2, this.centre.y - height / 2, width, height].join(" "));
    // Marks grow less than the map: what lay on one another comes apart.
    this.svg.style.setProperty("--zoom", this.zoom ** 0.75);
    this.svg.classList.toggle("zoomed", this.zoom > 1);
    // A disabled button would lose the focus.
    for (const [button, off] of [[this.nearer, this.zoom >= MOST], [this.farther, this.zoom <= 1], [this.all, this.zoom <= 1]]) {
      button.setAttribute("aria-disabled", String(off));
    }
    this.show(this.marked);
  }

  key(event) {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const zooms = { "+": STEP, "=": STEP, "-": 1 / STEP, 0: 0 };
    const moves = { ArrowLeft: [-SHIFT, 0], ArrowRight: [SHIFT, 0], ArrowUp: [0, -SHIFT], ArrowDown: [0, SHIFT] };
    if (key in zooms) {
      // Nearer to the mark that has the focus.
      const mark = event.target.closest("svg a");
      if (zooms[key] > 1 && mark) this.centre = this.middle(mark);
      this.scale(zooms[key]);
    } else if (key in moves && this.zoom > 1) {
      this.move(...moves[key]);
    } else {
      return;
    }
    event.preventDefault();
  }

  middle(mark) {
    const { x, y, width, height } = mark.getBBox();
    return { x: x + width / 2, y: y + height / 2 };
  }

  // Tab may reach a mark that the zoom has left outside: the map follows.
  reveal(mark) {
    if (!mark || this.zoom === 1) return;
    const { x, y } = this.middle(mark);
    const seen = this.svg.viewBox.baseVal;
    if (x < seen.x || y < seen.y || x > seen.x + seen.width || y > seen.y + seen.height) {
      this.centre = { x, y };
      this.draw();
    }
  }

  // A mouse drags the enlarged map; a click on its ground, or a tap, moves there. The wheel and the finger scroll the page.
  drag() {
    let from = null;
    let moved = false;
    this.svg.addEventListener("pointerdown", (event) => {
      moved = false;
      if (this.zoom > 1 && event.pointerType === "mouse" && event.button === 0) from = [event.clientX, event.clientY];
    });
    addEventListener("pointermove", (event) => {
      if (!from) return;
      const box = this.svg.getBoundingClientRect();
      const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
      if (!moved && Math.hypot(x, y) < 4) return;
      moved = true;
      from = [event.clientX, event.clientY];
      this.move(-x / box.width, -y / box.height);
    });
    addEventListener("pointerup", () => { from = null; });
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
    this.svg.addEventListener("click", (event) => {
      if (moved) event.preventDefault();
      else if (this.zoom > 1 && !event.target.closest("a")) {
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
        this.centre = { x: point.x, y: point.y };
        this.draw();
      }
    }, true);
  }
}

const begin = () => {
  const figure = document.querySelector(".map:not([data-atlas])");
  if (!figure) return;
  figure.dataset.atlas = "";
  new Atlas(figure);
};
begin();
// The filters bring another map.
document.addEventListener("htmx:afterSwap", begin);
