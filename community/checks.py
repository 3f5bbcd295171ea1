"""Checks on the data itself, run with `manage.py check --database default`."""

from django.core import checks
from django.db import DatabaseError, connections
from django.db.models import Exists, OuterRef


@checks.register(checks.Tags.database)
def everybody_has_consented(app_configs, databases, **kwargs):
    """Fails on a user without a consent record: nobody has an account who did not accept the policy."""
    from .models import ConsentRecord, User

    errors = []
    for alias in databases or []:
        try:
            if User._meta.db_table not in connections[alias].introspection.table_names():
                continue
            without = User.objects.using(alias).filter(~Exists(ConsentRecord.objects.filter(user=OuterRef("pk"))))
            names = list(without.order_by("pk").values_list("username", flat=True)[:5])
        except DatabaseError:
            continue  # before the first migration there is nothing to check
        if names:
            errors.append(
                checks.Error(
                    f"Users without a consent record: {', '.join(names)}.",
                    hint="Accounts are made by community.actions.create_account alone.",
                    id="community.E001",
                )
            )
    return errors
