"""The querysets of entries: which rows, in what order, with what of other tables."""

from datetime import datetime, time

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from initiatives.search.query import Query

from ..classification import Audience, Theme
from ..lists import children
from ..record_table import OWN, SHARED, WITH_ADDRESSES
from ..web_address import WebAddress
from .completeness import publishable
from .fields import InitiativeFields
from .workflow import IllegalMove

Status = InitiativeFields.Status


def declared() -> Q:
    """The condition that an entry, or a version of one, says who answered."""
    return ~Q(**dict.fromkeys(InitiativeFields.DECLARANT, ""))


class InitiativeQuerySet(models.QuerySet):
    def published(self):
        """The only door to the public. Its twin for one entry: Initiative.is_published."""
        return self.filter(status=Status.PUBLISHED)

    def unpublished(self):
        """What the public does not see: to be counted, never shown."""
        return self.filter(status__in=set(Status) - {Status.PUBLISHED})

    def set_aside(self):
        """Its twin for one entry: Initiative.is_set_aside."""
        return self.filter(status__in=self.model.CLOSED)

    def about(self, themes):
        """Entries of at least one of the themes, each once."""
        through = self.model.themes.through.objects.filter(theme__in=themes)
        return self.filter(pk__in=through.values("initiative"))

    def cited_by(self, survey: str):
        """Answers to the survey of this slug, and the examples that its publication cites."""
        return self.filter(survey__slug=survey, in_survey=True)

    def sharing_theme_with(self, initiative: InitiativeFields):
        """Entries that have a theme of this one, itself among them; a few are found without looking at all."""
        themes = [theme.pk for theme in initiative.themes.all()]
        shared = self.model.themes.through.objects.filter(initiative=models.OuterRef("pk"), theme__in=themes)
        return self.filter(models.Exists(shared))

    def matching(self, query: Query):
        return self.filter(query.condition())

    def incomplete(self):
        """Those that lack what publishing asks for. Its twin for one entry: Initiative.missing_to_publish()."""
        return self.filter(~publishable())

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
        seen = Q(inspired_by__status=Status.PUBLISHED)
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
