"""Cells that give web addresses: one, or several with their labels."""

import re
from collections.abc import Iterator
from textwrap import shorten
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.exports.columns import SEPARATOR
from initiatives.models.web_address import web_address, with_plain_scheme

from .cells import CellError, clipped, is_nothing, items, one_line, text
from .readers.linked_cells import LinkedCell
from .record_widgets import checked

ADDRESS = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)
# « www.beauvais.fr », « beauvais.fr/projet »: what a browser takes for an address, at its usual endings.
BARE = re.compile(
    r"(?<![\w@/.:-])(?:www\.[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}"
    r"|(?:[a-z0-9-]{1,63}\.){1,5}(?:fr|com|org|net|eu|info|io|app|bzh|paris|corsica|re|nc|pf|be|ch|lu))(?![\w@.-])(?:/[^\s<>|]*)?",
    re.IGNORECASE,
)
MAIL = re.compile(r"mailto:|^[^\s@/]{1,64}@[^\s@/]+$", re.IGNORECASE)
# What stands around an address in a text, and what only joins two of them.
AROUND = " \t\n:;,.<>()[]\"'«»“”–—-"
JOINING = re.compile(r"^(?:et|puis|ou|and|&|\+)(?:\s+|$)", re.IGNORECASE)
WHOLE = "Écrivez une adresse complète, qui commence par http:// ou https://."


def _trimmed(address: str) -> str:
    """An address without the punctuation of the text behind it; a bracket that it opens itself is its own."""
    trimmed = address.rstrip(".,;:!?'”’")
    return _trimmed(trimmed[:-1]) if trimmed.endswith(")") and "(" not in trimmed else trimmed


def refuse(read: str, message: str):
    """Refuse a text that gives no address; one without its scheme is proposed with it."""
    if MAIL.search(read):
        raise CellError("C’est l’adresse d’un courriel, non celle d’une page.")
    completed = BARE.sub(r"https://\g<0>", read[:1000])
    raise CellError(message, suggestions=[completed] if completed != read[:1000] else [])


def source_address(cell, _heading: str = "") -> str:
    """The address that a cell leads to or is, where a title is expected."""
    if isinstance(cell, LinkedCell):
        return with_plain_scheme(cell.addresses[0])
    read = one_line(cell)
    return with_plain_scheme(read) if ADDRESS.fullmatch(read) else ""


class AddressWidget(Widget):
    """The address of a page. Its scheme counts in lower case only: « Http:// » is what phones write."""

    def clean(self, value, row=None, **kwargs) -> str:
        read = one_line(value)
        found = value.addresses if isinstance(value, LinkedCell) else [_trimmed(one) for one in ADDRESS.findall(read)]
        if not read and not found:
            return ""
        if not found:
            refuse(read, WHOLE)
        if len(found) > 1 or not (isinstance(value, LinkedCell) or read.strip(AROUND) == found[0].strip(AROUND)):
            raise CellError("Écrivez l’adresse d’une page, seule.", suggestions=dict.fromkeys(found[:5]))
        return with_plain_scheme(found[0])


class LinksWidget(Widget):
    """Up to five web addresses, each with its label before it: « Le projet : https://… »."""

    PARTS = ("links", "link_labels")
    LONGEST, LONGEST_LABEL = 500, 120

    def clean(self, value, row=None, *, parts: dict, stored: tuple | None, **kwargs) -> tuple:
        if "links" not in parts:
            return stored or ()
        found = list(self._addresses(parts["links"]))
        labels = items(parts.get("link_labels"))
        if labels and len(labels) != len(found):
            raise CellError(f"Il y a {len(found)} liens et {len(labels)} intitulés.", part="link_labels")
        if any(len(label) > self.LONGEST_LABEL for label in labels):
            raise CellError(f"Un intitulé dépasse {self.LONGEST_LABEL} caractères.", part="link_labels")
        named = zip(labels, found, strict=True) if labels else [(None, one) for one in found]
        return checked("links", dict.fromkeys((label or before, url) for label, (before, url) in named))

    def _addresses(self, cell) -> Iterator[tuple[str, str]]:
        read = text(cell)
        if isinstance(cell, LinkedCell):
            label = shorten(read, self.LONGEST_LABEL, placeholder="…")
            yield from (self._link(label, url) for url in cell.addresses)
            return
        for part in re.split(r"[|\n]", read):
            end = 0
            for found in ADDRESS.finditer(part):
                label = part[end : found.start()].strip(AROUND)
                yield self._link(JOINING.sub("", label) if end else label, _trimmed(found[0]))
                end = found.start() + len(_trimmed(found[0]))
            if (rest := part[end:].strip(AROUND)) and not is_nothing(part[end:].strip()):
                which = f" : « {clipped(rest)} » n’en est pas une" if end else ""
                refuse(read, f"Écrivez des adresses complètes, qui commencent par http:// ou https://{which}.")

    def _link(self, label: str, url: str) -> tuple[str, str]:
        url = with_plain_scheme(url)
        try:
            web_address(url)
            host = urlsplit(url).netloc
        except (ValidationError, ValueError):
            raise CellError(f"« {clipped(url)} » n’est pas une adresse web.")
        if len(url) > self.LONGEST or len(label) > self.LONGEST_LABEL:
            raise CellError("Une adresse a 500 caractères au plus, son intitulé 120.")
        return label or host.removeprefix("www.")[: self.LONGEST_LABEL], url

    def render(self, value, obj=None, **kwargs) -> str:
        return SEPARATOR.join(f"{label} : {url}" for label, url in value or ())

    def spread(self, value: tuple) -> dict[str, str]:
        labels, addresses = zip(*value, strict=True)
        return {"liens": SEPARATOR.join(addresses), "liens_intitules": SEPARATOR.join(labels)}
