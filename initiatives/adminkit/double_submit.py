"""The second click: the same person asks at once for what the first one did, and reads what the first one said."""

from datetime import datetime, timedelta

from django.utils import timezone

from initiatives.models import Initiative, Revision
from initiatives.models.record import differences, stored_values

# A second identical act within this time is a double click.
DOUBLE_CLICK = timedelta(minutes=2)


def is_just_now(at: datetime) -> bool:
    return at >= timezone.now() - DOUBLE_CLICK


def has_just_written(by, version, through: str) -> bool:
    """Whether this version of a row is what this person did there a moment ago."""
    return (
        version is not None
        and version.history_user == by
        and version.through == through
        and is_just_now(version.history_date)
    )


def just_proposed(by, initiative: Initiative, values: dict) -> Revision | None:
    """The revision to these values that this person handed in a moment ago, if it still waits."""
    revision = Revision.objects.pending().filter(initiative=initiative, proposed_by=by).first()
    if revision is None or not is_just_now(revision.proposed_at):
        return None
    after = {one.name: one.after for one in differences(stored_values(revision.initiative), values)}
    return revision if revision.after == after else None


def has_just_decided(by, revision: Revision, decision: str, message: str = "") -> bool:
    """Whether this is what this person decided of it a moment ago, with the same words."""
    told = revision.decided_by == by and (revision.decision, revision.message) == (decision, message.strip())
    return told and is_just_now(revision.decided_at)
