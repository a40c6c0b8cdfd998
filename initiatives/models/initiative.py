"""The entry (la fiche): the record, what the database refuses, and the verbs of moderation."""

from datetime import datetime, time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Left, Length
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from initiatives.search.query import Query
from initiatives.text.french import of
from towns.models import Department, Territory
from towns.names import BytewiseField, SortKeyField, fold, sort_key

from .classification import Audience, Category, Theme
from .history import Versions
from .lists import children
from .mail import OutgoingMail
from .record_table import ANSWER, OWN, PUBLIC_SOURCE, SHARED, WITH_ADDRESSES, Readers, names
from .survey import Survey
from .web_address import WebAddress, is_web_address, web_address, with_plain_scheme

year_or_month = RegexValidator(
    r"^(19|20)\d\d(-(0[1-9]|1[0-2]))?\Z",
    "Écrivez une année (2020) ou une année et un mois (2020-04).",
)


def who_and_when(act: str, label: str) -> models.CheckConstraint:
    """Who did it and when are known together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{act}_at__isnull": True, f"{act}_by__isnull": True})
        | Q(**{f"{act}_at__isnull": False, f"{act}_by__isnull": False}),
        name=f"initiative_{act}_who_and_when",
        violation_error_message=f"{label} : il faut à la fois la personne et la date.",
    )


def _any_empty(names: tuple[str, ...]) -> Q:
    empty = Q()
    for name in names:
        empty |= Q(**{f"{name}__isnull": True}) if name.endswith("_on") else Q(**{name: ""})
    return empty


def declared() -> Q:
    """The condition that an entry, or a version of one, says who answered."""
    return ~Q(**dict.fromkeys(Initiative.DECLARANT, ""))


# The reason of the version that an approved revision makes: its text is of whoever proposed it.
APPROVING = "approuver une révision"


class IllegalMove(ValidationError):
    """A verb that the entry's status does not allow; the message says why, in French."""


