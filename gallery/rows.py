"""Rows of another table beside each row of a query, as one JSON array: what would be a query of its own costs none."""

from django.db.models import JSONField, Subquery

WRITTEN = {  # how each database writes a row as a list, and such lists as one
    "sqlite": {"line": "json_array", "gather": "json_group_array(json(line))"},
    "postgresql": {"line": "jsonb_build_array", "gather": "coalesce(jsonb_agg(line), '[]')"},
}


class Rows(Subquery):
    """`columns` of the rows of `queryset`, a list each, in their order; an empty list where there are none.

    For lists that are short by their nature: all of it is read whenever the row beside it is.
    """

    output_field = JSONField()
    template = (
        "(WITH r(%(names)s) AS (%(subquery)s), lines(line) AS (SELECT %(line)s(%(names)s) FROM r)"
        " SELECT %(gather)s FROM lines)"
    )

    def __init__(self, queryset, *columns, **extra):
        names = ", ".join(f"c{number}" for number in range(len(columns)))
        super().__init__(queryset.values_list(*columns), names=names, **extra)

    def as_sql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, **WRITTEN[connection.vendor], **extra)
