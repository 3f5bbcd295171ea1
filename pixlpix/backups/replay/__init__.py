"""Doing again what the ledger knows and an older database does not: what was out of reach stays so, before the site answers.

Entries are applied in the order of their time to the rows as they are now, each as the state that it led to, never as an
act of somebody's: nobody is told twice, and applied twice an entry changes nothing. Files are published by nobody here:
what may be seen again is shown by a task once the site answers (pixlpix/tasks.py).

Things that the older database does not know, because they were made after it, are counted and left alone.
"""

import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from django.utils.dateparse import parse_datetime

from ..errors import BackupError
from ..progress import watched

logger = logging.getLogger(__name__)

# Entries of acts that hide are written before their commit, and clocks differ: what was entered so long before a snapshot
# may not be in it.
MARGIN = timedelta(minutes=15)


class Unknown(Exception):
    """The database has no such thing: it was made after the snapshot."""


class NotNow(Exception):
    """It stays hidden, and somebody must look: the message says why."""


@dataclass(frozen=True)
class Entry:
    """One entry of the ledger."""

    name: str
    act: str
    key: str
    at: object  # aware datetime
    id: int | None = None
    state: dict = field(default_factory=dict)


def read_entry(name, content):
    """The Entry in the bytes of a ledger file. Raises BackupError for what is none."""
    try:
        body = json.loads(content)
        return Entry(name, body["act"], body["key"], parse_datetime(body["at"]), body.get("id"), body["state"])
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"Ledger entry {name} cannot be read: {error!r}") from error


class Replayer(NamedTuple):
    """What applies an act, and what it decides about: of several entries on one thing and matter the last one counts.

    `parts` are words of the entry's state that tell things apart which share a key: the comments of a post.
    """

    apply: object
    matter: str
    parts: tuple = ()


def replayers():
    """{act: Replayer} of all kinds."""
    from . import avatars, comments, erasures, galleries, members, photos, posts

    return {
        act: Replayer(*how)
        for kind in (posts, photos, galleries, members, avatars, comments, erasures)
        for act, how in kind.REPLAYED.items()
    }


# Entered by the same acts, and left alone by a roll-back: why.
NOT_REPLAYED = {
    "gallery.passed_on": "the new gallery is not in the older database; the sweeper passes the old one on again",
    "avatar.shown": "a picture that is in the older database is shown by its row; a later one is not there",
}


def replay(entries):
    """Apply the last of `entries` on each matter of each thing, in order of time; returns a Counter.

    It counts "applied", "unknown" (made after the snapshot), "left_hidden" and "left_alone". Raises BackupError for an act
    that nobody knows: it may have hidden something.
    """
    counts = Counter()
    for entry, apply in watched(last_of_each(entries, counts), "Acts done again"):
        try:
            apply(entry)
            counts["applied"] += 1
        except Unknown:
            counts["unknown"] += 1
        except NotNow as reason:
            logger.error("%s of %s: %s", entry.act, entry.key, reason)
            counts["left_hidden"] += 1
    return counts


def last_of_each(entries, counts):
    """[(entry, what applies it)], in order of time."""
    known, last = replayers(), {}
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.name)):
        if entry.act in NOT_REPLAYED:
            counts["left_alone"] += 1
            continue
        if entry.act not in known:
            raise BackupError(f"Ledger entry {entry.name} says {entry.act}, which this PixlPix does not know.")
        how = known[entry.act]
        parts = tuple(str(entry.state.get(part)) for part in how.parts)
        last[how.matter, entry.id or entry.key, entry.act.partition(".")[0], parts] = entry, how.apply
    return sorted(last.values(), key=lambda pair: (pair[0].at, pair[0].name))
