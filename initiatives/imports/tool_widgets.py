"""Cells that tell the tools of an initiative, and whether these or the whole are free software."""

from import_export.widgets import Widget

from initiatives.exports.columns import SEPARATOR
from initiatives.models import Initiative, Tool

from .cells import CellError, clipped, doubt, items, plain
from .headings import key
from .record_widgets import checked
from .widgets import yes_or_no

UNKNOWN = {"unknown", "inconnu", "nesaitpas", "nsp"}


def said_of_licence(cell, part: str) -> str:
    """« yes », « no », or nothing where the cell says that nobody knows."""
    written = plain(cell)
    if not written or key(written) in UNKNOWN:
        return ""
    if (said := yes_or_no(written)) is None:
        raise CellError(
            f"{doubt(written, ())}Écrivez oui, non ou « ne sait pas ».",
            suggestions=["oui", "non", "ne sait pas"],
            part=part,
        )
    return Tool.OpenSource.YES if said else Tool.OpenSource.NO


class ToolsWidget(Widget):
    """The names of tools, and whether they are free software.

    « Outils libres » names those that are; without it, « Logiciel libre » says it of all the tools of
    the row; that of a row without tools is of the whole. Where neither says anything, what is known of a tool stays.
    """

    PARTS = ("tools", "open_source_tools", "tools_open_source")
    LONGEST = 120

    def clean(self, value, row=None, *, parts: dict, stored: tuple | None, **kwargs) -> tuple:
        known = dict(stored or ())
        names = items(parts["tools"], commas=True) if "tools" in parts else list(known)
        said, free = said_of_licence(parts.get("tools_open_source"), "tools_open_source") if names else "", None
        if too_long := [name for name in names if len(name) > self.LONGEST]:
            raise CellError(f"« {clipped(too_long[0])} » dépasse {self.LONGEST} caractères.", part="tools")
        if "open_source_tools" in parts:
            listed_free = items(parts["open_source_tools"], commas=True)
            if doubtful := next(filter(None, (doubt(name, names) for name in listed_free)), ""):
                raise CellError(doubtful.strip(), part="open_source_tools")
            free = {key(name) for name in listed_free}
            if free - {key(name) for name in names}:
                raise CellError("Nommez aussi ces outils dans la colonne « Outils ».", part="open_source_tools")
        once = {}
        for name in names:
            once.setdefault(name.casefold(), name)
        return checked("tools", [(name, self._licence(name, said, free, known.get(name))) for name in once.values()])

    @staticmethod
    def _licence(name: str, said: str, free: set | None, known: str | None) -> str:
        if free is None:
            return said or known or Tool.OpenSource.UNKNOWN
        if key(name) in free:
            return Tool.OpenSource.YES
        return Tool.OpenSource.NO if Tool.OpenSource.NO in (said, known) else Tool.OpenSource.UNKNOWN

    def render(self, value, obj=None, **kwargs) -> str:
        libre = {Tool.OpenSource.YES: " (libre)", Tool.OpenSource.NO: " (non libre)"}
        return SEPARATOR.join(f"{name}{libre.get(licence, '')}" for name, licence in value or ())

    def spread(self, value: tuple) -> dict[str, str]:
        free = [name for name, licence in value if licence == Tool.OpenSource.YES]
        return {"outils": SEPARATOR.join(name for name, _ in value), "outils_libres": SEPARATOR.join(free)}


class OpenSourceWidget(Widget):
    """Whether the whole is free software: « Logiciel libre » of a row without tools says it too."""

    PARTS = ("open_source", "tools_open_source")

    def clean(self, value, row=None, *, parts: dict, values: dict, stored: str | None, **kwargs) -> str:
        if "open_source" in parts:
            return said_of_licence(parts["open_source"], "open_source")
        # Of the tools, or a fault that is told with them.
        if values.get("tools", True):
            return stored or ""
        return said_of_licence(parts["tools_open_source"], "tools_open_source")

    def render(self, value, obj=None, **kwargs) -> str:
        return Initiative.OpenSource(value).label if value else ""
