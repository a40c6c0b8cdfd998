"""The territory, that a file tells in several columns: all their cells come by field name, as `parts`."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property

from import_export.widgets import Widget

from towns.gazetteer import Gazetteer, UnknownPlace, is_siren_of_town
from towns.models import Intercommunality, Territory, Town

from .cells import CellError, doubt, listed, plain, sign
from .headings import TERRITORY, key


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
            of_town = is_siren_of_town(said.get("siren", ""))
            names, codes = names[:2], codes if of_town else codes[:2]
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
            is_told = all(one in str(unknown) for one in meant)
            hint = "" if is_told else f" Peut-être {listed(meant)} ?"
            raise CellError(f"{unknown}{hint}", suggestions=suggestions or meant, part=part)

    def spread(self, value: Territory) -> dict[str, str]:
        return {"territoire_nom": value.full_name, "territoire_code": value.pk}

    def _kind(self, said: dict) -> type[Territory] | None:
        if not (read := said.get("territory_kind")):
            return None
        if (kind := self.KINDS.get(key(read))) and not sign(read):
            return kind
        raise CellError(f"{doubt(read, ())}Écrivez « commune » ou « intercommunalité ».", part="territory_kind")
