"""The second click: the same person asks at once for what the first one did, and reads what the first one said."""

from datetime import datetime, timedelta

from django.utils import timezone

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
