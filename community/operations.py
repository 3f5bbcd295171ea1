"""What the team that runs the site records about it, for the console: when it was last backed up, and last restored to try.

What does these things stands above this app and hands its records in with `use`.
"""

from collections.abc import Callable, Iterable
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
_askers: list[tuple[frozenset, Callable[[], dict]]] = []


def use(kinds: Iterable[str], last: Callable[[], dict[str, Record]]):
    """Ask `last()` for {kind: its newest Record} of `kinds`, which are of KINDS; without those that have none yet. One query
    at most. Raises ValueError for a kind that there is not."""
    if unknown := set(kinds) - set(KINDS):
        raise ValueError(f"There is no such kind of record: {unknown.pop()}")
    _askers.append((frozenset(kinds), last))


def records():
    """[(label, Record or None)] of every kind."""
    found = newest()
    return [(label, found.get(kind)) for kind, label in KINDS.items()]


def newest():
    """{kind: Record or None} of the kinds that somebody hands in."""
    found = {}
    for kinds, last in _askers:
        found |= dict.fromkeys(kinds) | last()
    return found
