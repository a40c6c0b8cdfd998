"""How long the data of declarants is kept, and the purge of what is past its time.

It counts from the day when it came in, or from the end of the survey, whichever is later: it came in with the entry,
or when somebody typed, imported or proposed another declarant. What is kept of one entry is forgotten at once.
"""

import calendar
from dataclasses import asdict
from datetime import MAXYEAR, MINYEAR, date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from initiatives.text.french import counted, day, listed, noun, typo

from . import declarants, mail
from .imports import ImportBatch
from .initiative import Initiative, declared
from .journal import PersonalDataEvent
from .mail import OutgoingMail
from .revision import Revision
from .survey import Survey

OPEN = "rien n’est effacé tant que l’enquête n’a pas de date de clôture"
# How long beforehand the desk says so.
NOTICE = timedelta(days=30)


def months_after(day: date, months: int) -> date:
    """The same day of another month, or its last one where it has none: 31 August and 6 months give 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        # Whoever typed 9999 meant that it never ends.
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cutoff_of(today: date) -> date:
    """The last day of which RETENTION_MONTHS have gone by: what came in until then, or ended, is kept no longer."""
    tomorrow = today + timedelta(days=1)
    if tomorrow.day == 1:  # the days that a longer month had are over with this one
        return months_after(tomorrow, -settings.RETENTION_MONTHS) - timedelta(days=1)
    return months_after(today, -settings.RETENTION_MONTHS)


def _due(survey: Survey, came_in: date) -> date:
    """When what came in for a survey that is over is to be forgotten."""
    return months_after(max(survey.ended_on, came_in), settings.RETENTION_MONTHS)


def told(survey: Survey) -> str:
    """How many declarants the entries of a survey name, and when they are forgotten."""
    rows = Initiative.objects.filter(survey=survey).naming_a_declarant()
    found = rows.aggregate(count=models.Count("pk"), first=models.Min("declared_on"), last=models.Max("declared_on"))
    count, today = found["count"], timezone.localdate()
    named = f"{counted(count, 'fiche')} {noun(count, 'nomme son,nomment leur')} déclarant"
    if survey.ended_on is None:
        return typo(f"{named} ; {OPEN}.")
    if not count:
        return f"{named}."
    first, last = _due(survey, found["first"]), _due(survey, found["last"])
    when = "à la prochaine purge" if first <= today else f"le {day(first)}"
    if first < last and today < last:
        when += f" pour les premières, le {day(last)} pour les dernières"
    return typo(f"{named} ; effacement {when}, {_months()} après la clôture de l’enquête ou leur arrivée.")


def told_of_import(**survey) -> str:
    """What is erased, and when, of what is imported today into a survey that is over; nothing where none is.

    Of all surveys, or of those that `survey` selects, by the lookups of a queryset.
    """
    today = timezone.localdate()
    over = Survey.objects.ended_by(today).filter(**survey).oldest_first()
    if not over:
        return ""
    names, due = listed(f"« {survey} »" for survey in over), day(months_after(today, settings.RETENTION_MONTHS))
    return typo(
        f"{noun(len(over), 'Enquête close')} : {names}. Les noms et adresses de déclarants que vous y importez"
        f" aujourd’hui seront effacés le {due}, avec le fichier."
    )


def fate(initiative: Initiative | None) -> str:
    """What becomes of the declarant of one entry, or of one that is being typed, and when."""
    if initiative is None:
        return typo(
            f"Jamais publié. Effacé {_months()} après la clôture de l’enquête, ou après son arrivée si elle est plus"
            " tardive ; plus tôt si la personne le demande."
        )
    if initiative.declarant_erased_on and not initiative.names_a_declarant:
        return f"Effacé le {day(initiative.declarant_erased_on)}."
    survey, today = initiative.survey, timezone.localdate()
    if survey.ended_on is None:
        return f"{OPEN[0].upper()}{OPEN[1:]}."
    came_in = max([initiative.declared_on or today, *_later(initiative)])
    due = _due(survey, came_in)
    if due <= today:
        return typo(f"Le délai est passé depuis le {day(due)} : effacement à la prochaine purge.")
    start = "la clôture de l’enquête" if survey.ended_on >= came_in else "son arrivée"
    return f"Sera effacé le {day(due)}, {_months()} après {start}."


def _months() -> str:
    return f"{settings.RETENTION_MONTHS}\u00a0mois"


def to_forget_soon() -> models.QuerySet[Initiative]:
    """The entries whose declarants are forgotten within the time of NOTICE."""
    cutoff = cutoff_of(timezone.localdate() + NOTICE)
    rows = Initiative.objects.naming_a_declarant().filter(survey__ended_on__lte=cutoff, declared_on__lte=cutoff)
    proposed, sent = _proposed().filter(came_in__gt=cutoff), _files().filter(came_in__gt=cutoff)
    return rows.exclude(pk__in=proposed.values("initiative")).exclude(
        pk__in=sent.exclude(rows__initiative=None).values("rows__initiative")
    )


# What came in besides the entry itself


def _proposed() -> models.QuerySet[Revision]:
    return Revision.objects.naming_a_declarant().annotate(came_in=TruncDate("proposed_at"))


def _files() -> models.QuerySet[ImportBatch]:
    return ImportBatch.objects.personal().annotate(came_in=TruncDate(Coalesce("written_at", "sent_at")))


def _later(initiative: Initiative) -> list[date]:
    found = _proposed().filter(initiative=initiative), _files().filter(rows__initiative=initiative)
    return [one.came_in for rows in found for one in rows]


@transaction.atomic
def purge(today: date | None = None) -> list[PersonalDataEvent]:
    """Forget whatever is past its time, all of it or nothing, and say so in the journal, which it returns.

    The second of two at once finds nothing left; neither does the next one on the same day.
    """
    today = today or timezone.localdate()
    cutoff = cutoff_of(today)
    # Whoever purges waits here for whoever does already.
    surveys = Survey.objects.select_for_update().ended_by(cutoff).order_by("pk")
    lines = [_forget_survey(survey, cutoff) for survey in surveys]
    lines.append(_forget_mails(months_after(today, -mail.KEPT_MONTHS)))
    return PersonalDataEvent.objects.bulk_create([line for line in lines if line])


def _forget_survey(survey: Survey, cutoff: date) -> PersonalDataEvent | None:
    files = _files().at_rest().filter(survey=survey, came_in__lte=cutoff).values_list("pk", flat=True)
    done = declarants.forget(_entries_of(survey, cutoff), batches=files)
    return (
        PersonalDataEvent(act=PersonalDataEvent.Act.RETENTION, survey=survey, cutoff=cutoff, **asdict(done))
        if done
        else None
    )


def _entries_of(survey: Survey, cutoff: date) -> set[int]:
    """The keys of the entries of a survey of whose declarants anything is kept, and all of it came in until the
    cutoff; deleted ones among them.

    What came in since, and is kept, says the same of them: they are forgotten with it.
    """
    mails = OutgoingMail.objects.filter(initiative__survey=survey, created_at__date__lte=cutoff)
    old = _named(survey, came_in__lte=cutoff) | {*mails.values_list("initiative", flat=True)}
    sent = _files().filter(rows__initiative__survey=survey, came_in__gt=cutoff)
    return old - _named(survey, came_in__gt=cutoff) - {*sent.values_list("rows__initiative", flat=True)}


def _named(survey: Survey, **came_in: date) -> set[int]:
    """The keys of the entries of a survey that name a declarant who came in then: now, in a version, in a revision."""
    own = Initiative.objects.filter(survey=survey)
    existing = Initiative.objects.filter(pk=models.OuterRef("id"))
    past = Initiative.history.filter(declared()).annotate(came_in=models.F("declared_on")).filter(**came_in).order_by()
    present = own.naming_a_declarant().annotate(came_in=models.F("declared_on")).filter(**came_in)
    proposed = _proposed().filter(initiative__survey=survey, **came_in)
    return {
        *present.values_list("pk", flat=True),
        *past.filter(id__in=own.values("pk")).values_list("id", flat=True).distinct(),
        *past.filter(~models.Exists(existing), survey=survey).values_list("id", flat=True).distinct(),
        *proposed.values_list("initiative", flat=True),
    }


def _forget_mails(cutoff: date) -> PersonalDataEvent | None:
    count, _ = OutgoingMail.objects.filter(created_at__date__lt=cutoff).delete()
    return PersonalDataEvent(act=PersonalDataEvent.Act.MAILS, cutoff=cutoff, mails=count) if count else None
