"""A system check for `manage.py check --database default`: search finds only what its index is told."""

from django.core import checks
from django.db import connections

from .backends import ENGINES, engine_of


def check_search_is_installed(app_configs=None, databases=None, **kwargs):
    """Warn where the engine's column, index, table or triggers are missing in a database that has posts."""
    found = []
    for alias in databases or ():
        if connections[alias].vendor not in ENGINES:
            found.append(checks.Error(f"Search has no engine for {connections[alias].vendor}.", id="search.E001"))
        elif "gallery_postpage" in connections[alias].introspection.table_names():
            missing = engine_of(alias).missing()
            if missing:
                found.append(
                    checks.Warning(
                        f"Search misses {', '.join(missing)} in database {alias!r}: new posts may not be found.",
                        hint="Run `manage.py migrate`, then `manage.py rebuild_search`.",
                        id="search.W001",
                    )
                )
    return found
