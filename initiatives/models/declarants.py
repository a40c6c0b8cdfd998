"""Who answered for a collectivity: forgotten wherever the catalogue wrote it down."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from towns.names import fold

from .imports import ImportBatch
from .initiative import Initiative, declared
from .mail import OutgoingMail
from .revision import Revision

# Where staff may have written the name of somebody.
NOTES = ("internal_note", "review_message")
STRUCK_OUT = "[effacé]"
# A shorter name is a syllable of many words.
SHORTEST = 4
BATCH = 500


@dataclass(frozen=True)
class Forgotten:
    """What was erased: of how many entries, how many mails and files."""

    entries: int = 0
    mails: int = 0
    files: int = 0

    def __bool__(self):
        return bool(self.entries or self.mails or self.files)

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(self.entries + other.entries, self.mails + other.mails, self.files + other.files)


@transaction.atomic
def forget(
    entries: Iterable[int] = (),
    *,
    notes: Iterable[int] = (),
    names: Iterable[str] = (),
    batches: Iterable[int] = (),
    mails: Iterable[int] = (),
) -> Forgotten:
    """Erase the declarants of these entries: from the rows, all their versions and revisions, the notes that
    staff wrote about them, the mails, and the files that they were imported from; and these imports and mails.

    Where somebody else is the declarant, `notes` lose the `names` only. Entries that were deleted too,
    by their keys: their versions remain. It leaves no version of its own, which would keep what it
    erases; a form that was opened before is out of date.
    """
    files, more, done = set(batches), set(names), Forgotten()
    for batch in _batches(entries):
        known = _names(batch)
        files |= set(ImportBatch.objects.personal().filter(rows__initiative__in=batch).values_list("pk", flat=True))
        done += Forgotten(len(known), _forget_mails(batch, known))
        _strike_out({pk: known.get(pk, set()) | more for pk in batch})
        _empty(batch, known)
    for batch in _batches(notes):
        _strike_out(dict.fromkeys(batch, more))
        Initiative.objects.filter(pk__in=batch).update(version=F("version") + 1)
        done += Forgotten(len(batch))
    count, _ = OutgoingMail.objects.filter(pk__in=mails).delete()
    for batch in ImportBatch.objects.filter(pk__in=files):
        batch.forget()
    return done + Forgotten(mails=count, files=len(files))


def _batches(keys: Iterable[int]) -> Iterator[list[int]]:
    keys = sorted(set(keys))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _names(batch: list[int]) -> dict[int, set[str]]:
    """The names and addresses that the catalogue knows of the declarants of each entry, the past included."""
    found = defaultdict(set)
    for rows in (Initiative.objects.filter(pk__in=batch), Initiative.history.filter(id__in=batch)):
        for pk, name, email in rows.filter(declared()).values_list("id", "declarant_name", "declarant_email"):
            found[pk] |= {name, email}
    for revision in Revision.objects.filter(initiative__in=batch):
        for values in (revision.before, revision.after):
            if any(values.get(name) for name in Initiative.DECLARANT):
                found[revision.initiative_id] |= {
                    values.get(name) or "" for name in ("declarant_name", "declarant_email")
                }
    return dict(found)


def _forget_mails(batch: list[int], names: dict[int, set[str]]) -> int:
    """Of entries that were deleted, those to the same addresses."""
    addresses = {one for known in names.values() for one in known if "@" in one}
    of_deleted = Q(initiative=None, to__in=addresses)
    count, _ = OutgoingMail.objects.filter(Q(initiative__in=batch) | of_deleted).delete()
    return count


def _strike_out(names: dict[int, set[str]]):
    """From what staff wrote about each entry; the rest of it stays."""
    for rows in (Initiative.objects.filter(pk__in=names), Initiative.history.filter(id__in=names)):
        for row in rows.exclude(**dict.fromkeys(NOTES, "")).only("id", *NOTES):
            struck = {name: without(getattr(row, name), names[row.id]) for name in NOTES}
            if any(getattr(row, name) != text for name, text in struck.items()):
                type(row)._default_manager.filter(pk=row.pk).update(**struck)
    for revision in Revision.objects.filter(initiative__in=names):
        known = names[revision.initiative_id]
        for values in (revision.before, revision.after):
            if note := values.get("internal_note"):
                values["internal_note"] = without(note, known)
        revision.message = without(revision.message, known)
        revision.save(update_fields=["before", "after", "message"])


def _empty(batch: list[int], names: dict[int, set[str]]):
    empty, today = dict.fromkeys(Initiative.DECLARANT, "") | {"declared_on": None}, timezone.localdate()
    Initiative.objects.filter(pk__in=batch).update(**empty, version=F("version") + 1)
    Initiative.objects.filter(pk__in=names).update(declarant_erased_on=today)
    Initiative.history.filter(id__in=batch).update(**empty)
    Initiative.history.filter(id__in=names).update(declarant_erased_on=today)
    for revision in Revision.objects.naming_a_declarant().filter(initiative__in=batch):
        for values in (revision.before, revision.after):
            for name in Initiative.DECLARANT:
                values.pop(name, None)
        revision.save(update_fields=["before", "after"])


def without(text: str, names: Iterable[str]) -> str:
    """The text with these names struck out, however they are accented and whatever their case."""
    # The longest first: of « Camille Dupont-Durand » nothing remains.
    for name in sorted({name for name in names if len(name) >= SHORTEST}, key=len, reverse=True):
        folded = [(one, at) for at, character in enumerate(text) for one in fold(character)]
        spelt = r"\s+".join(map(re.escape, fold(name).split()))
        pattern = rf"(?<!\w){spelt}(?!\w)"
        for match in reversed(list(re.finditer(pattern, "".join(one for one, _ in folded)))):
            start, end = folded[match.start()][1], folded[match.end() - 1][1] + 1
            text = f"{text[:start]}{STRUCK_OUT}{text[end:]}"
    return text
