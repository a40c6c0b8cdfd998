"""Territories of the Code officiel géographique: communes and intercommunalities."""

from collections.abc import Callable

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.dispatch import Signal

from towns.names import SortKeyField, epci_sort_key, territory_slugs

from .places import CODE, Department, Place, PlaceQuerySet

# Sent by the loading of a vintage, in its transaction, when it changed something: upper apps refresh
# what they derive from territories. It carries nothing; whoever listens reads the tables.
territories_changed = Signal()


class TerritoryQuerySet(PlaceQuerySet):
    def current(self):
        """Territories of the last vintage. Its contrary for one territory: Territory.is_former."""
        return self.filter(is_former=False)

    def by_relevance(self, text: str):
        """Order by relevance: the same name first, then names that begin so; the largest first, former ones last."""
        typed = self._typed(text)
        name = " ".join(word for word in typed if not CODE.fullmatch(word))
        whens = [When(pk__in=[word.upper() for word in typed], then=Value(0))]
        if name:
            whens += [When(sort_key=name, then=Value(0)), When(sort_key__startswith=name, then=Value(1))]
        rank = Case(*whens, default=Value(2))
        return self.order_by("is_former", rank, F("population").desc(nulls_last=True), "sort_key", "pk")

    def _coded(self, code: str) -> Q:
        postal = Q(postal_codes__startswith=code) | Q(postal_codes__contains=f"|{code}")
        return Q(pk__startswith=code) | Q(department=code) | postal


class TownManager(models.Manager.from_queryset(TerritoryQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(kind="")


class IntercommunalityManager(models.Manager.from_queryset(TerritoryQuerySet)):
    def get_queryset(self):
        return super().get_queryset().exclude(kind="")


def slug_is_given(slug: str) -> bool:
    """Whether a territory has this address: a commune and an EPCI never share one."""
    return Territory.objects.filter(slug=slug).exists()


class Territory(Place):
    """A commune or an EPCI: one table, that Town and Intercommunality see their part of."""

    class Kind(models.TextChoices):
        CC = "CC", "communauté de communes"
        CA = "CA", "communauté d’agglomération"
        CU = "CU", "communauté urbaine"
        METRO = "METRO", "métropole"
        MET69 = "MET69", "métropole à statut particulier"

    # Of the COG: the INSEE code of a commune, the SIREN of an EPCI.
    code = models.CharField("code", max_length=9, primary_key=True)
    # Of an EPCI; a commune has none.
    kind = models.CharField("nature", max_length=5, choices=Kind, blank=True)
    name = models.CharField("nom", max_length=120)
    slug = models.SlugField("adresse", max_length=140, unique=True, editable=False)
    sort_key = SortKeyField(db_index=True)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="département", related_name="+")
    population = models.PositiveIntegerField("population", null=True, blank=True)
    is_former = models.BooleanField(
        "disparue du COG",
        default=False,
        help_text="La collectivité n’existe plus dans le dernier millésime ; elle reste parce qu’une fiche la cite.",
    )
    # Of an EPCI, to which the COG gives no point, that of its most populated commune.
    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    # What only communes have.
    intercommunality = models.ForeignKey(
        "Intercommunality", models.SET_NULL, verbose_name="intercommunalité", related_name="+", null=True, blank=True
    )
    postal_codes = models.CharField("codes postaux", max_length=200, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "collectivité"
        # The desk shows its kinds, never the two together.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=Q(is_former=False, kind=""),
                name="town_name_unique_in_department",
                violation_error_message="Une commune de ce nom existe déjà dans ce département.",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="territory_point_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(intercommunality=None, postal_codes=""),
                name="intercommunality_has_nothing_of_a_town",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.department_id})"

    @property
    def is_town(self) -> bool:
        return not self.kind

    @property
    def full_name(self) -> str:
        """The name, abbreviation written out: « CA Flers Agglo », « Communauté d’agglomération Flers Agglo ».

        What already says its kind stands by itself: « CA Agglomération d’Agen », « Agglomération d’Agen ».
        """
        abbreviation, _, rest = self.name.partition(" ")
        if abbreviation == self.kind and rest.startswith(("Communauté", "Agglo")):
            return rest
        if abbreviation == self.kind and rest:
            return f"{self.get_kind_display().capitalize()} {rest}"
        return self.name

    def derive(self, *, slug_is_given: Callable[[str], bool] = slug_is_given):
        """Set what follows from the name. The slug is given once: an address never changes."""
        super().derive()
        if not self.slug:
            plain, coded = territory_slugs(self.name, self.department_id, self.pk)
            self.slug = coded if slug_is_given(plain) else plain


class Intercommunality(Territory):
    """An EPCI with its own taxation: communauté or métropole, known by its SIREN."""

    sort_key_of = staticmethod(epci_sort_key)

    objects = IntercommunalityManager()

    class Meta:
        proxy = True
        verbose_name = "intercommunalité"


class Town(Territory):
    """A commune of the COG, known by its INSEE code."""

    objects = TownManager()

    class Meta:
        proxy = True
        verbose_name = "commune"