class InitiativeQuerySet(models.QuerySet):
    def published(self):
        """The only door to the public. Its twin for one entry: Initiative.is_published."""
        return self.filter(status=Initiative.Status.PUBLISHED)

    def unpublished(self):
        """What the public does not see: to be counted, never shown."""
        return self.filter(status__in=set(Initiative.Status) - {Initiative.Status.PUBLISHED})

    def set_aside(self):
        """Its twin for one entry: Initiative.is_set_aside."""
        return self.filter(status__in=Initiative.CLOSED)

    def about(self, themes):
        """Entries of at least one of the themes, each once."""
        through = Initiative.themes.through.objects.filter(theme__in=themes)
        return self.filter(pk__in=through.values("initiative"))

    def cited_by(self, survey: str):
        """Answers to the survey of this slug, and the examples that its publication cites."""
        return self.filter(survey__slug=survey, in_survey=True)

    def sharing_theme_with(self, initiative: "Initiative"):
        """Entries that have a theme of this one, itself among them; a few are found without looking at all."""
        themes = [theme.pk for theme in initiative.themes.all()]
        shared = Initiative.themes.through.objects.filter(initiative=models.OuterRef("pk"), theme__in=themes)
        return self.filter(models.Exists(shared))

    def matching(self, query: Query):
        return self.filter(query.condition())

    def incomplete(self):
        """Those that lack what publishing asks for. Its twin for one entry: Initiative.missing_to_publish()."""
        public, forgotten = Q(origin=Initiative.Origin.PUBLIC_SOURCE), Q(declarant_erased_on__isnull=False)
        lasting = tuple(name for name in Initiative.REQUIRED_TO_PUBLISH if name not in Initiative.DECLARANT)
        return self.filter(
            (public & _any_empty(Initiative.REQUIRED_OF_PUBLIC_SOURCE))
            | (~public & ~forgotten & _any_empty(Initiative.REQUIRED_TO_PUBLISH))
            | (~public & forgotten & _any_empty(lasting))
        )

    def naming_a_declarant(self):
        """Its twin for one entry: Initiative.names_a_declarant."""
        return self.filter(declared())

    def unverified_since(self, day):
        """Published entries that nobody has verified since that day."""
        # A moment rather than the day of each: SQLite would ask Python for every one.
        begun = timezone.make_aware(datetime.combine(day, time.min))
        return self.published().filter(Q(verified_on__lt=day) | Q(verified_on__isnull=True, published_at__lt=begun))

    def linking_to(self, addresses: models.QuerySet[WebAddress]):
        """Entries whose source, or a link of theirs, is one of the addresses."""
        urls = addresses.values("url")
        giving = Q(source_url__in=urls)
        for name in WITH_ADDRESSES:
            giving |= Q(pk__in=self.model.part_model(name).objects.filter(url__in=urls).values("initiative"))
        return self.filter(giving)

    def with_dead_links(self):
        """Published entries that give an address which no longer answers."""
        return self.published().linking_to(WebAddress.objects.dead())

    def most_recent(self):
        return self.order_by("-published_at", "-started", "sort_key", "pk")

    def by_title(self):
        return self.order_by("sort_key", "pk")

    def by_territory(self):
        return self.order_by("territory__sort_key", "sort_key", "pk")

    def by_relevance(self, query: Query):
        """Words found in the title first, then the most recent."""
        return self.annotate(rank=query.rank()).order_by("-rank", "-published_at", "-started", "sort_key", "pk")

    def for_cards(self):
        """With all that a card or a feed shows, and none of the long texts that they do not."""
        return (
            self.select_related("category", "department", "territory")
            .prefetch_related(models.Prefetch("themes", Theme.objects.order_by("position", "pk")))
            .only(
                "reference",
                "slug",
                "title",
                "summary",
                "started",
                "published_at",
                "in_survey",
                "origin",
                "status",
                "category__name",
                "category__short_name",
                "category__slug",
                "category__colour",
                "category__sign",
                "department__name",
                "territory__name",
                "territory__kind",
                "territory__slug",
                "territory__department_id",
            )
        )

    def for_page(self):
        """With all that the page of an entry shows."""
        return (
            self.annotate(source_silent_since=WebAddress.objects.dead_since("source_url"))
            .select_related(
                "category",
                "survey",
                "department__region",
                "territory__department",
                "inspired_by",
            )
            .prefetch_related(
                models.Prefetch("themes", Theme.objects.order_by("position", "pk")),
                models.Prefetch("audiences", Audience.objects.order_by("position", "pk")),
                *(models.Prefetch(name, self._parts_of_page(name)) for name in OWN),
            )
        )

    def _parts_of_page(self, name: str):
        rows = self.model.part_model(name).objects.order_by("pk")
        return rows.annotate(silent_since=WebAddress.objects.dead_since("url")) if name in WITH_ADDRESSES else rows

    def for_export(self):
        """With what an export joins of other tables, as text: one query, whatever the number of rows."""
        seen = Q(inspired_by__status=Initiative.Status.PUBLISHED)
        rows = {
            f"{name}_rows": children(self.model.part_model(name).objects, "pk", *parts) for name, parts in OWN.items()
        }
        for name in SHARED:
            through, one = self.model.sharing(name)
            rows[f"{name}_rows"] = children(through.objects, f"{one}__position", f"{one}__pk", f"{one}__name")
        return self.annotate(
            **rows, inspired_by_reference=Case(When(seen, then="inspired_by__reference"), default=Value(""))
        )

    def update(self, **values):
        if "status" in values:
            raise IllegalMove("Le statut ne change que par les actions de modération, fiche par fiche.")
        return super().update(**values)


