#!/usr/bin/env python3
"""Whether the code that runs now goes on running while new migrations are applied: `make lint` asks this.

A deployment migrates while the old version still answers, and goes back to it when the new one fails. So a migration only
adds, with a default that the database itself knows; what is no longer needed goes with a later release. The rules are those
of django-migration-linter. Migrations listed in `.ci/migrations-not-linted.txt`, each with its reason, are left out.

Ends with 1 where a migration breaks a rule. Writes nothing; DATABASE_URL says for which database the SQL is made.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTED = ROOT / ".ci" / "migrations-not-linted.txt"
APPS = ("gallery", "community", "search", "home", "pixlpix", "watching")


def listed(text):
    """The migrations that a list leaves out: {(app, name): why}. Raises ValueError for a line without a reason."""
    found, why = {}, ""
    for line in text.splitlines():
        if line.startswith("#"):
            why = line.removeprefix("#").strip()
        elif line.strip():
            match = re.fullmatch(r"(\w+)/(\w+)(?:\s+#\s*(\S.*))?", line.strip())
            if not match or not (match[3] or why):
                raise ValueError(f"Not a migration with a reason: {line!r}")
            found[match[1], match[2]] = match[3] or why
        else:
            why = ""
    return found


def lint(left_out, analyser=None):
    """Lint every migration of ours but those in `left_out`; prints what is wrong. Returns how many are.

    `analyser` is the database whose rules hold ("postgresql", "sqlite"); the one that is connected where it is None.
    """
    from django.conf import settings
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(
        str(settings.BASE_DIR), no_cache=True, include_apps=list(APPS), quiet=["ok", "ignore"], analyser_string=analyser
    )
    for key, migration in sorted(linter.migration_loader.disk_migrations.items()):
        if key[0] in APPS and key not in left_out:
            linter.lint_migration(migration)
    return linter.nb_erroneous


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")
    import django

    django.setup()
    wrong = lint(listed(LISTED.read_text(encoding="utf-8")))
    if wrong:
        sys.exit(
            f"{wrong} migrations would break the version that still runs while they are applied. See CONTRIBUTING.md, "
            f'"Migrations"; one that is safe for a reason is listed in {LISTED.relative_to(ROOT)} with it.'
        )
