"""What staff do to several entries at once: told before it is done, and said row by row afterwards."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.adminkit.double_submit import has_just_written
from initiatives.adminkit.form_fields import ThemesField
from initiatives.adminkit.versions import may_correct, refusal
from initiatives.models import IllegalMove, Initiative, Survey, Theme, derived
from initiatives.models.history import Through, acting
from initiatives.models.initiative.moves import MOVES, Move
from initiatives.models.record import write


@dataclass(frozen=True)
class BulkAction:
    """One thing to do to an entry. `run(initiative, by, given)` does it, or raises what a person can read."""

    name: str
    label: str
    done: str
    permission: str
    run: Callable
    asks: dict[str, forms.Field]
    # What the version that it makes says of it, by name of the field: a second click finds that there.
    trace: Callable
    # Whether what is asked is sent to the declarants.
    is_mailed: bool = False

    def form(self, data=None) -> forms.Form:
        return type("BulkActionForm", (forms.Form,), dict(self.asks))(data)

    @property
    def depends_on_a_choice(self) -> bool:
        """Whether what it would do cannot be told before the person has chosen: a theme, a survey."""
        return any(isinstance(field, forms.ModelChoiceField) for field in self.asks.values())

    def example(self) -> dict:
        """Something to try the bulk_action with, before the person has said what."""
        return {name: "…" for name, field in self.asks.items() if isinstance(field.widget, forms.Textarea)}


@dataclass(frozen=True)
class Outcome:
    """What became of one entry, or would: `refused` says why nothing does."""

    initiative: Initiative
    refused: str = ""


# All are tried, then done, in one transaction: some seconds, and nobody else writes meanwhile.
MOST = 2_000


class _Undo(Exception):
    pass


def carry_out(
    bulk_action: BulkAction, rows: Iterable[Initiative], *, by, given: dict, really: bool = True
) -> list[Outcome]:
    """Do it to each entry that allows it; the others stay as they are. Tried and undone where not `really`."""
    outcomes = []
    try:
        with transaction.atomic(), acting(by=by, through=Through.BULK), derived.deferred_reindex():
            for initiative in rows:
                outcomes.append(_one(bulk_action, initiative, by, given, really=really))
            if not really:
                raise _Undo
    except _Undo:
        pass
    return outcomes


def _one(bulk_action: BulkAction, initiative: Initiative, by, given: dict, *, really: bool) -> Outcome:
    try:
        with transaction.atomic():
            # A copy: what is only tried must not look done.
            bulk_action.run(copy(initiative), by, given)
    except Initiative.DoesNotExist:
        return Outcome(initiative, "Elle a été supprimée entre-temps.")
    except ValidationError as refused:
        if not (really and _was_just_done(bulk_action, initiative, by, given)):
            return Outcome(initiative, " ".join(refused.messages))
    return Outcome(initiative)


def _was_just_done(bulk_action: BulkAction, initiative: Initiative, by, given: dict) -> bool:
    """Whether this is the second click of the same person: it asks for what the last version says."""
    last = initiative.history.order_by("-history_id").first()
    return has_just_written(by, last, Through.BULK) and all(
        getattr(last, name) == value for name, value in bulk_action.trace(given).items()
    )


def _move(move: Move) -> BulkAction:
    fields = {}
    if asks := move.asks:
        widget = forms.Textarea({"rows": 4})
        fields[asks.keyword] = forms.CharField(label=asks.label, help_text=asks.help, widget=widget)

    def run(initiative: Initiative, by, given: dict):
        getattr(initiative, move.verb)(by=by, **given)

    def trace(given: dict) -> dict:
        said = {"review_message": given[move.asks.keyword]} if move.asks else {}
        return {"history_change_reason": move.reason} | said

    is_mailed = bool(move.asks and move.asks.is_mailed)
    return BulkAction(move.verb, move.label, move.done, move.permission, run, fields, trace, is_mailed)


def _change(name: str, label: str, values: Callable, reason: str, **asks: forms.Field) -> BulkAction:
    """Other `values(initiative, given)` of the record; the version says the `reason`, the choice in its braces."""

    def run(initiative: Initiative, by, given: dict):
        # Locked before it is read: of eight clicks at once, seven find what the first one wrote.
        stored = Initiative.objects.select_for_update().get(pk=initiative.pk)
        _refuse_who_may_not(stored, by)
        asked = values(stored, given)
        stored._change_reason = reason.format(**given)
        write(stored, asked)

    def trace(given: dict) -> dict:
        return {"history_change_reason": reason.format(**given)}

    return BulkAction(name, label, "modifiée", "initiatives.change_initiative", run, asks, trace)


def _with_theme(initiative: Initiative, given: dict) -> dict:
    theme = given["theme"]
    themes = set(initiative.themes.values_list("pk", flat=True))
    if theme.category_id != initiative.category_id:
        raise IllegalMove(f"« {theme} » n’est pas un thème de « {initiative.category} ».")
    if theme.pk in themes:
        raise IllegalMove(f"Elle a déjà le thème « {theme} ».")
    if len(themes) >= ThemesField.MOST:
        raise IllegalMove(f"Elle a déjà {ThemesField.MOST} thèmes.")
    return {"themes": sorted({*themes, theme.pk})}


def _with_survey(initiative: Initiative, given: dict) -> dict:
    survey = given["survey"]
    if survey.pk == initiative.survey_id:
        raise IllegalMove("Elle est déjà de cette enquête.")
    return {"survey": survey.pk}


def _refuse_who_may_not(initiative: Initiative, by):
    if initiative.is_published and not may_correct(by):
        raise IllegalMove("Elle est publiée : proposez une révision depuis sa page.")
    if why := refusal(initiative, by):
        raise IllegalMove(why)


THEMES = Theme.objects.order_by("category__position", "position", "pk")
SURVEYS = Survey.objects.order_by("-started_on", "pk")
BULK_ACTIONS = {
    bulk_action.name: bulk_action
    for bulk_action in (
        *map(_move, MOVES.values()),
        _change(
            "add_theme",
            "Ajouter un thème",
            _with_theme,
            "ajouter le thème {theme}",
            theme=forms.ModelChoiceField(THEMES, label="Thème"),
        ),
        _change(
            "set_survey",
            "Rattacher à une enquête",
            _with_survey,
            "rattacher à l’enquête {survey.prefix}",
            survey=forms.ModelChoiceField(SURVEYS, label="Enquête"),
        ),
    )
}