class Initiative(models.Model):
    """A digital initiative of one town or one intercommunality, as told by it or by a public source."""

    class Status(models.TextChoices):
        DRAFT = "draft", "brouillon"
        SUBMITTED = "submitted", "à relire"
        CHANGES_REQUESTED = "changes_requested", "à compléter"
        PUBLISHED = "published", "publiée"
        REJECTED = "rejected", "refusée"
        ARCHIVED = "archived", "archivée"

    class Origin(models.TextChoices):
        SURVEY = "survey", "réponse à l’enquête"
        PUBLIC_SOURCE = "public_source", "source publique"
        STAFF = "staff", "saisie par l’association"

    class State(models.TextChoices):
        PLANNED = "planned", "en projet"
        ONGOING = "ongoing", "en cours"
        DEPLOYED = "deployed", "déployée"
        STOPPED = "stopped", "arrêtée"
        UNKNOWN = "unknown", "inconnu"

    class Cost(models.TextChoices):
        NONE = "0", "aucun"
        UNDER_1K = "lt1", "moins de 1 000 €"
        UNDER_10K = "1-10", "de 1 000 à 10 000 €"
        UNDER_50K = "10-50", "de 10 000 à 50 000 €"
        UNDER_200K = "50-200", "de 50 000 à 200 000 €"
        OVER_200K = "gt200", "plus de 200 000 €"

    class LeadTime(models.TextChoices):
        DAYS = "days", "quelques jours"
        WEEKS = "weeks", "quelques semaines"
        MONTHS = "months", "un à six mois"
        LONG = "long", "plus de six mois"

    # Territoire
    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="collectivité", related_name="+")
    # These two follow from the territory. Stored because every facet counts by them: one join less.
    is_of_town = models.BooleanField(default=True, editable=False)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="département", related_name="+", editable=False
    )
    carrying_service = models.CharField("service porteur", max_length=120, blank=True)

    # En bref
    title = models.CharField("titre", max_length=120)
    slug = models.SlugField("adresse", max_length=110, unique=True, blank=True)
    summary = models.CharField("résumé", max_length=500, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name="catégorie", related_name="+")
    themes = models.ManyToManyField(Theme, verbose_name="thèmes", related_name="+", blank=True)
    audiences = models.ManyToManyField(Audience, verbose_name="publics visés", related_name="+", blank=True)
    state = models.CharField("état", max_length=8, choices=State, default=State.UNKNOWN)
    started = BytewiseField("début", max_length=7, blank=True, validators=[year_or_month])
    ended = BytewiseField("fin", max_length=7, blank=True, validators=[year_or_month])

    # Récit
    need = models.CharField("besoin de départ", max_length=600, blank=True)
    solution = models.CharField("solution", max_length=1500, blank=True)
    results = models.CharField("résultats", max_length=800, blank=True)
    caveats = models.CharField("points de vigilance", max_length=800, blank=True)
    advice = models.CharField("conseils", max_length=600, blank=True)
    highlight = models.CharField("un fait", max_length=110, blank=True)

    # Pour refaire
    uses_open_source = models.BooleanField("logiciel libre", default=False)
    investment_cost = models.CharField("coût d’investissement", max_length=6, choices=Cost, blank=True)
    yearly_cost = models.CharField("coût annuel", max_length=6, choices=Cost, blank=True)
    cost_details = models.CharField("coût, en clair", max_length=200, blank=True)
    lead_time = models.CharField("délai de mise en œuvre", max_length=6, choices=LeadTime, blank=True)
    staff_count = models.PositiveIntegerField(
        "agents mobilisés", null=True, blank=True, validators=[MaxValueValidator(99_999)]
    )
    partners = models.TextField("partenaires", max_length=1000, blank=True)
    inspired_by = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="s’inspire de", related_name="+", null=True, blank=True
    )

    # Source
    source_title = models.CharField("titre de la source", max_length=200, blank=True)
    source_publisher = models.CharField("éditeur de la source", max_length=120, blank=True)
    source_url = models.CharField("adresse de la source", max_length=500, blank=True, validators=[web_address])

    # Contact: the service is public, the declarant is not.
    contact_service = models.CharField("service à contacter", max_length=120, blank=True)
    contact_email = models.EmailField("courriel du service", blank=True)
    declarant_name = models.CharField("nom du déclarant", max_length=120, blank=True)
    declarant_role = models.CharField("fonction du déclarant", max_length=120, blank=True)
    declarant_email = models.EmailField("courriel du déclarant", blank=True)
    # Since then the entry may do without one: it had one.
    declarant_erased_on = models.DateField("déclarant effacé le", null=True, editable=False)
    licence_agreed_on = models.DateField("accord de diffusion le", null=True, blank=True)

    # System
    reference = models.CharField("référence", max_length=40, unique=True, blank=True)
    survey = models.ForeignKey(Survey, models.PROTECT, verbose_name="enquête", related_name="+")
    in_survey = models.BooleanField("cité par l’enquête", default=False)
    origin = models.CharField("origine", max_length=13, choices=Origin, default=Origin.STAFF)
    status = models.CharField("statut", max_length=17, choices=Status, default=Status.DRAFT, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    submitted_at = models.DateTimeField("soumise le", null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    reviewed_at = models.DateTimeField("relue le", null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    review_message = models.TextField("message de relecture", blank=True, editable=False)
    published_at = models.DateTimeField("publiée le", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    internal_note = models.TextField("note interne", blank=True)
    # Goes up with every save: a form that was opened before is out of date.
    version = models.PositiveIntegerField("version", default=1, editable=False)
    # Derived: see freshness.py, which keeps them right.
    population_band = models.CharField(max_length=15, editable=False, default="")
    sort_key = SortKeyField()
    search_text = models.TextField(editable=False, default="")
    search_title = models.CharField(max_length=300, editable=False, default="")

    # Never on a public page, in a public export, in the search index or in a log.
    DECLARANT = names(lambda row: row.readers is Readers.DECLARANT)
    # What the public does not read of what a form changes: the rest is the text that « quatre yeux » looks at.
    PRIVATE_FIELDS = frozenset({*names(lambda row: not row.is_public), "review_message"})
    # What only who reviews may still change.
    CLOSED = (Status.REJECTED, Status.ARCHIVED)
    COMPLETENESS_FIELDS = names(lambda row: row.is_in_completeness)
    REQUIRED_TO_PUBLISH = names(lambda row: ANSWER in row.needed_of)
    REQUIRED_OF_PUBLIC_SOURCE = names(lambda row: PUBLIC_SOURCE in row.needed_of)

    objects = InitiativeQuerySet.as_manager()
    history = Versions(
        verbose_name="version de la fiche",
        excluded_fields=[
            "department",
            "is_of_town",
            "population_band",
            "uses_open_source",
            "sort_key",
            "search_text",
            "search_title",
        ],
    )

    class Meta:
        verbose_name = "initiative"
        # One permission a verb; the groups that have them are in groups.py.
        permissions = [
            ("submit_initiative", "Peut soumettre une fiche"),
            ("publish_initiative", "Peut publier une fiche"),
            ("request_changes_initiative", "Peut demander des compléments"),
            ("reject_initiative", "Peut refuser une fiche"),
            ("archive_initiative", "Peut archiver une fiche"),
            ("restore_initiative", "Peut rétablir une fiche"),
            ("import_initiative", "Peut importer des fiches"),
            ("view_declarant_initiative", "Peut lire les données du déclarant"),
            ("purge_initiative", "Peut effacer les données des déclarants"),
        ]
        indexes = [
            models.Index(
                fields=["status", "-published_at", "-started", "sort_key", "id"],
                name="initiative_most_recent",
            ),
            models.Index(fields=["status", "sort_key", "id"], name="initiative_by_title"),
            # All that is counted: a million entries are counted in this index, without reading one of them.
            models.Index(
                fields=[
                    "status",
                    "category",
                    "department",
                    "population_band",
                    "uses_open_source",
                    "in_survey",
                    "started",
                    "is_of_town",
                    "territory",
                ],
                name="initiative_counted",
            ),
        ]
        constraints = [
            who_and_when("submitted", "Soumission"),
            who_and_when("reviewed", "Relecture"),
            who_and_when("published", "Publication"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="initiative_published_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False),
                name="initiative_submitted_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["changes_requested", "rejected"]) | Q(reviewed_at__isnull=False),
                name="initiative_reviewed_says_when",
            ),
            # « 2020 » and « 2020-04 » compare at the precision of the shorter one.
            models.CheckConstraint(
                condition=Q(started="") | Q(ended="") | Q(ended__gte=Left("started", Length("ended"))),
                name="initiative_ends_after_it_starts",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
            models.CheckConstraint(
                condition=is_web_address("source_url", or_empty=True),
                name="initiative_source_is_web_address",
                violation_error_message="L’adresse de la source commence par http:// ou https://.",
            ),
            models.CheckConstraint(
                condition=~Q(status="published", origin="public_source") | ~Q(source_url=""),
                name="initiative_public_source_is_named",
            ),
            models.CheckConstraint(
                condition=~Q(origin="survey") | Q(in_survey=True),
                name="initiative_survey_answer_is_in_survey",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("initiative_detail", args=[self.slug])

    # Words about one entry, without a query

    @property
    def is_published(self) -> bool:
        """The twin of InitiativeQuerySet.published()."""
        return self.status == self.Status.PUBLISHED

    @property
    def is_set_aside(self) -> bool:
        """Whether only who reviews may still change it. The twin of InitiativeQuerySet.set_aside()."""
        return self.status in self.CLOSED

    @property
    def is_from_public_source(self) -> bool:
        return self.origin == self.Origin.PUBLIC_SOURCE

    @property
    def names_a_declarant(self) -> bool:
        """The twin of InitiativeQuerySet.naming_a_declarant()."""
        return any(getattr(self, name) for name in self.DECLARANT)

    @property
    def known_state(self) -> str:
        """The state as a word; nothing where nobody knows."""
        return "" if self.state == self.State.UNKNOWN else self.get_state_display()

    @property
    def completeness(self) -> int:
        """How much of the record is filled in, in hundredths: of what the public would read."""
        filled = sum(bool(getattr(self, name)) for name in self.COMPLETENESS_FIELDS)
        return round(100 * filled / len(self.COMPLETENESS_FIELDS))

    def missing_to_publish(self) -> list[str]:
        """The names of the fields that publishing asks for and that are empty. Its twin: incomplete()."""
        required = self.REQUIRED_OF_PUBLIC_SOURCE if self.is_from_public_source else self.REQUIRED_TO_PUBLISH
        spared = self.DECLARANT if self.declarant_erased_on else ()
        return [name for name in required if name not in spared and not getattr(self, name)]

    # Four eyes

    def last_author(self):
        """Who last changed what the public reads of the entry, or would; None where a command did, or nobody knows."""
        last = None
        for version in self.history.select_related("history_user").order_by("-history_id").iterator(chunk_size=20):
            if last is not None and _text_of(version) != _text_of(last):
                break
            last = version
        if last is None:
            return None
        if last.history_change_reason == APPROVING:
            # The first that was approved from then on: the entry is locked from its text to the decision.
            approved = self.revisions.filter(decision="approved", decided_at__gte=last.history_date)
            if revision := approved.order_by("decided_at", "pk").first():
                return revision.proposed_by
        return last.history_user

    def needs_other_eyes(self, by) -> bool:
        """Whether « quatre yeux » keeps this person from publishing the entry as it stands.

        Whoever submitted a text of no known author answers for it.
        """
        # The account of a loading is nobody: there are no eyes to count.
        if not settings.FOUR_EYES or not by.is_active:
            return False
        author = self.last_author()
        return by.pk == (author.pk if author else self.submitted_by_id)

    # Saving: derive, then guard

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._stored_status = instance.__dict__.get("status")
        instance._stored_slug = instance.__dict__.get("slug")
        return instance

    _stored_status = Status.DRAFT
    _stored_slug = None

    @property
    def was_published(self) -> bool:
        """Whether the public saw the entry before this change of it."""
        return self._stored_status == self.Status.PUBLISHED

    def follow(self, stored: "Initiative"):
        """Take from the stored row what no form changes: the status, who did what and when."""
        for field in self._meta.concrete_fields:
            if not field.editable:
                setattr(self, field.attname, getattr(stored, field.attname))
        self._stored_status, self._stored_slug = stored._stored_status, stored._stored_slug

    def clean(self):
        self.source_url = with_plain_scheme(self.source_url)
        if self.origin == self.Origin.SURVEY:
            self.in_survey = True
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError({"verified_on": "Cette date est à venir : écrivez le jour de la vérification."})

    def derive(self):
        """Set what follows from other fields: département, sort key, slug and reference when new."""
        self.derive_columns()
        self.reference = self.reference or self.survey.next_reference()
        self.slug = self.slug or self._free_slug()

    def derive_columns(self):
        self.department = self.territory.department
        self.sort_key = sort_key(self.title)

    @property
    def slug_candidates(self) -> tuple[str, str]:
        base = slugify(fold(self.title).replace("'", " "))[:80].strip("-") or "initiative"
        return base, f"{base[:65]}-{slugify(self.reference)}"

    @property
    def last_slug(self) -> str:
        """For the entry whose every other address is taken."""
        return slugify(f"{self.slug_candidates[0][:60]}-{self.reference}-{timezone.now():%f}")

    def _free_slug(self) -> str:
        for candidate in self.slug_candidates:
            if not Initiative.objects.filter(slug=candidate).exists() and not (
                SlugRedirect.objects.filter(slug=candidate).exclude(initiative=self.pk).exists()
            ):
                return candidate
        return self.last_slug

    @classmethod
    def part_model(cls, name: str) -> type[models.Model]:
        """That of the rows of a field of OWN."""
        return cls._meta.get_field(name).related_model

    @classmethod
    def sharing(cls, name: str) -> tuple[type[models.Model], str]:
        """The model of what leads to the rows of a field of SHARED, and the name that it has for each of them."""
        field = cls._meta.get_field(name)
        return field.remote_field.through, field.m2m_reverse_field_name()

    @classmethod
    def parts_of(cls, keys: list[int]) -> dict[int, dict]:
        """What hangs on each of the entries, for their history: keys of rows that are shared, values of their own."""
        found = {key: {name: [] for name in (*SHARED, *OWN, "former_slugs")} for key in keys}
        rows = {"former_slugs": SlugRedirect.objects.order_by("pk").values_list("initiative", "slug")}
        for name in SHARED:
            through, one = cls.sharing(name)
            rows[name] = through.objects.order_by(one).values_list("initiative", one)
        for name, columns in OWN.items():
            rows[name] = cls.part_model(name).objects.order_by("pk").values_list("initiative", *columns)
        for name, query in rows.items():
            for key, *values in query.filter(initiative__in=keys):
                found[key][name].append(values[0] if len(values) == 1 else values)
        return found

    @transaction.atomic
    def save(self, *, update_fields=None, **kwargs):
        if not self._state.adding:
            locked = Initiative.objects.select_for_update().values_list("version", flat=True)
            self.version = locked.get(pk=self.pk) + 1
            update_fields = update_fields and [*update_fields, "version"]
        if self.status != self._stored_status and not getattr(self, "_is_moving", False):
            raise IllegalMove("Le statut ne change que par les actions de modération.")
        if update_fields is None:
            self.derive()
            if self.pk:
                # A theme belongs to one category: those of the former category go with it.
                self.themes.through.objects.filter(initiative=self.pk).exclude(
                    theme__category=self.category_id
                ).delete()
        super().save(update_fields=update_fields, **kwargs)
        if self._stored_slug and self._stored_slug != self.slug:
            SlugRedirect.objects.filter(slug=self.slug).delete()
            SlugRedirect.objects.update_or_create(slug=self._stored_slug, defaults={"initiative": self})
        self._stored_status, self._stored_slug = self.status, self.slug

    # The verbs: nothing else changes the status

    def submit(self, *, by, at: datetime | None = None):
        """Hand the entry to whoever reviews."""
        self._move("soumettre", {"draft", "changes_requested"}, "submitted", at=at, submitted=by)

    def publish(self, *, by, at: datetime | None = None):
        """Show the entry to the public; refused while something required is missing.

        Entries of one loading share one moment `at`, so that none of them is more recent than another.
        """
        self._move("publier", {"submitted"}, "published", at=at, check=_is_publishable, reviewed=by, published=by)

    def request_changes(self, *, by, message: str):
        """Send the entry back with what to complete, and tell the declarant where there is an address."""
        with transaction.atomic():
            self._move("demander des compléments", {"submitted"}, "changes_requested", message=message, reviewed=by)
            if self.declarant_email:
                OutgoingMail.objects.create(initiative=self, to=self.declarant_email, **_mail_of_changes(self))

    def reject(self, *, by, reason: str):
        """Refuse the entry, and say why."""
        self._move("refuser", {"submitted", "changes_requested"}, "rejected", message=reason, reviewed=by)

    def archive(self, *, by):
        """Take the entry off the public site without losing it."""
        self._move("archiver", {"published"}, "archived", reviewed=by)

    def restore(self, *, by):
        """Put an archived or rejected entry back among those to review."""
        self._move("rétablir", {"archived", "rejected"}, "submitted", submitted=by)

    def _move(
        self, verb: str, allowed: set[str], target: str, *, message: str | None = None, at=None, check=None, **acts
    ):
        """Go to `target` if the stored entry is among `allowed` and passes the check; acts get their who and when."""
        if message is not None and not message.strip():
            raise IllegalMove(f"Pour {verb}, écrivez un message : il dit pourquoi.")
        now = at or timezone.now()
        with transaction.atomic():
            stored = Initiative.objects.select_for_update().get(pk=self.pk)
            if stored.status not in allowed:
                raise IllegalMove(
                    f"Impossible {of(verb)} : le statut de « {self} » est « {stored.get_status_display()} »."
                    f"{_way_to_a_review(stored.status) if 'submitted' in allowed else ''}"
                )
            if check:
                check(stored, by=next(iter(acts.values())))
            self._stored_status = stored.status
            changed = {"status": target}
            if message is not None:
                changed["review_message"] = message.strip()
            for act, by in acts.items():
                changed |= {f"{act}_at": now, f"{act}_by": by}
            for name, value in changed.items():
                setattr(self, name, value)
            self._is_moving, self._history_user, self._change_reason = True, next(iter(acts.values())), verb
            try:
                self.save(update_fields=list(changed))
            finally:
                del self._is_moving, self._history_user, self._change_reason


def _way_to_a_review(status: str) -> str:
    """What makes an entry of this status one to review, as a sentence; none where it has been reviewed."""
    if status in {"draft", "changes_requested"}:
        return " Soumettez-la d’abord."
    return " Rétablissez-la d’abord." if status in {"rejected", "archived"} else ""


def _is_publishable(stored: Initiative, *, by):
    """The rules of publishing, asked of what the database holds and not of what someone still reads."""
    if missing := stored.missing_to_publish():
        names = ", ".join(f"« {Initiative._meta.get_field(name).verbose_name} »" for name in missing)
        raise IllegalMove(f"« {stored} » ne peut pas être publiée : il manque {names}.")
    if stored.needs_other_eyes(by):
        raise IllegalMove(
            f"« {stored} » ne peut pas être publiée par la personne qui en a écrit le dernier texte : une autre"
            " personne de la modération doit la relire."
        )


def _text_of(version) -> list:
    """What the public reads of a version of an entry."""
    names = (
        field.attname
        for field in version.tracked_fields
        if field.editable and field.name not in Initiative.PRIVATE_FIELDS
    )
    return [version.parts, *(getattr(version, name) for name in names)]


def _mail_of_changes(initiative: Initiative) -> dict[str, str]:
    title = " ".join(initiative.title.split())
    lines = [
        "Bonjour,",
        f"Vous nous avez fait connaître l’initiative « {title} » ({initiative.territory}), et nous vous en remercions.",
        "Avant de la publier dans le catalogue, il nous manque une précision :",
        initiative.review_message,
        f"Référence à rappeler : {initiative.reference}.",
        *([f"Vous pouvez répondre à {settings.CONTACT_EMAIL}."] if settings.CONTACT_EMAIL else []),
        settings.PUBLISHER,
    ]
    return {"subject": f"Votre initiative « {title} » : une précision", "body": "\n\n".join(lines)}


class SlugRedirectQuerySet(models.QuerySet):
    def for_published(self):
        published = Initiative.objects.published()
        return self.filter(initiative__in=published).select_related("initiative")


class SlugRedirect(models.Model):
    """An address that an entry once had: it redirects for ever."""

    slug = models.SlugField("ancienne adresse", max_length=110, unique=True)
    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name="initiative", related_name="former_slugs")

    objects = SlugRedirectQuerySet.as_manager()

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"

    def __str__(self):
        return self.slug


class Tool(models.Model):
    """A tool that an initiative uses, and whether it is free software."""

    class OpenSource(models.TextChoices):
        YES = "yes", "oui"
        NO = "no", "non"
        UNKNOWN = "unknown", "ne sait pas"

    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name="initiative", related_name="tools")
    name = models.CharField("nom", max_length=120)
    open_source = models.CharField("logiciel libre", max_length=7, choices=OpenSource, default=OpenSource.UNKNOWN)

    class Meta:
        verbose_name = "outil"
        constraints = [models.UniqueConstraint(fields=["initiative", "name"], name="tool_once_an_initiative")]

    def __str__(self):
        return self.name

    @property
    def is_open_source(self) -> bool:
        """Known to be free software, and not merely not known to be otherwise."""
        return self.open_source == self.OpenSource.YES


class Link(models.Model):
    """A web page that tells more."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name="initiative", related_name="links")
    label = models.CharField("intitulé", max_length=120)
    url = models.CharField("adresse", max_length=500, validators=[web_address])

    class Meta:
        verbose_name = "lien"
        constraints = [
            models.CheckConstraint(
                condition=is_web_address("url"),
                name="link_is_web_address",
                violation_error_message="Un lien commence par http:// ou https://.",
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        self.url = with_plain_scheme(self.url)


class KeyFigure(models.Model):
    """A figure that says what an initiative gave: its value, and what it is of."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name="initiative", related_name="key_figures")
    value = models.CharField(
        "valeur",
        max_length=12,
        # What stands between the two in a file.
        validators=[RegexValidator(r"\A[^:]*\Z", "Écrivez la valeur sans deux-points.")],
    )
    label = models.CharField("libellé", max_length=70)

    class Meta:
        verbose_name = "chiffre clé"
        verbose_name_plural = "chiffres clés"

    def __str__(self):
        return f"{self.value} : {self.label}"


class Source(models.Model):
    """A public page that an entry was written from, after the one that it keeps itself."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name="initiative", related_name="more_sources")
    title = models.CharField("titre", max_length=200)
    publisher = models.CharField(
        "éditeur",
        max_length=120,
        # What stands between the three in a file; a title may hold one.
        validators=[RegexValidator(r"\A[^·]*\Z", "Écrivez l’éditeur sans point médian.")],
    )
    url = models.CharField("adresse", max_length=500, validators=[web_address])

    class Meta:
        verbose_name = "source"
        constraints = [
            models.CheckConstraint(
                condition=is_web_address("url"),
                name="source_is_web_address",
                violation_error_message="Une source commence par http:// ou https://.",
            )
        ]

    def __str__(self):
        return self.title
