"""`make pictures`: the pictures of the guide, taken by the browser of the tests while it plays the afternoon.

Window, language, scale and colours are fixed; the day that they show is that of their making. Each is kept
as WebP, without loss where that is smaller, and `static/help/pictures.json` has its size on the page.
"""

import base64
import json
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import Browser, Page, sync_playwright

from tests.run import ROOT
from tests.support.afternoon import PEOPLE, Afternoon
from tests.support.browsers import ARGUMENTS, chromium, visit
from tests.support.servers import Installation, Server

FOLDER = ROOT / "static" / "help"
SIZES = FOLDER / "pictures.json"
WINDOW = {"width": 1100, "height": 800}
SCALE = 1.5
MARGIN = 16
# Nothing has the focus, and nothing speaks the language of this browser: a button and a format of dates are its own.
READY = """() => {
    document.activeElement?.blur();
    const style = new CSSStyleSheet();
    style.replaceSync("::file-selector-button { display: none } ::-webkit-datetime-edit { opacity: 0 }");
    document.adoptedStyleSheets = [style];
}"""
# A PNG as a data address becomes a WebP: quality 1 is without loss, where the picture is mostly flat.
TO_WEBP = """async ([png, quality]) => {
    const picture = new Image();
    picture.src = png;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


class Camera:
    """Called with a name, a page and the elements that a picture shows, from the first to the last of them."""

    def __init__(self, browser: Browser, folder: Path):
        self.darkroom = browser.new_context().new_page()
        self.folder, self.sizes = folder, {}

    def __call__(self, name: str, page: Page, *shown: str):
        page.wait_for_load_state()
        page.evaluate(READY)
        boxes = [page.locator(selector).bounding_box() for selector in shown]
        scrolled = page.evaluate("[scrollX, scrollY]")
        left, top = (min(box[at] for box in boxes) + scrolled[at == "y"] for at in "xy")
        right = max(box["x"] + box["width"] for box in boxes) + scrolled[0]
        bottom = max(box["y"] + box["height"] for box in boxes) + scrolled[1]
        x, y = max(0, left - MARGIN), max(0, top - MARGIN)
        width, height = min(right + MARGIN, WINDOW["width"]) - x, bottom + MARGIN - y
        clip = {"x": round(x), "y": round(y), "width": round(width), "height": round(height)}
        png = page.screenshot(full_page=True, clip=clip, caret="hide", animations="disabled")
        (self.folder / f"{name}.webp").write_bytes(min(map(self._webp, [png, png], [1, 0.7]), key=len))
        self.sizes[name] = [clip["width"], clip["height"]]

    def _webp(self, png: bytes, quality: float) -> bytes:
        address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
        return base64.b64decode(self.darkroom.evaluate(TO_WEBP, [address, quality]))


def take(browser: Browser, var: Path, folder: Path) -> dict[str, list[int]]:
    """Play the afternoon in this installation; the sizes of the pictures by their names."""
    camera = Camera(browser, folder)
    options = {"viewport": WINDOW, "device_scale_factor": SCALE, "timezone_id": "Europe/Paris", "color_scheme": "light"}
    with Server(var=var) as server:
        address = SimpleNamespace(url=f"http://127.0.0.1:{server.port}")
        with (
            visit(browser, address, **options) as editor,
            visit(browser, address, **options) as moderator,
            visit(browser, address, **options) as visitor,
        ):
            afternoon = Afternoon(editor=editor, moderator=moderator, visitor=visitor, folder=folder, look=camera)
            afternoon.play("Neuf cents visites la première année (réponse fictive).")
    return camera.sizes


def main():
    with tempfile.TemporaryDirectory(prefix="initiatives-") as directory, sync_playwright() as playwright:
        var, taken = Path(directory, "var"), Path(directory, "pictures")
        var.mkdir(), taken.mkdir()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        sizes = take(browser, Installation(var).copy(Path(directory, "played"), people=PEOPLE), taken)
        FOLDER.mkdir(exist_ok=True)
        for old in FOLDER.glob("*.webp"):
            old.unlink()
        for picture in taken.glob("*.webp"):
            shutil.copy(picture, FOLDER)
        SIZES.write_text(json.dumps(dict(sorted(sizes.items())), indent=2) + "\n")


if __name__ == "__main__":
    main()
