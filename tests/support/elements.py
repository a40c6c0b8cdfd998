"""The elements of a page as a tree."""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

from .pages import VOID


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.builder = TreeBuilder()

    def handle_starttag(self, tag, attrs):
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag):
        self.builder.end(tag)

    def handle_data(self, data):
        self.builder.data(data)


def tree(html: str) -> Element:
    reader = _Reader()
    reader.feed(html.partition("<html")[1] + html.partition("<html")[2])
    return reader.builder.close()


def of_class(element: Element, name: str) -> Element:
    """The one element below that has a class."""
    (found,) = (one for one in element.iter() if name in one.get("class", "").split())
    return found


def text_of(element: Element) -> str:
    """Its text on one line, with ordinary blanks."""
    return " ".join("".join(element.itertext()).replace("\xa0", " ").replace("\u202f", " ").split())


def form_values(form: Element) -> dict[str, str]:
    """What a browser sends of the form as it is, by no button."""
    typed = {one.get("name"): one.get("value", "") for one in form.iter("input")}
    areas = {one.get("name"): (one.text or "").removeprefix("\n") for one in form.iter("textarea")}
    return typed | areas
