"""The home of the desk: what waits, each count with the list that it counts; the current survey; the last imports."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from initiatives.imports.duplicates import all_duplicates
from initiatives.models import Category, ImportBatch, Initiative, OutgoingMail, Revision, Survey

from .list_filters import UNVERIFIED, ToDoFilter

Status = Initiative.Status
LAST_IMPORTS = 5


@dataclass(frozen=True)
class Waiting:
    """A pile of the desk: how many entries, what they are, where they are listed."""

    count: int
    noun: str
    url: str


def entries_url(query: str = "") -> str:
    return reverse("admin:initiatives_initiative_changelist") + (f"?{query}" if query else "")


def waiting() -> list[Waiting]:
    """The piles, those with nothing in them too: a zero is good news. Of erasures, only those that are near."""
    by_status = dict(Initiative.objects.order_by().values_list("status").annotate(Count("pk")))
    today, rows = timezone.localdate(), Initiative.objects.order_by()
    piles = [
        (by_status.get(Status.SUBMITTED, 0), "à relire,à relire", f"status__exact={Status.SUBMITTED}"),
        (Revision.objects.pending().count(), "révision à relire,révisions à relire", "travail=revisions"),
        (
            by_status.get(Status.CHANGES_REQUESTED, 0),
            "à compléter,à compléter",
            f"status__exact={Status.CHANGES_REQUESTED}",
        ),
        (by_status.get(Status.DRAFT, 0), "brouillon,brouillons", f"status__exact={Status.DRAFT}"),
        (len(all_duplicates()), "doublon probable,doublons probables", "travail=doublons"),
        (ToDoFilter.chosen(rows, "incompletes").count(), "incomplète,incomplètes", "travail=incompletes"),
        (
            rows.unverified_since(today - UNVERIFIED).count(),
            "non vérifiée depuis un an,non vérifiées depuis un an",
            "travail=a-verifier",
        ),
        (
            rows.with_dead_links().count(),
            "fiche dont un lien ne répond plus,fiches dont un lien ne répond plus",
            "travail=liens-morts",
        ),
    ]
    if count := ToDoFilter.chosen(rows, "a-effacer").count():
        piles.append(
            (count, "déclarant à effacer sous 30 jours,déclarants à effacer sous 30 jours", "travail=a-effacer")
        )
    return [Waiting(count, noun, entries_url(query)) for count, noun, query in piles]


def survey_progress() -> dict | None:
    """The current survey: how many answers of how many territories, and its entries by status and by category.

    What was taken from public pages or typed for the association is an entry of the survey, not an answer to it.
    """
    survey = Survey.objects.order_by("-started_on", "-pk").first()
    if survey is None:
        return None
    rows = Initiative.objects.filter(survey=survey).order_by()
    statuses = dict(rows.values_list("status").annotate(Count("pk")))
    categories = dict(rows.values_list("category").annotate(Count("pk")))
    answered = rows.filter(origin=Initiative.Origin.SURVEY).aggregate(
        answers=Count("pk"), territories=Count("territory", distinct=True)
    )
    query = f"survey__id__exact={survey.pk}"
    return {
        "survey": survey,
        "total": sum(statuses.values()),
        **answered,
        "answers_url": entries_url(f"{query}&origin__exact={Initiative.Origin.SURVEY}"),
        "statuses": [
            (status.label, statuses[status], entries_url(f"{query}&status__exact={status}"))
            for status in Status
            if status in statuses
        ],
        "categories": [
            (category.short_name, categories[category.pk], entries_url(f"{query}&category__id__exact={category.pk}"))
            for category in Category.objects.order_by("position", "pk")
            if category.pk in categories
        ],
    }


def last_imports() -> list[ImportBatch]:
    return list(ImportBatch.objects.select_related("sent_by").order_by("-pk")[:LAST_IMPORTS])


def unsent_mails() -> int:
    return OutgoingMail.objects.filter(sent_at=None).count()
