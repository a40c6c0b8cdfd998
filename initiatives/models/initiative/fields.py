"""The columns of an entry: its enumerations, and which of its fields are private."""

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

from initiatives.text.sentences import SUMMARY_LENGTH
from towns.models import Department, Territory
from towns.names import BytewiseField, SortKeyField

from ..classification import Audience, Category, Theme
from ..record_table import Readers, names
from ..survey import Survey
from ..web_address import web_address

year_or_month = RegexValidator(
    r"^(19|20)\d\d(-(0[1-9]|1[0-2]))?\Z",
    "Écrivez une année (2020) ou une année et un mois (2020-04).",
)


class InitiativeFields(models.Model):
    """The abstract base of Initiative: enumerations, constants and fields, and nothing that it does."""

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

    class OpenSource(models.TextChoices):
        YES = "yes", "oui"
        NO = "no", "non"

    class LeadTime(models.TextChoices):
        DAYS = "days", "quelques jours"
        WEEKS = "weeks", "quelques semaines"
        MONTHS = "months", "un à six mois"
        LONG = "long", "plus de six mois"

    # Never on a public page, in a public export, in the search index or in a log.
    DECLARANT = names(lambda row: row.readers is Readers.DECLARANT)
    # What the public does not read of what a form changes: the rest is the text that « quatre yeux » looks at.
    PRIVATE_FIELDS = frozenset({*names(lambda row: not row.is_public), "review_message"})
    # What only who reviews may still change.
    CLOSED = (Status.REJECTED, Status.ARCHIVED)

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
    summary = models.CharField("résumé", max_length=SUMMARY_LENGTH, blank=True)
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
    # Of the whole, where nobody says of which tool.
    open_source = models.CharField("initiative en logiciel libre", max_length=3, choices=OpenSource, blank=True)
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
    # When the data of this declarant came in: how long it is kept counts from then at the earliest.
    declared_on = models.DateField("déclarant reçu le", null=True, editable=False)
    # It had one: what was forgotten is not typed or imported again unseen.
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
    # Derived: see models/derived.py, which keeps them right.
    population_band = models.CharField(max_length=15, editable=False, default="")
    sort_key = SortKeyField()
    search_text = models.TextField(editable=False, default="")
    search_title = models.CharField(max_length=300, editable=False, default="")

    class Meta:
        abstract = True
