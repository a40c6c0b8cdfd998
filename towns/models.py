"""The Code officiel géographique: regions, départements, intercommunalities and communes."""

from django.db import models
from django.db.models import Q
from django.dispatch import Signal

from .names import SortKeyField, sort_key, territory_slug

# Sent by the loading of a vintage when it changed something: upper apps refresh what they derive
# from territories. It carries nothing; whoever listens reads the tables.
territories_changed = Signal()


class Zone(models.TextChoices):
    METRO = "metro", "métropole"
    DROM = "drom", "département et région d’outre-mer"
    COM = "com", "collectivité d’outre-mer"


class Region(models.Model):
    """A French region, or an overseas collectivity that stands for one in the COG."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    zone = models.CharField("zone", max_length=5, choices=Zone)
    sort_key = SortKeyField()

    class Meta:
        verbose_name = "région"

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(**kwargs)


class Department(models.Model):
    """A French département, or an overseas collectivity that stands for one in the COG."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="région", related_name="departments")
    zone = models.CharField("zone", max_length=5, choices=Zone)
    sort_key = SortKeyField()

    class Meta:
        verbose_name = "département"

    def __str__(self):
        return f"{self.name} ({self.code})"

    def save(self, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(**kwargs)


class TerritoryQuerySet(models.QuerySet):
    def alphabetical(self):
        return self.order_by("sort_key", "pk")

    def current(self):
        return self.filter(is_former=False)


class Territory(models.Model):
    """What a commune and an intercommunality have in common."""

    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=140, unique=True, editable=False)
    sort_key = SortKeyField(db_index=True)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="département", related_name="%(class)s_set")
    population = models.PositiveIntegerField("population", null=True, blank=True)
    is_former = models.BooleanField(
        "disparue du COG",
        default=False,
        help_text="La collectivité n’existe plus dans le dernier millésime ; elle reste parce qu’une fiche la cite.",
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.name} ({self.department_id})"

    @property
    def code(self) -> str:
        """The code of the COG, which is the key: INSEE code of a commune, SIREN of an EPCI."""
        return self.pk

    def derive(self):
        """Set what follows from the name. The slug is given once: an address never changes."""
        self.sort_key = sort_key(self.name)
        self.slug = self.slug or territory_slug(self.name, self.department_id)

    def save(self, **kwargs):
        self.derive()
        super().save(**kwargs)


class Intercommunality(Territory):
    """An EPCI with its own taxation: communauté or métropole, known by its SIREN."""

    class Kind(models.TextChoices):
        CC = "CC", "communauté de communes"
        CA = "CA", "communauté d’agglomération"
        CU = "CU", "communauté urbaine"
        METRO = "METRO", "métropole"
        MET69 = "MET69", "métropole à statut particulier"

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    kind = models.CharField("nature", max_length=5, choices=Kind)

    class Meta:
        verbose_name = "intercommunalité"

    @property
    def full_name(self) -> str:
        """The name, abbreviation written out: « CA Flers Agglo », « Communauté d’agglomération Flers Agglo »."""
        abbreviation, _, rest = self.name.partition(" ")
        if abbreviation == self.kind and rest:
            return f"{self.get_kind_display().capitalize()} {rest}"
        return self.name


class Town(Territory):
    """A commune of the COG, known by its INSEE code."""

    insee_code = models.CharField("code INSEE", max_length=5, primary_key=True)
    intercommunality = models.ForeignKey(
        Intercommunality,
        models.SET_NULL,
        verbose_name="intercommunalité",
        related_name="towns",
        null=True,
        blank=True,
    )
    postal_codes = models.CharField("codes postaux", max_length=200, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=Q(is_former=False),
                name="town_name_unique_in_department",
                violation_error_message="Une commune de ce nom existe déjà dans ce département.",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="town_point_whole_and_on_earth",
            ),
        ]

    @property
    def full_name(self) -> str:
        return self.name
