"""Which snapshots are kept, and for how long; and what lies in the pool that no kept snapshot names any more."""

import logging
import re
import shutil
from dataclasses import dataclass
from datetime import timedelta

from . import manifest
from .errors import BackupError
from .place import UNFINISHED, moment_of

logger = logging.getLogger(__name__)

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=31)}
UNITS["y"] = timedelta(days=366)
RHYTHMS = {"hourly": "%Y%m%d%H", "daily": "%Y%m%d", "weekly": "%G%V", "monthly": "%Y%m"}
SAFETY = "before restore"  # how the reason of a safety snapshot begins
SAFETY_KEPT = timedelta(days=30)
HOW = "Write it like 24h:hourly,30d:daily,12m:monthly: a span (h, d, w, m, y), a colon, and hourly, daily, weekly or monthly."


@dataclass(frozen=True)
class Rule:
    """For `span` back from now, one snapshot of each hour, day, week or month: the newest in it."""

    span: timedelta
    rhythm: str


def parse(text):
    """The Rules in "24h:hourly,30d:daily,12m:monthly". Raises BackupError, saying how to write them."""
    rules = []
    for part in filter(None, (part.strip().lower() for part in text.split(","))):
        found = re.fullmatch(r"(\d+)\s*([hdwmy])\w*\s*:\s*(hourly|daily|weekly|monthly|all)", part)
        if not found or not int(found[1]):
            raise BackupError(f'"{part}" is no rule for keeping backups. {HOW}')
        rules.append(Rule(int(found[1]) * UNITS[found[2]], found[3]))
    if not rules:
        raise BackupError(f"There is no rule in --keep. {HOW}")
    return rules


def check_promise(rules, days):
    """Raise BackupError where a rule keeps backups for longer than the `days` that people are told (BACKUP_DAYS)."""
    longest = max(rule.span for rule in rules)
    if longest > timedelta(days=days):
        raise BackupError(
            f"--keep holds backups for {longest.days} days, and who has something erased is told that it is {days}. "
            f"Set BACKUP_DAYS={longest.days} here and for the site, or keep less."
        )


def outdated(place, rules, now):
    """The names of snapshots that no rule keeps, oldest first. The newest complete one is never among them."""
    complete = place.names()
    kept = set(complete[-1:])
    for names in (complete, place.incomplete_names()):
        for rule in rules:
            kept |= _kept_by(rule, names, now)
    for name in complete:
        if now - moment_of(name) <= SAFETY_KEPT and _is_safety(place, name):
            kept.add(name)
    return sorted({*complete, *place.incomplete_names()} - kept)


def _kept_by(rule, names, now):
    newest = {}
    for name in names:  # oldest first: the newest of each hour, day or month stays
        moment = moment_of(name)
        if moment is not None and now - moment <= rule.span:
            newest[name if rule.rhythm == "all" else moment.strftime(RHYTHMS[rule.rhythm])] = name
    return set(newest.values())


def _is_safety(place, name):
    try:
        return manifest.read(place.folder_of(name)).reason.startswith(SAFETY)
    except BackupError:
        return True  # what cannot be read is not thrown away by a rule


def remove(place, names):
    """Delete these snapshots. Each leaves its place by one rename: there is never half a snapshot."""
    for name in names:
        folder = place.folder_of(name)
        leaving = place.snapshots / f"{UNFINISHED}-removed-{name}"
        folder.rename(leaving)
        shutil.rmtree(leaving)
        logger.info("Snapshot %s is deleted.", name)


def unnamed(place):
    """The hashes in the pool that no snapshot names. Nothing where a manifest cannot be read: it may name any of them."""
    named = set()
    for name in (*place.names(), *place.incomplete_names()):
        try:
            named |= manifest.read(place.folder_of(name)).originals.keys()
        except BackupError as error:
            logger.error("%s Nothing is deleted from the pool until this snapshot is mended or deleted.", error)
            return []
    return [path.name for path in sorted(place.originals.glob("*/*/*")) if path.name not in named]


def remove_unnamed(place):
    """Delete what no snapshot names from the pool; returns how many files. Killed half-way, the next run does the rest."""
    hashes = unnamed(place)
    for sha256 in hashes:
        place.original(sha256).unlink(missing_ok=True)
    return len(hashes)
