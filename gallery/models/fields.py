"""Fields of our own."""

from django.db import models


class FoldedField(models.CharField):
    """Text as gallery/text.py folds it, compared and ordered by code point in every database.

    So one index serves both "begins with" (a range: see `begins_with`) and the order, whatever the language that the
    database was made with. SQLite compares so by itself; PostgreSQL calls it the collation C.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


LAST = "\U0010ffff"  # comes after every text that goes on


def begins_with(field, prefix):
    """A condition: the FoldedField at the lookup path `field` begins with `prefix`, already folded."""
    return models.Q(**{f"{field}__gte": prefix, f"{field}__lt": prefix + LAST})
