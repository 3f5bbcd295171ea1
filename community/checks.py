"""Checks on the data itself, run with `manage.py check --database default`."""

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections
from django.db.models import Exists, OuterRef


@checks.register(checks.Tags.database)
def everybody_has_consented(app_configs, databases, **kwargs):
    """Fails on a user without a consent record: nobody has an account who did not accept the policy."""
    from .actions.erase_account import COLLECTIVE
    from .models import ConsentRecord, User

    errors = []
    for alias in databases or []:
        try:
            if User._meta.db_table not in connections[alias].introspection.table_names():
                continue
            consent = ConsentRecord.objects.filter(user=OuterRef("pk"))
            # The row that comments of erased members belong to is nobody's account.
            without = User.objects.using(alias).filter(~Exists(consent)).exclude(username=COLLECTIVE)
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


@checks.register()
def left_accounts_are_kept_for_a_time(app_configs, **kwargs):
    """Fails where the time after which the shells of left accounts are erased is none."""
    days = settings.KEEP_LEFT_ACCOUNTS_DAYS
    if days is None or days >= 0:
        return []
    hint = "Give a number of days from 0 on, or leave it out: then they are kept for ever, as the first policy says."
    return [checks.Error("KEEP_LEFT_ACCOUNTS_DAYS is less than nothing.", hint=hint, id="community.E002")]


@checks.register()
def decisions_that_need_a_second_moderator_are_known(app_configs, **kwargs):
    """Fails where SECOND_PAIR_OF_EYES names no decision: a slip would let one moderator do what needs two."""
    from .models import Decision

    unknown = sorted(set(settings.SECOND_PAIR_OF_EYES) - set(Decision.Act.values))
    if not unknown:
        return []
    hint = f"Known are {', '.join(Decision.Act.values)}."
    return [checks.Error(f"SECOND_PAIR_OF_EYES: {', '.join(unknown)} is no decision.", hint=hint, id="community.E003")]


@checks.register(checks.Tags.security, deploy=True)
def staff_have_a_second_factor(app_configs, **kwargs):
    """Fails in production where staff could enter the console with a password alone."""
    if settings.STAFF_TWO_FACTOR:
        return []
    hint = "Leave STAFF_TWO_FACTOR out: only DEBUG waives it."
    return [checks.Error("Staff may enter the console with a password alone.", hint=hint, id="community.E004")]
