"""Rows of a child table as one text beside their parent: an export is one query, whatever its rows."""

from django.db.models import Func, OuterRef, QuerySet, Subquery, TextField


class JSONRow(Func):
    """Columns as one JSON array."""

    function = "JSON_BUILD_ARRAY"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra_context):
        return self.as_sql(compiler, connection, function="JSON_ARRAY", **extra_context)


class JSONRows(Func):
    """All rows of a subquery as one JSON array, in no order; empty or NULL where there are none.

    An aggregate to the database and not to Django, which would group by what stands beside it.
    """

    function = "JSON_AGG"
    template = "%(function)s(%(expressions)s)::text"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra_context):
        template = "%(function)s(%(expressions)s)"
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", template=template, **extra_context)


def children(rows: QuerySet, *columns: str) -> Subquery:
    """Columns of the rows that belong to an initiative: `[[…], […]]`. Readers sort by the first columns."""
    own = rows.filter(initiative=OuterRef("pk")).order_by()
    return Subquery(own.values(as_json=JSONRows(JSONRow(*columns))))
