"""Signals that search listens to."""

from django.db import connections

from .backends import SQLiteEngine


def mend_after_migrate(using, **kwargs):
    """After `migrate` (Django's post_migrate): on SQLite, put back triggers that a migration of gallery's dropped.

    There is no other way in: the schema editor makes a table anew and drops its triggers without a word.
    """
    if connections[using].vendor == "sqlite":
        SQLiteEngine(connections[using]).mend()
