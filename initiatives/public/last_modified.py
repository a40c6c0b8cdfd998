"""When what the public reads of an entry last changed, as its history tells."""

from collections.abc import Iterable
from datetime import datetime

from initiatives.models import Initiative, record
from initiatives.models.history import versions_of

# That an entry was verified is no news of it.
UNTOLD = {*record.BLOCKS["Déclarant"], "internal_note", "verified_on"}


def last_changes(initiatives: Iterable[Initiative]) -> dict[int, datetime]:
    """For each of some published entries, by key: its last correction, or its publication where it has none."""
    published_at = {initiative.pk: initiative.published_at for initiative in initiatives}
    found, before = dict(published_at), {}
    versions = versions_of(Initiative).objects.filter(id__in=published_at, status=Initiative.Status.PUBLISHED)
    for version in versions.order_by("history_id"):
        # The first version of this publication is what was published; those of a former one tell nothing.
        if version.published_at != published_at[version.id]:
            continue
        told = {name: value for name, value in record.version_values(version).items() if name not in UNTOLD}
        if before.get(version.id, told) != told:
            found[version.id] = max(version.history_date, found[version.id])
        before[version.id] = told
    return found
