"""Signals that search listens to."""

from django.db import connections

from .backends import SQLiteEngine
from .names import keep_names


def mend_after_migrate(using, **kwargs):
    """After `migrate` (Django's post_migrate): on SQLite, put back triggers that a migration of gallery's dropped.

    There is no other way in: the schema editor makes a table anew and drops its triggers without a word.
    """
    if connections[using].vendor == "sqlite":
        SQLiteEngine(connections[using]).mend()


def keep_names_after_save(instance, update_fields, raw=False, **kwargs):
    """After a User was saved (Django's post_save): keep the words of their names in step.

    There is no other way in: community's actions make and rename members, and community knows no search. What is saved
    without a name in it (signing in, say) costs nothing. `rebuild_search` mends what `update()` did past this.
    """
    if not raw and (update_fields is None or {"username", "name"} & set(update_fields)):
        keep_names(instance)
