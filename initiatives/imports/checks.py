"""What is wrong with a row once its cells are read: which entry it is, what the model refuses, who may change it."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from initiatives.models import Initiative

from .apply import may_change_all
from .cells import CellError, clipped
from .columns import ImportColumn
from .matching import EntryIndex
from .rows import SourceRow

Columns = dict[str, ImportColumn]
# What the model does not judge here: relations come from our own tables, and the rest is ours to write.
NOT_JUDGED = {field.name for field in Initiative._meta.fields if field.is_relation} | {"slug", "search_text"}
(ENDS_AFTER_START,) = (one for one in Initiative._meta.constraints if one.name == "initiative_ends_after_it_starts")


def refuse(row: SourceRow, columns: Columns, name: str, message: str, **proposed):
    """Add a fault at the cell of a column; where the file has none of that name, at the row."""
    error = CellError(message, **proposed)
    row.add_error(name, columns[name].locate(error, row.cells) if name in columns else error)


def check_identity(row: SourceRow, columns: Columns, index: EntryIndex):
    """The row as a whole; the index then knows it."""
    identity, pk = row.identity, row.entry and row.entry.pk
    if row.stray:
        told = f"« {clipped(row.stray[0])} » n’est sous aucun titre de colonne : titrez, ou effacez."
        refuse(row, columns, NON_FIELD_ERRORS, told)
    if len(row.matches) > 1:
        several = "Plusieurs fiches de cette collectivité ont ce titre : indiquez la référence."
        refuse(row, columns, "title", several)
    if not pk and identity.reference and index.is_ours(identity.reference):
        unknown = "Aucune fiche n’a cette référence : pour une nouvelle fiche, laissez la cellule vide."
        refuse(row, columns, "reference", unknown)
    if before := index.line_before(identity, pk):
        told_by = "reference" if identity.reference else "title"
        refuse(row, columns, told_by, f"C’est la même fiche qu’à la ligne {before}.")
    index.enter(identity, pk, row.line)


def check_model(row: SourceRow, columns: Columns, entry: Initiative):
    """What the model refuses of the entry as the row makes it, at its cell, beside what the cells got wrong."""
    for name in row.changed:
        if name in row.values:
            columns[name].put(entry, row.values[name])
    wrong = row.errors.keys() | (set() if entry.reference else {"reference"})
    try:
        # Of what is unique, the index knows more than the database.
        entry.full_clean(exclude=NOT_JUDGED | wrong, validate_unique=False, validate_constraints=False)
    except ValidationError as refused:
        for name, errors in refused.error_dict.items():
            for message in (message for error in errors for message in error.messages):
                refuse(row, columns, name, message)
    # The one constraint that a row can break: asked of the database, it would cost a question a row.
    if not wrong & {"started", "ended"} and entry.ended and entry.ended < entry.started[: len(entry.ended)]:
        refuse(row, columns, "ended", ENDS_AFTER_START.get_violation_error_message())


def check_permission(row: SourceRow, columns: Columns, by, pending: set[int]):
    """Whether a stored entry takes what the row changes of it, from this person or from a command (None).

    Of the `pending` entries a revision waits already.
    """
    for name in row.changed if row.entry else ():
        if message := _why_not(row.entry, columns[name].show(row.stored[name]), by, pending):
            refuse(row, columns, name, message)


def _why_not(entry: Initiative, stored: str, by, pending: set[int]) -> str:
    if entry.is_set_aside and by is not None and not may_change_all(by):
        return (
            f"Cette fiche est « {entry.get_status_display()} » : seule la modération peut encore la modifier. Laissez"
            " cette ligne de côté."
        )
    if entry.is_published and by is None:
        return (
            f"Cette fiche est déjà publiée, et dit « {clipped(stored)} » : un import ne change pas ce que le public"
            " lit. Corrigez la fiche elle-même."
        )
    if entry.is_published and entry.pk in pending:
        return (
            "Une révision de cette fiche attend déjà une décision : approuvez-la ou refusez-la, ou laissez cette ligne"
            " de côté."
        )
    return ""
