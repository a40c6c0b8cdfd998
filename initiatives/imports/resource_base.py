"""How a file becomes entries: its headings, then each row, judged whole before anything is kept."""

from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from import_export.resources import Diff, ModelResource
from tablib import Dataset

from initiatives.models import Initiative, Survey, derived
from initiatives.models.history import Through, acting
from initiatives.text.french import noun

from .cells import CellError, clipped
from .faults import faults
from .fields import RelatedColumn
from .headings import Headings
from .matching import EntryIndex, Identity
from .readers.tables import is_blank


@dataclass(frozen=True)
class FieldChange:
    """One field of an entry, before and after, as text."""

    field: str
    label: str
    before: str
    after: str


class RowChanges(Diff):
    """What a row changes: the `diff` of its result is a list of Change, empty for a row that changes nothing."""

    def __init__(self, resource, instance, new):
        self.columns = resource.fields
        super().__init__(resource, instance, new)

    def as_html(self) -> list[FieldChange]:
        return [
            FieldChange(name, column.label, before, after)
            for (name, column), before, after in zip(self.columns.items(), self.left, self.right, strict=True)
            if before != after
        ]


class EntryImport(ModelResource):
    """The rows of a survey file, of a public source or of our own export, as entries.

    All or nothing: one fault, and no row is kept. After `import_data`, `result.faults` lists them all
    and `result.rows[n].diff` what the n-th row changes; `headings` says which column is which,
    `unknown_headings` which are none of ours. A column that the file has not leaves its field as it
    is; an empty cell empties it.

    Nothing here sets a status: a new entry is a draft, and a changed one keeps the status it has. An
    entry that is published is not changed at all. A row that would change one is a fault, field by
    field, so that no import alters what the public sees, nor passes over a difference in silence; a
    row that says what is already there is skipped.
    """

    class Meta:
        model = Initiative
        # Only the columns declared in the table of resources.py.
        exclude = [field.name for field in (*Initiative._meta.fields, *Initiative._meta.many_to_many)]
        # See get_instance.
        import_id_fields = ()
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True
        use_bulk = False
        store_instance = True

    def __init__(
        self,
        *,
        survey: Survey | None = None,
        origin: str = Initiative.Origin.SURVEY,
        mapping=None,
        by=None,
        **kwargs,
    ):
        """New entries are of this survey (the latest) and origin; `mapping` names by hand the field of a heading.

        The history says that it was `by` this person.
        """
        super().__init__(**kwargs)
        self.by = by
        self.survey = survey or Survey.objects.order_by("-started_on", "-pk").first()
        self.origin = origin
        self.mapping = mapping or {}
        self.headings = Headings()

    @classmethod
    def get_diff_class(cls):
        return RowChanges

    @property
    def unknown_headings(self) -> list[str]:
        return self.headings.unknown

    # The file

    def import_data(self, dataset, dry_run=False, **kwargs):
        lines = getattr(dataset, "lines", None) or range(2, len(dataset) + 2)
        self._lines = list(lines)
        kwargs.setdefault("rollback_on_validation_errors", True)
        # A copy, since a file that cannot be read at all is emptied below.
        rows = Dataset(*dataset[:], headers=dataset.headers)
        result = super().import_data(rows, dry_run, **kwargs)
        result.faults = list(faults(result, self._lines))
        return result

    def import_data_inner(self, *args, **kwargs):
        with acting(by=self.by, through=Through.IMPORT), derived.deferred_reindex():
            return super().import_data_inner(*args, **kwargs)

    def before_import(self, dataset, **kwargs):
        headers = dataset.headers or []
        self.headings = Headings.of(headers, self.mapping)
        for column in self.fields.values():
            column.match(self.headings.found)
        if wrong := list(self._wrong_file()):
            del dataset[:]
            raise ValidationError(wrong)
        self._register = EntryIndex()
        nameless = [at for at, heading in enumerate(headers) if is_blank(heading)]
        self._nameless = {
            number: stray
            for number, row in enumerate(dataset, 1)
            if (stray := [row[at] for at in nameless if not is_blank(row[at])])
        }

    def _wrong_file(self):
        if self.survey is None:
            yield "Créez d’abord l’enquête dont ces fiches viennent."
        for first, second in self.headings.twice:
            yield f"Les colonnes « {first} » et « {second} » disent la même chose : gardez-en une."
        # A file of corrections names its entries, and need not repeat the rest.
        if "reference" not in self.headings.found and (missing := self.headings.missing):
            lack = noun(len(missing), "Il manque une colonne,Il manque des colonnes")
            yield f"{lack} : {' ; '.join(missing)}."

    # The row: which entry it is

    def before_import_row(self, row, **kwargs):
        self._row, self._number = row, kwargs["row_number"]

    def import_row(self, row, instance_loader, **kwargs):
        result = super().import_row(row, instance_loader, **kwargs)
        if result.errors or result.validation_error:
            # The row ends its own savepoint: what it wrote before its fault goes with it.
            transaction.set_rollback(True)
        return result

    def get_instance(self, instance_loader, row) -> Initiative | None:
        """The entry of this reference if the row has one, else of this territory and title."""
        scratch = Initiative()
        for name in ("reference", "territory", "title"):
            self._read(name, scratch, row)
        self._identity = Identity.of(scratch.reference, scratch.territory_id, scratch.title)
        self._found = self._register.find(self._identity)
        if len(self._found) != 1:
            return None
        related = ("territory", "category", "inspired_by")
        return Initiative.objects.select_related(*related).get(pk=self._found[0])

    def init_instance(self, row=None) -> Initiative:
        return Initiative(survey=self.survey, origin=self.origin)

    # The row: its values and its faults

    def _read(self, name: str, instance: Initiative, row) -> CellError | None:
        column = self.fields[name]
        if not column.headings:
            if column.required and not instance.pk:
                return column.locate(CellError("Il manque cette colonne : la ligne est une fiche nouvelle."), row)
            return None
        try:
            column.read(instance, row)
        except CellError as fault:
            return fault
        return None

    def import_instance(self, instance, row, **kwargs):
        """Read every cell, so that all faults of a row are told at once."""
        wrong = {name: [fault] for name in self.fields if (fault := self._read(name, instance, row))}
        for name, message in self._wrong_row(instance):
            wrong.setdefault(name, []).append(self._located(name, CellError(message)))
        if instance.origin == Initiative.Origin.SURVEY:
            instance.in_survey = True
        if wrong:
            raise ValidationError(wrong)

    def _wrong_row(self, instance):
        """What is wrong with the row as a whole: the name of the field to show it at, and the message."""
        identity, pk = self._identity, instance.pk
        if stray := self._nameless.get(self._number):
            yield NON_FIELD_ERRORS, f"« {clipped(stray[0])} » n’est sous aucun titre de colonne : titrez, ou effacez."
        if len(self._found) > 1:
            yield "title", "Plusieurs fiches de cette collectivité ont ce titre : indiquez la référence."
        if not pk and identity.reference and self._register.is_ours(identity.reference):
            yield "reference", "Aucune fiche n’a cette référence : pour une nouvelle fiche, laissez la cellule vide."
        if before := self._register.row_before(identity, pk):
            told_by = "reference" if identity.reference else "title"
            yield told_by, f"C’est la même fiche qu’à la ligne {self._lines[before - 1]}."
        self._register.enter(identity, pk, self._number)

    def _located(self, name: str, fault: CellError) -> CellError:
        return self.fields[name].locate(fault, self._row) if name in self.fields else fault

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        self._original = original
        self._changed = [
            name
            for name, column in self.fields.items()
            if column.headings and (not instance.pk or column.differs(instance, original))
        ]
        return not self._changed and not import_validation_errors

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Add what the model refuses, each at its cell, to what the cells themselves got wrong."""
        wrong = dict(import_validation_errors or {})
        # Relations come from our own tables; each condition of the database costs a question, and
        # only one of them can fail here: that the end follows the start.
        unread = {field.name for field in instance._meta.fields if field.is_relation} | {"slug", "search_text"}
        try:
            instance.full_clean(
                exclude=unread | wrong.keys() | (set() if instance.reference else {"reference"}),
                validate_constraints=bool(instance.started and instance.ended),
            )
        except ValidationError as refused:
            for field, errors in refused.error_dict.items():
                name = "ended" if field == NON_FIELD_ERRORS else field
                messages = [message for error in errors for message in error.messages]
                wrong[name] = [self._located(name, CellError(message)) for message in messages]
        if instance.pk:
            for name in self._changed:
                if fault := self._held(name):
                    wrong.setdefault(name, []).append(self._located(name, fault))
        if wrong:
            raise ValidationError(wrong)

    def _held(self, name: str) -> CellError | None:
        """Why the entry does not take this field of an import, if so."""
        if not self._original.is_published:
            return None
        stored = clipped(self.fields[name].export(self._original))
        return CellError(
            f"Cette fiche est déjà publiée, et dit « {stored} » : un import ne change pas ce que le public lit."
            " Corrigez la fiche elle-même.",
            suggestions=[stored],
        )

    def save_m2m(self, instance, row, **kwargs):
        for name in self._changed:
            if isinstance(column := self.fields[name], RelatedColumn):
                column.write(instance)
