"""A file that staff sent, what was understood of it, and what became of it."""

from itertools import islice

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .bulk import write_columns
from .import_decisions import ImportDecision
from .import_groups import ImportGroup
from .import_rows import ImportRow
from .initiative import Initiative
from .survey import Survey


class ImportBatchQuerySet(models.QuerySet):
    def personal(self):
        """Those that keep anything of what their file says of people."""
        rows = ImportRow.objects.personal().filter(batch=OuterRef("pk"))
        # The title of a sheet is in what was understood, lines and cells of the file in what there is to choose among.
        said = ~Q(understanding="") | ~Q(sheet="") | ~Q(choices={})
        return self.filter(Q(file__isnull=False) | said | Exists(rows))

    def at_rest(self):
        return self.exclude(state__in=ImportBatch.RUNNING)


class ImportBatch(models.Model):
    """One import, from the file to its report; it stays, and can be undone."""

    class State(models.TextChoices):
        RECEIVED = "received", "à vérifier"
        READING = "reading", "vérification en cours"
        READY = "ready", "à confirmer"
        WRITING = "writing", "import en cours"
        DONE = "done", "importé"
        UNDOING = "undoing", "annulation en cours"
        UNDONE = "undone", "annulé"
        DROPPED = "dropped", "abandonné"

    class Then(models.TextChoices):
        """What becomes of the entries that it writes."""

        DRAFT = "draft", "des brouillons"
        SUBMIT = "submit", "soumises"
        PUBLISH = "publish", "publiées"

    # What is under way, and where it comes back to if it is stopped: nothing of it is kept.
    RUNNING = {State.READING: State.RECEIVED, State.WRITING: State.READY, State.UNDOING: State.DONE}
    OPEN = frozenset({State.RECEIVED, State.READY})
    # What a person says of the file itself.
    SAID_OF_FILE = ("sheet", "encoding", "mapping", "constants")
    # The name of a file that was erased: people name files after people.
    FORGOTTEN = "fichier effacé"

    name = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveIntegerField("taille")
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="envoyé par", related_name="+")
    survey = models.ForeignKey(Survey, models.PROTECT, verbose_name="enquête", related_name="+")
    origin = models.CharField(
        "origine des fiches", max_length=13, choices=Initiative.Origin, default=Initiative.Origin.SURVEY
    )
    state = models.CharField("état", max_length=8, choices=State, default=State.RECEIVED)
    # What stopped it last, for whoever looks at it.
    note = models.TextField("remarque", blank=True)
    # Goes up each time the file is looked at: a page that was shown before is out of date.
    edition = models.PositiveIntegerField("édition", default=0)

    understanding = models.CharField("compris comme", max_length=300, blank=True)
    # Each heading of the file, the field that it is, and how it was matched: {"heading", "field", "how"}.
    headings = models.JSONField("colonnes", default=list)
    missing = models.JSONField("colonnes manquantes", default=list)
    # The fields, as headings.py has them, that the rows tell, write or have a fault at.
    fields = models.JSONField("champs", default=list)
    faults = models.JSONField("défauts du fichier", default=list)
    counts = models.JSONField("nombre de lignes", default=dict)
    # Of the rows to write: how many make an entry that can be published, and how many lack each field for it.
    publishable = models.PositiveIntegerField("lignes publiables", default=0)
    lacking = models.JSONField("manque pour publier", default=dict)

    # What must be said before rows are judged: « sheet », « encoding » or « columns »; and what there is to choose
    # among: {"sheets": [SheetSummary], "encodings": [{"codec", "name", "lines"}], "read": which of them,
    # "samples": [[cell] of each heading]}.
    asks = models.JSONField("questions", default=list)
    choices = models.JSONField("choix possibles", default=dict)

    # What the person said of it: {heading: field}, {field: cell}. Of its values and rows: ImportDecision.
    sheet = models.TextField("feuille choisie", blank=True)
    encoding = models.CharField("encodage choisi", max_length=20, blank=True)
    mapping = models.JSONField("colonnes choisies", default=dict)
    constants = models.JSONField("valeurs pour tout le fichier", default=dict)

    confirmed_at = models.DateTimeField("confirmé le", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="confirmé par", related_name="+", null=True
    )
    then = models.CharField("ensuite", max_length=7, choices=Then, default=Then.DRAFT)
    written_at = models.DateTimeField("importé le", null=True)
    undone_at = models.DateTimeField("annulé le", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="annulé par", related_name="+", null=True
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "import"

    def __str__(self):
        return f"import n° {self.pk}"

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def is_received(self) -> bool:
        return self.state == self.State.RECEIVED

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_undone(self) -> bool:
        return self.state == self.State.UNDONE

    @property
    def is_dropped(self) -> bool:
        return self.state == self.State.DROPPED

    @property
    def is_open(self) -> bool:
        """Whether nothing of it is in the catalogue yet, and it may still get there."""
        return self.state in self.OPEN

    @property
    def said_state(self) -> str:
        """The state as lists say it: a file that cannot be imported as it is waits for no confirmation."""
        if self.state == self.State.READY and self.asks and not self.faults:
            return "à préciser"
        if self.state == self.State.READY and self.faults:
            return "à corriger" if self.headings else "refusé"
        return self.get_state_display()

    @property
    def has_file(self) -> bool:
        """Whether the file is still there: it goes with the declarants that it names."""
        return ImportFile.objects.filter(batch=self).exists()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def names_declarants(self) -> bool:
        return not set(self.fields).isdisjoint(Initiative.DECLARANT)

    @property
    def to_write(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in ImportRow.WRITTEN)

    @property
    def created(self) -> int:
        """How many of its rows are new entries, or will be."""
        return sum(self.counts.get(kind, 0) for kind in ImportRow.CREATED)

    @property
    def proposed(self) -> int:
        """How many of its rows are revisions of published entries, or will be."""
        return self.counts.get(ImportRow.Kind.REVISION, 0)

    @property
    def said_lines(self) -> int | None:
        """How many rows lists say: those that the report counts, or will once they are corrected.

        Of a file that was given up, all that it has; of one whose rows could not be read, nothing.
        """
        if not self.counts:
            return None
        if self.state == self.State.DROPPED:
            return self.total
        return self.to_write + self.counts.get(ImportRow.Kind.ERROR, 0)

    @property
    def may_be_confirmed(self) -> bool:
        return (
            self.state == self.State.READY
            and not self.faults
            and not self.asks
            and not self.counts.get(ImportRow.Kind.ERROR)
            and self.to_write > 0
        )

    def move(self, *, to: "ImportBatch.State", among, edition: int | None = None, **changes) -> bool:
        """Go to a state if the stored one is among these: of two people who ask at once, one is heard."""
        stored = ImportBatch.objects.filter(pk=self.pk, state__in=among)
        if edition is not None:
            stored = stored.filter(edition=edition)
        moved = stored.update(state=to, **changes)
        self.refresh_from_db()
        return bool(moved)

    def forget(self):
        """Erase what the file says of people: the file and its name, and what its rows said of declarants.

        The report keeps its figures, and undoing what it needs. What is not imported yet never will be.
        """
        ImportFile.objects.filter(batch=self).delete()
        ImportDecision.objects.of_cells(self.survey, self.rows.values("key")).delete()
        # As their rows do.
        self.groups.filter(Q(kind=ImportGroup.Kind.FAULT) | Q(field__in=Initiative.DECLARANT)).delete()
        # A first row that was an answer was taken for headings.
        nothing = {"understanding": "", "sheet": "", "choices": {}, "headings": [], "mapping": {}}
        ImportBatch.objects.filter(pk=self.pk).update(name=self.FORGOTTEN, **nothing)
        rows = self.rows.personal().iterator(chunk_size=500)
        while chunk := list(islice(rows, 500)):
            for row in chunk:
                row.forget()
            write_columns(chunk, ImportRow.FORGETTING)
        self.move(to=self.State.DROPPED, among=self.OPEN)


class ImportFile(models.Model):
    """The file as it came, in a table of its own: lists of imports do not read it."""

    batch = models.OneToOneField(
        ImportBatch, models.CASCADE, verbose_name="import", related_name="file", primary_key=True
    )
    content = models.BinaryField("contenu")

    class Meta:
        verbose_name = "fichier envoyé"
        verbose_name_plural = "fichiers envoyés"

    def __str__(self):
        return str(self.batch)
