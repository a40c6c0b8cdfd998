"""What a file tells in several columns: the territory, the links and their labels.

These widgets receive all the cells that speak of their subject, by field name, as `parts`.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.exports.columns import SEPARATOR
from initiatives.models.web_address import web_address
from towns.gazetteer import Gazetteer, UnknownPlace
from towns.models import Intercommunality, Territory, Town

from .cells import CellError, clipped, doubt, items, listed, plain, sign, text
from .headings import TERRITORY, key
from .record_widgets import checked
from .widgets import AddressWidget


class TerritoryWidget(Widget):
    """A commune or an EPCI: by INSEE code or SIREN, else by name and département.

    A file of communes often says their EPCI too, and a SIREN may be the commune's own: the commune
    counts first, unless the file says that the entry is of an EPCI.
    """

    PARTS = (*TERRITORY, "territory_kind", "department_code", "department", "postal_code")
    KINDS = {
        **dict.fromkeys("commune ville town municipalite mairie".split(), Town),
        **dict.fromkeys(
            "intercommunalite intercommunality epci agglomeration metropole ca cc cu".split(), Intercommunality
        ),
        **{key(kind.label): Intercommunality for kind in Intercommunality.Kind},
    }
    NAMES = ("town_name", "territory_name", "intercommunality_name")
    CODES = ("insee_code", "territory_code", "siren")
    LONGEST = 200

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer()

    def read_ahead(self, rows: Iterable[dict]):
        """Read together the territories that many rows name; each row is its cells by part."""
        codes, names = set(), set()
        for row in rows:
            for part, cell in row.items():
                with suppress(CellError):  # told with its row
                    if part in self.CODES:
                        codes.add(plain(cell)[: self.LONGEST])
                    elif part in self.NAMES:
                        names.add(plain(cell)[: self.LONGEST])
        self.gazetteer.read(codes=codes, names=names)

    def clean(self, value, row=None, *, parts: dict, **kwargs) -> Territory:
        said = {part: read for part, cell in parts.items() if (read := plain(cell))}
        for part, read in said.items():
            if len(read) > self.LONGEST:
                raise CellError("Ce texte est trop long pour nommer une collectivité.", part=part)
        kind = self._kind(said)
        names, codes = self.NAMES, self.CODES
        if kind is Intercommunality:
            names, codes = names[:0:-1], codes[:0:-1]
        elif kind is Town or "town_name" in said:
            names, codes = names[:2], codes[:2]
        code = next((part for part in codes if part in said), "")
        name = next((part for part in names if part in said), "")
        department = next((part for part in ("department_code", "department") if part in said), "")
        if not kind and name == "intercommunality_name":
            kind = Intercommunality if not code else None
        try:
            return self.gazetteer.find(
                code=said.get(code, ""),
                name=said.get(name, ""),
                department=said.get(department, ""),
                postal_code=said.get("postal_code", ""),
                kind=kind or (Town if name == "town_name" else None),
            )
        except UnknownPlace as unknown:
            part = {"code": code, "name": name, "department": department}[unknown.about]
            meant, suggestions = [str(one) for one in unknown.candidates], None
            if unknown.about == "code":
                # The cell of a code takes no name: what is put there is named beside.
                suggestions = [one.pk for one in unknown.candidates]
                meant = [f"{name}, {code}" for name, code in zip(meant, suggestions, strict=True)]
            hint = f" Peut-être {listed(meant)} ?" if meant else ""
            raise CellError(f"{unknown}{hint}", suggestions=suggestions or meant, part=part)

    def spread(self, value: Territory) -> dict[str, str]:
        return {"territoire_nom": value.name, "territoire_code": value.pk}

    def _kind(self, said: dict) -> type[Territory] | None:
        if not (read := said.get("territory_kind")):
            return None
        if (kind := self.KINDS.get(key(read))) and not sign(read):
            return kind
        raise CellError(f"{doubt(read, ())}Écrivez « commune » ou « intercommunalité ».", part="territory_kind")


class LinksWidget(Widget):
    """Up to five web addresses, each with its label before it: « Le projet : https://… »."""

    PARTS = ("links", "link_labels")
    ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)

    def clean(self, value, row=None, *, parts: dict, stored: tuple | None, **kwargs) -> tuple:
        if "links" not in parts:
            return stored or ()
        found = list(self._addresses(text(parts["links"])))
        labels = items(parts.get("link_labels"))
        if labels and len(labels) != len(found):
            raise CellError(f"Il y a {len(found)} liens et {len(labels)} intitulés.", part="link_labels")
        if any(len(label) > 120 for label in labels):
            raise CellError("Un intitulé dépasse 120 caractères.", part="link_labels")
        named = zip(labels, found, strict=True) if labels else [(None, one) for one in found]
        return checked("links", dict.fromkeys((label or before, url) for label, (before, url) in named))

    def _addresses(self, read: str) -> Iterator[tuple[str, str]]:
        for part in filter(str.strip, re.split(r"[|\n]", read)):
            end = 0
            for found in self.ADDRESS.finditer(part):
                label, url = part[end : found.start()].strip(" :;,–—-"), AddressWidget().clean(found[0].rstrip(";,"))
                end = found.end()
                try:
                    web_address(url)
                    host = urlsplit(url).netloc
                except (ValidationError, ValueError):
                    raise CellError(f"« {clipped(url)} » n’est pas une adresse web.")
                if len(url) > 500 or len(label) > 120:
                    raise CellError("Une adresse a 500 caractères au plus, son intitulé 120.")
                yield label or host.removeprefix("www.")[:120], url
            if part[end:].strip(" .;,"):
                raise CellError("Écrivez des adresses complètes, qui commencent par http:// ou https://.")

    def render(self, value, obj=None, **kwargs) -> str:
        return SEPARATOR.join(f"{label} : {url}" for label, url in value or ())

    def spread(self, value: tuple) -> dict[str, str]:
        labels, addresses = zip(*value, strict=True)
        return {"liens": SEPARATOR.join(addresses), "liens_intitules": SEPARATOR.join(labels)}
