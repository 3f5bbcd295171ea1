"""What the team that runs the site records about it, for the console: when it was last backed up, and last restored to try.

What does these things stands above this app and hands its records in with `use`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Record:
    """The last time that something was done: when, whether it went well, and where its list is, if anywhere."""

    at: datetime
    went_well: bool = True
    url: str = ""


KINDS = {"backup": _("Last backup"), "restore drill": _("Last restore drill")}
_last: dict[str, Callable[[], Record | None]] = {}


def use(kind, last):
    """Ask `last()` for the newest Record of a kind, one of KINDS; None where there is none yet. One query at most."""
    if kind not in KINDS:
        raise ValueError(f"There is no such kind of record: {kind}")
    _last[kind] = last


def records():
    """[(label, Record or None)] of every kind."""
    return [(label, _last[kind]() if kind in _last else None) for kind, label in KINDS.items()]


def newest():
    """{kind: Record or None} of the kinds that somebody hands in."""
    return {kind: last() for kind, last in _last.items()}
