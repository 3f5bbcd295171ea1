"""Checks of `manage.py check --deploy --database default`, which stops a deployment before it answers."""

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from . import companies

SHORT = 32  # characters below which a token can be guessed


@checks.register(checks.Tags.security, deploy=True)
def metrics_token_is_long(app_configs, **kwargs):
    """Fails where the token for /metrics is short enough to be guessed."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= SHORT:
        return []
    hint = f"Make one of at least {SHORT} random characters, or leave it out: then there is no /metrics."
    return [checks.Error("METRICS_TOKEN is short.", hint=hint, id="watching.E001")]


@checks.register(checks.Tags.database, deploy=True)
def policy_names_the_companies(app_configs, databases=None, **kwargs):
    """Fails where the settings hand data to a company that the policy in force does not name: members accepted that text.

    Before the first member has joined it only warns: somebody must be able to sign in and publish it.
    """
    if "default" not in (databases or ()):
        return []
    try:
        missing = companies.missing()
        anybody = companies.has_members() if missing else False
    except DatabaseError:
        return []  # before the first migration there is nothing to check
    kind, number = (checks.Error, "E") if anybody else (checks.Warning, "W")
    hint = (
        "Write a new version of the policy in the console (Settings, Policies: copy the one in force), name the company in "
        "its text and under “Companies”, and publish it; or take the setting back."
    )
    return [
        kind(
            f"The policy in force does not name {need.company} for {need.label}, which {need.setting} hands data to.",
            hint=hint,
            id=f"watching.{number}002",
        )
        for need in missing
    ]
