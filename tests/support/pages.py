"""What is read of a public page."""

import re
from html import unescape
from html.parser import HTMLParser

from django.db import connection
from django.test.utils import CaptureQueriesContext

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """The elements of a page, in order: (name, attributes, text)."""

    def __init__(self, html: str):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(html)
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])
        if tag not in VOID:
            self._open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])

    def handle_endtag(self, tag):
        opened, _ = self._open.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}>"

    def handle_data(self, data):
        for _, at in self._open:
            self.elements[at][2] += data

    def all(self, *names, **attributes):
        return [
            (attrs, " ".join(text.split()))
            for tag, attrs, text in self.elements
            if (not names or tag in names)
            and all(attrs.get(name.replace("_", "-")) == value for name, value in attributes.items())
        ]

    def with_attribute(self, name: str):
        return [attrs for _, attrs, _ in self.elements if name in attrs]

    def text(self) -> str:
        ((_, text),) = self.all("body")
        return text.replace("\u00a0", " ").replace("\u202f", " ")


def cards(html: str) -> list[str]:
    return re.findall(r'data-initiative="([^"]+)"', html)


def total(html: str) -> int:
    (number,) = re.findall(r'data-total="(\d+)"', html)
    return int(number)


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


MARK = re.compile(
    r'<a href="([^"]*)"( class="epci")?><title>([^<]*)</title><circle cx="(-?\d+)" cy="(-?\d+)" r="([\d.]+)" /></a>'
)


def marks(html: str) -> list[tuple[str, bool, str, int, int, float]]:
    """Address, whether of an intercommunality, name, place and radius of each mark, in the order of drawing."""
    return [
        (unescape(url), bool(epci), unescape(name), int(x), int(y), float(radius))
        for url, epci, name, x, y, radius in MARK.findall(html)
    ]


def places(html: str) -> list[tuple[str, str, int]]:
    """Address, name and count of each line of the list."""
    rows = re.findall(r'<li><span><a href="([^"]*)">([^<]*)</a>.*?<b>([^<]*)<', html.partition('class="places"')[2])
    return [(unescape(url), unescape(name), int(count.replace("\u202f", ""))) for url, name, count in rows]


def own_count(html: str) -> int:
    """The number of entries that the page of a territory announces."""
    return int(re.search(r"<h2>(\d+)\s", html)[1])
