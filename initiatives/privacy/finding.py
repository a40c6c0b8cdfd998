"""A person, by name or by address, and everywhere that the catalogue wrote them down.

What was typed is compared as the search compares words: without accents and case. Databases cannot,
so that the values are read; this is asked for a few times a year.
"""

import html
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO

from initiatives.imports.readers import binary
from initiatives.imports.readers.encodings import encoding_of
from initiatives.imports.readers.errors import UnreadableFile
from initiatives.imports.readers.formats import kind_of
from initiatives.models import ImportBatch, ImportDecision, ImportFile, ImportRow, Initiative, OutgoingMail, Revision
from initiatives.models.declarants import NOTES
from initiatives.models.initiative import declared
from towns.names import fold, words

# The ends of the cells of a workbook, and of the lines of a CSV: what stands between says one thing.
ENDS = re.compile(r"<[^>]*>|[\r\n]+")


@dataclass(frozen=True)
class Person:
    """A person as typed: an address if there is an @ in it, otherwise the words of a name in any order."""

    typed: str

    @property
    def words(self) -> list[str]:
        return words(self.typed).split()

    @property
    def address(self) -> str:
        return fold(self.typed.strip()) if "@" in self.typed else ""

    def is_in(self, text: str) -> bool:
        if self.address:
            return self.address in fold(text)
        return set(self.words) <= set(words(text).split())

    def is_called(self, name: str, address: str) -> bool:
        """Whether the name has the words, or the address what was typed of one."""
        return self.is_in(address if self.address else name)

    def is_exactly(self, name: str, address: str) -> bool:
        """Whether it is all of the name, or the address: somebody else of that name is another matter."""
        return self.address == fold(address) if self.address else sorted(self.words) == sorted(words(name).split())


@dataclass
class FoundEntry:
    """An entry that names the person, now or in its past; one that was deleted has no `entry` any more."""

    pk: int
    title: str
    entry: Initiative | None = None
    # As whom: (name, address). Nothing where only a note of the desk speaks of the person.
    named: set[tuple[str, str]] = field(default_factory=set)
    versions: int = 0
    is_certain: bool = False


@dataclass(frozen=True)
class Found:
    """Occurrences of a person: what erasing would touch, and what only a person can correct."""

    entries: list[FoundEntry]
    mails: list[OutgoingMail]
    batches: list[ImportBatch]

    def __bool__(self):
        return bool(self.entries or self.mails or self.batches)


def find(person: Person) -> Found:
    return Found(_entries(person), _mails(person), _batches(person))


def of_entry(entry: Initiative) -> Found:
    """Occurrences of the declarant of one entry, whoever that is."""
    found = FoundEntry(entry.pk, entry.title, entry, is_certain=True)
    found.named = {(entry.declarant_name, entry.declarant_email)} if entry.names_a_declarant else set()
    found.versions = Initiative.history.filter(id=entry.pk).count()
    mails = OutgoingMail.objects.filter(initiative=entry).order_by("pk")
    batches = ImportBatch.objects.personal().filter(rows__initiative=entry).distinct().order_by("pk")
    return Found([found], list(mails), list(batches))


def _entries(person: Person) -> list[FoundEntry]:
    named, titles = defaultdict(set), {}
    for rows, key in ((Initiative.history.order_by("history_id"), "id"), (Initiative.objects.order_by("pk"), "pk")):
        said = rows.filter(declared()).values_list(key, "title", "declarant_name", "declarant_email")
        for pk, title, name, address in said.iterator():
            if person.is_called(name, address):
                named[pk].add((name, address))
                titles[pk] = title
        for pk, title, *notes in rows.exclude(**dict.fromkeys(NOTES, "")).values_list(key, "title", *NOTES).iterator():
            if any(map(person.is_in, notes)):
                titles[pk] = title
    for revision in Revision.objects.select_related("initiative").iterator():
        for values in (revision.before, revision.after):
            name, address = values.get("declarant_name") or "", values.get("declarant_email") or ""
            if person.is_called(name, address):
                named[revision.initiative_id].add((name, address))
                titles[revision.initiative_id] = revision.initiative.title
            if person.is_in(values.get("internal_note") or "") or person.is_in(revision.message):
                titles[revision.initiative_id] = revision.initiative.title
    return _with_entries(person, named, titles)


def _with_entries(person: Person, named: dict, titles: dict) -> list[FoundEntry]:
    stored = Initiative.objects.select_related("territory").in_bulk(list(titles))
    versions = defaultdict(int)
    for pk in Initiative.history.filter(id__in=titles).order_by().values_list("id", flat=True):
        versions[pk] += 1
    return [
        FoundEntry(
            pk,
            titles[pk],
            stored.get(pk),
            named[pk],
            versions[pk],
            any(person.is_exactly(*one) for one in named[pk]),
        )
        for pk in sorted(titles)
    ]


def _mails(person: Person) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.select_related("initiative").order_by("pk")
    return [mail for mail in rows.iterator() if any(map(person.is_in, (mail.to, mail.subject, mail.body)))]


def _batches(person: Person) -> list[ImportBatch]:
    """Imports whose file or rows name the person: also those that came to nothing, or were undone."""
    keys = set()
    for pk, *said in ImportRow.objects.personal().values_list("batch", *ImportRow.FORGETTING).iterator():
        if pk not in keys and any(person.is_in(text) for text in _texts(said)):
            keys.add(pk)
    for sent in ImportFile.objects.exclude(pk__in=keys).iterator(chunk_size=1):
        if _says(bytes(sent.content), person):
            keys.add(sent.pk)
    kept = ImportBatch.objects.personal().exclude(pk__in=keys)
    keys |= {one.pk for one in kept if person.is_in(one.name)}
    for survey, row, *said in ImportDecision.objects.values_list("survey", "row", "before", "after").iterator():
        if any(map(person.is_in, said)):
            keys |= set(ImportRow.objects.filter(batch__survey=survey, key=row).values_list("batch", flat=True))
    return list(ImportBatch.objects.filter(pk__in=keys).order_by("pk"))


def _texts(value) -> Iterator[str]:
    """Every text in a value that came from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _says(content: bytes, person: Person) -> bool:
    text = _text_of(content)
    # One look at all of it: nearly no file has all the words.
    if not person.is_in(html.unescape(text)):
        return False
    return any(person.is_in(html.unescape(part)) for part in ENDS.split(text))


def _text_of(content: bytes) -> str:
    """Text of a sent file, its hidden sheets included."""
    with suppress(UnreadableFile):
        if (kind := kind_of(content)) in ("xls", "xlsb"):
            with binary.messages(kind, content) as said:
                return "\n".join(text for message in said for text in _texts(message))
    if not content.startswith(b"PK"):
        return content.decode(encoding_of(content)[0], "replace")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if ".xml" in name]
    except Exception:  # a damaged archive makes it raise more than BadZipFile: nobody can read it either
        return ""
    return "\n".join(parts)
