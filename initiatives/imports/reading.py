"""From the file that was sent to its preview: what was understood, then what each row would do."""

import hashlib
import re
from collections import Counter
from itertools import count

from django.db import transaction

from initiatives.models import HeadingAlias, ImportBatch, ImportFile, ImportRow

from .apply import Beat, Stopped
from .cells import CellError, one_line
from .headings import HEADINGS, LABELS, Headings, is_ours, key
from .preview import CHUNK, RowPreview
from .readers import formats
from .readers.tables import Table, UnreadableFile

State = ImportBatch.State
# How a heading was matched.
BY_NAME, BY_HAND, REMEMBERED, DERIVED, UNKNOWN, TWICE = "nom", "choix", "mémoire", "déduite", "inconnue", "double"
# A heading that comes again in its file: what it means there is nobody's guess, though we know the first.
AGAIN = re.compile(r" \(\d+\)$")
DAMAGED = "Le fichier gardé ne correspond plus à son empreinte : il est abîmé. Envoyez-le à nouveau."

MERGED_HEADINGS = (
    "La ligne des titres a des cellules fusionnées : dans le tableur, annulez la fusion et écrivez un titre par"
    " colonne, sur une seule ligne."
)
GONE = "Le fichier a été effacé avec les données des déclarants qu’il nommait. Envoyez-le à nouveau."


def read(batch: ImportBatch, beat: Beat):
    """Judge every row, and keep the outcome in place of the one before."""
    beat(0, 0)
    try:
        sent = ImportFile.objects.filter(batch=batch).first()
        if sent is None:
            raise UnreadableFile(GONE)
        content = bytes(sent.content)
        if hashlib.sha256(content).hexdigest() != batch.sha256:
            raise UnreadableFile(DAMAGED)
        table = formats.read(content)
    except UnreadableFile as fault:
        _keep(batch, [], {"faults": [str(fault)], "understanding": "", "headings": [], "missing": []})
        return
    _clean_headings(table)
    mapping = remembered(table.headers) | {
        heading: name for heading, name in batch.mapping.items() if heading in table.headers
    }
    _correct(table, batch.corrections)
    judge = RowPreview(survey=batch.survey, origin=batch.origin, mapping=mapping, by=batch.sent_by)
    faults, rows = judge.wrong_file(table), []
    if faults and table.has_merged_headings:
        faults.append(MERGED_HEADINGS)
    if not faults:
        for row in judge.judged(table, aside=set(batch.aside)):
            rows.append(row)
            if len(rows) % CHUNK == 0:
                beat(len(rows), len(table))
    found = judge.headings
    _keep(
        batch,
        rows,
        {
            "faults": faults,
            "understanding": table.understanding[:300],
            "headings": _described(table.headers, found, mapping, batch),
            "missing": [label for name, label in LABELS.items() if name in judge.fields and name not in found.found],
        },
    )


def _keep(batch: ImportBatch, rows: list[ImportRow], understood: dict):
    with transaction.atomic():
        batch.rows.all().delete()
        for row in rows:
            row.batch = batch
        ImportRow.objects.bulk_create(rows, batch_size=500)
        counts = dict(Counter(str(row.kind) for row in rows))
        understood |= {"counts": counts, "edition": batch.edition + 1, "note": "", "state": State.READY}
        if not ImportBatch.objects.filter(pk=batch.pk, state=State.READING).update(**understood):
            raise Stopped
        batch.refresh_from_db()


def remembered(headings: list[str]) -> dict[str, str | None]:
    """What somebody said of such headings for another file; what was said of our own is not obeyed."""
    keys = {one: heading for heading in headings if (one := key_to_remember(heading))}
    known = HeadingAlias.objects.filter(key__in=keys).values_list("key", "field")
    return {keys[one]: name or None for one, name in known if not name or name in HEADINGS}


def key_to_remember(heading: str) -> str:
    """What a choice for a heading is remembered by; nothing where it is not to be."""
    return "" if is_ours(heading) and not AGAIN.search(heading) else key(heading)[:200]


def _clean_headings(table: Table):
    def cleaned(heading: str) -> str:
        try:
            return one_line(heading)[:200]
        except CellError:
            return ""

    table.headers = _told_apart([cleaned(heading) for heading in table.headers])


def _told_apart(headings: list[str]) -> list[str]:
    """A heading that comes again as « Contexte (2) »: what is said of it is said of one column."""
    made = []
    for heading in headings:
        names = (f"{heading[:190]} ({number})" for number in count(2))
        is_again = heading and heading in made
        made.append(next(name for name in names if name not in {*headings, *made}) if is_again else heading)
    return made


def _correct(table: Table, corrections: dict):
    """Put the corrections into their cells; one for a column that the file has not adds it."""
    wanted = {heading for said in corrections.values() for heading in said}
    for heading in sorted(wanted - set(table.headers)):
        table.append_col([None] * len(table), header=heading)
    places = {heading: at for at, heading in reversed(list(enumerate(table.headers)))}
    numbers = {line: number for number, line in enumerate(table.lines)}
    for line, said in corrections.items():
        if (number := numbers.get(int(line))) is not None:
            cells = list(table[number])
            for heading, text in said.items():
                cells[places[heading]] = text
            table[number] = cells


def _described(headings: list[str], found: Headings, mapping: dict, batch: ImportBatch) -> list[list]:
    """Each heading, the field that it is, and how that is known."""
    fields = {heading: name for name, heading in found.found.items()}
    twice = {heading for _, heading in found.twice}
    made = []
    for heading in filter(None, headings):
        if heading in twice:
            how = TWICE
        elif heading in batch.mapping:
            how = BY_HAND
        elif heading in mapping:
            how = REMEMBERED
        elif heading in fields:
            how = BY_NAME
        else:
            how = DERIVED if heading in found.derived else UNKNOWN
        made.append([heading, fields.get(heading, ""), how])
    return made
