"""How long the data of declarants is kept, and the purge of what is past its time."""

from dataclasses import asdict
from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from initiatives.text.french import day, typo

from . import declarants, mail
from .imports import ImportBatch
from .initiative import Initiative, declared
from .journal import PersonalDataEvent
from .mail import OutgoingMail
from .revision import Revision
from .survey import Survey, months_after

# An import that somebody may still be working on is spared this long: nothing of it is in the catalogue.
IN_HAND = timedelta(days=30)
# How long beforehand the desk says so.
NOTICE = timedelta(days=30)


def told(survey: Survey) -> str:
    """What becomes of the declarants of a survey, and when."""
    due = survey.forgets_on
    if due is None:
        return "rien n’est effacé tant que l’enquête n’a pas de date de clôture"
    if due <= timezone.localdate():
        return typo(f"le délai est passé depuis le {day(due)} : effacement à la prochaine purge")
    return f"sera effacé le {day(due)}, {settings.RETENTION_MONTHS}\u00a0mois après la clôture de l’enquête"


def fate(initiative: Initiative | None) -> str:
    """The same of the declarant of one entry, or of one that is being typed, as a sentence."""
    if initiative is None:
        months = f"{settings.RETENTION_MONTHS}\u00a0mois"
        return f"Jamais publié. Effacé {months} après la clôture de l’enquête, ou plus tôt si la personne le demande."
    if initiative.declarant_erased_on and not initiative.names_a_declarant:
        return f"Effacé le {day(initiative.declarant_erased_on)}."
    sentence = told(initiative.survey)
    return f"{sentence[0].upper()}{sentence[1:]}."


def soon() -> date:
    return timezone.localdate() + NOTICE


@transaction.atomic
def purge(today: date | None = None) -> list[PersonalDataEvent]:
    """Forget whatever is past its time, all of it or nothing, and say so in the journal, which it returns.

    The second of two at once finds nothing left; neither does the next one on the same day.
    """
    today = today or timezone.localdate()
    # Whoever purges waits here for whoever does already.
    surveys = Survey.objects.select_for_update().to_forget_by(today).order_by("pk")
    lines = [_forget_survey(survey, months_after(today, -settings.RETENTION_MONTHS)) for survey in surveys]
    lines.append(_forget_mails(months_after(today, -mail.KEPT_MONTHS)))
    return PersonalDataEvent.objects.bulk_create([line for line in lines if line])


def _forget_survey(survey: Survey, cutoff: date) -> PersonalDataEvent | None:
    done = declarants.forget(_entries_of(survey), batches=_batches_of(survey))
    return (
        PersonalDataEvent(act=PersonalDataEvent.Act.RETENTION, survey=survey, cutoff=cutoff, **asdict(done))
        if done
        else None
    )


def _entries_of(survey: Survey) -> set[int]:
    """The keys of the entries of a survey of whose declarants anything is kept; deleted ones among them."""
    own = Initiative.objects.filter(survey=survey)
    existing = Initiative.objects.filter(pk=models.OuterRef("id"))
    past = Initiative.history.filter(declared()).order_by()
    return {
        *own.naming_a_declarant().values_list("pk", flat=True),
        *past.filter(id__in=own.values("pk")).values_list("id", flat=True).distinct(),
        *past.filter(~models.Exists(existing), survey=survey).values_list("id", flat=True).distinct(),
        *Revision.objects.naming_a_declarant().filter(initiative__survey=survey).values_list("initiative", flat=True),
        *OutgoingMail.objects.filter(initiative__survey=survey).values_list("initiative", flat=True),
    }


def _batches_of(survey: Survey) -> list[int]:
    """Not those under way, which the next purge finds ended, nor those that somebody has just sent."""
    in_hand = models.Q(state__in=ImportBatch.OPEN, sent_at__gt=timezone.now() - IN_HAND)
    found = ImportBatch.objects.personal().at_rest().filter(survey=survey).exclude(in_hand)
    return list(found.values_list("pk", flat=True))


def _forget_mails(cutoff: date) -> PersonalDataEvent | None:
    count, _ = OutgoingMail.objects.filter(created_at__date__lt=cutoff).delete()
    return PersonalDataEvent(act=PersonalDataEvent.Act.MAILS, cutoff=cutoff, mails=count) if count else None
