"""From what the database gives to what a column says: text, number, boolean, ISO date or list of texts."""

import json
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone

from initiatives.models import Tool
from initiatives.text.characters import UNWRITABLE
from towns.models import Territory


def clean(text: str) -> str:
    """The text with line feeds as only line ends, and without control characters."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


_decode = json.JSONDecoder().raw_decode


@lru_cache(maxsize=256)  # Several columns ask the same of one row, and many rows have none.
def child_rows(text: str | None) -> list[list]:
    """Rows of `initiatives.models.lists.children`, in the order of its first columns."""
    return sorted(_decode(text)[0]) if text else []


@lru_cache(maxsize=4096)
def names(text: str | None) -> tuple[str, ...]:
    """The names of themes or publics; entries share few combinations of them."""
    return tuple(clean(name) for _, _, name in child_rows(text))


def written_rows(form: str, parts: tuple[str, ...], text: str | None) -> list[str]:
    """The rows of a field, each as the form writes its parts: `form` is « {value} : {label} »."""
    return [clean(form.format(**dict(zip(parts, cells, strict=True)))) for _, *cells in child_rows(text)]


def open_source_names(text: str | None) -> list[str]:
    return [clean(name) for _, name, licence in child_rows(text) if licence == Tool.OpenSource.YES]


def is_open_source(uses: bool, said: str, text: str | None) -> bool | None:
    """Yes where the whole or one tool is; no where all are known not to be; otherwise nobody knows."""
    if uses:
        return True
    licences = {said, *(licence for _, _, licence in child_rows(text))} - {""}
    return False if licences == {Tool.OpenSource.NO} else None


def link_addresses(text: str | None) -> list[str]:
    # A bar would split the list; this is how an address writes one.
    return [clean(url).replace("|", "%7C") for _, _, url in child_rows(text)]


def link_labels(text: str | None) -> list[str]:
    return [clean(label) for _, label, _ in child_rows(text)]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def kind_of_territory(kind: str) -> str:
    return "intercommunalité" if kind else "ville"


@lru_cache(maxsize=4096)
def _name_of_epci(name: str, kind: str) -> str:
    return Territory(name=name, kind=kind).full_name


def full_name(name: str | None, kind: str | None) -> str | None:
    # There are too many communes to remember, and nothing to write out in their names.
    return _name_of_epci(name, kind) if kind else name


def epci_code(code: str, kind: str, parent: str | None) -> str | None:
    """SIREN of the EPCI of an entry: its own, or that of the one that its commune belongs to."""
    return code if kind else parent


def epci_name(own_name: str, own_kind: str, name: str | None, kind: str | None) -> str | None:
    """Name of the same EPCI."""
    return full_name(own_name, own_kind) if own_kind else full_name(name, kind)


def degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def survey(title: str, in_survey: bool) -> str:
    """Every entry is kept under a survey; only those that it cites may say that they belong to it."""
    return title if in_survey else ""


def day(moment: datetime | None) -> str | None:
    """The day where the catalogue is kept."""
    return moment.astimezone(timezone.get_default_timezone()).date().isoformat() if moment else None


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
