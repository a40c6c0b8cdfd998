"""What axe is asked, and what a keyboard shows."""

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# Without what axe would load a second time, for rules of media: there is none here.
RUN = "(rules) => axe.run({...rules, preload: false}).then(({violations}) => violations.map("
RUN += "({id, nodes}) => [id, ...nodes.map(({html, target}) => `${target} ${html.slice(0, 200)}`)]))"

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


def has_visible_focus(page) -> bool:
    """The element with the focus, or what it draws in its place, has an outline that is seen."""
    return page.evaluate("""() => {
        const seen = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        const at = document.activeElement;
        return seen(getComputedStyle(at)) || seen(getComputedStyle(at, "::after"))
            || at.closest("summary, label, fieldset") && seen(getComputedStyle(at.closest("summary, label, fieldset")));
    }""")
