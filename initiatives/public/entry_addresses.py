"""The entry behind an address, the present one or one that it once had."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from initiatives.models import Initiative


def entry_at(slug: str, rows: QuerySet[Initiative]) -> Initiative:
    """The one of these rows that has the address, or had it: then its `slug` is another, to redirect to."""
    return rows.filter(slug=slug).first() or get_object_or_404(rows, former_slugs__slug=slug)
