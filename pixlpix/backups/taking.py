"""Making a snapshot: the database first, then the originals that this very snapshot names, then the ledger.

Nothing in flight is lost between the two stores. An original lies in the vault before its row is committed and is never
overwritten, so each row of the snapshot has its file there when we come for it, unless it was erased or expired since, which
the database of now confirms. An entry of the ledger that the snapshot's rows do not follow yet is copied after them.

Killed anywhere: files of the pool are whole or not there, and the next run goes on from them; the snapshot itself appears by
one rename, after all that it names.
"""

import logging
import os
import time
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from gallery.files import vault
from gallery.models.originals import name_in_vault

from . import databases, manifest
from .errors import BackupError, Stopped
from .manifest import File, Manifest
from .place import UNFINISHED, hash_file, sync_folder
from .progress import watched
from .sealing import Sealing

logger = logging.getLogger(__name__)

LEDGER = "ledger/"
# An original is deleted a moment before the commit that says so: how often, and how long, we wait for that commit.
# All in all: of a vault that was destroyed everything is missing, and nobody waits for each of it.
LOOKS, LOOK_SECONDS = 5, 1.0


class Damaged(Exception):
    """A file of the vault is not what its name says."""


def _go_on():
    return False


@dataclass
class Run:
    """What one run knows."""

    place: object
    sealing: Sealing
    known: dict  # {hash or ledger name: File} of what earlier snapshots hold
    stop: object  # called before each file; true ends the run
    looks: int = 0  # how often it has waited for such a commit

    def check(self):
        if self.stop():
            raise Stopped("Stopped before the snapshot was complete; the next run goes on from here.")


def take(place, *, reason="scheduled", sealing=None, stop=_go_on):
    """Make a snapshot in `place`, whose lock is held; returns its Manifest, which `missing` may show to be incomplete.

    Raises BackupError, Stopped, and what database and vault raise; then there is no new snapshot.
    """
    place.clear_unfinished()
    run = Run(place, sealing or Sealing(), _known(place), stop)
    now = timezone.now()
    made = Manifest(place.new_name(now), now.isoformat(), reason, connection.vendor, encrypted_to=run.sealing.names)
    made.version, made.commit = manifest.code()
    folder = place.snapshots / f"{UNFINISHED}-{made.name}"
    folder.mkdir(mode=0o700)
    originals, erased = _database(run, made, folder)
    _originals(run, made, originals)
    _ledger(run, made)
    made.save(place, folder)
    parent = place.snapshots if made.is_complete else place.incomplete
    run.check()
    folder.rename(parent / made.name)
    sync_folder(parent)
    forget_erased(place, erased, here_again=made.originals)
    return made


def _known(place):
    """What the newest snapshots say of files that lie in the pool, so that encrypted ones need not be hashed again."""
    for name in reversed(place.names()):
        try:
            newest = manifest.read(place.folder_of(name))
        except BackupError as error:
            logger.warning("%s Its files are hashed again.", error)
            continue
        return {**newest.originals, **newest.ledger}
    return {}


def _database(run, made, folder):
    """Dump it to `folder` and note what is in it; returns what it says of originals and of erased ones."""
    made.database_file = databases.FILES[connection.vendor]
    target = folder / made.database_file
    target.touch(mode=0o600)
    with databases.frozen(target) as frozen:
        made.rows, made.migrations = frozen.rows_per_table(), frozen.migrations()
        originals, erased = frozen.originals(), frozen.erased()
    size, sha256 = hash_file(target)
    if run.sealing.recipients:
        plain = target.with_name(f"{target.name}.plain")
        target.rename(plain)
        with plain.open("rb") as source:
            run.place.write(target, lambda file: run.sealing.copy(source, file))
        plain.unlink()
    with target.open("rb") as file:
        os.fsync(file.fileno())
    made.database = File(size, sha256, *hash_file(target))
    return originals, erased


def _originals(run, made, originals):
    """Copy what the pool has not got. Where nothing is new, the vault is asked for nothing."""
    for sha256, size in watched(originals, "Originals"):
        run.check()
        path = run.place.original(sha256)
        kept = _kept(path, run.known.get(sha256), sha256, size)
        if kept is None:
            kept = _copy(run, name_in_vault(sha256), path, sha256)
        if kept is not None:
            made.originals[sha256] = kept
        elif _is_gone(run, sha256):
            made.gone.append(sha256)
        else:
            logger.error("Original %s is in the database and not in the vault.", sha256)
            made.missing.append(sha256)


def _kept(path, known, sha256, size):
    """The File in the pool, where it lies there; None where it is to be copied. A size that differs is damage."""
    try:
        stored = path.stat().st_size
    except FileNotFoundError:
        return None
    if known is not None and known.stored_size == stored:
        return known
    if stored == size:
        return File(size, sha256, size, sha256)
    # Encrypted, and no snapshot says how: a run was killed after it had copied this one.
    return None


def _copy(run, name, path, sha256=None):
    """Copy a file of the vault to `path`; returns its File, None where the vault has none, or what its name does not say."""
    facts = []

    def fill(file):
        with vault().open(name) as source:
            facts.extend(run.sealing.copy(source, file))
        if sha256 not in (None, facts[1]):
            raise Damaged(f"{name} is damaged in the vault: its content has the SHA-256 {facts[1]}.")

    try:
        run.place.write(path, fill)
    except FileNotFoundError:
        return None
    except Damaged as damage:
        logger.error("%s", damage)
        return None
    stored = hash_file(path) if run.sealing.recipients else facts
    return File(*facts, *stored)


def _is_gone(run, sha256):
    """Whether the database of now says that this original went: it was erased, or expired, since the snapshot."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM gallery_original WHERE sha256 = %s", [sha256])
            there = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM gallery_erasure WHERE kind = 'original' AND sha256 = %s", [sha256])
            if not there or cursor.fetchone()[0]:
                return True
        if run.looks >= LOOKS:
            return False
        run.looks += 1
        time.sleep(LOOK_SECONDS)


def _ledger(run, made):
    """Copy entries that we have not got; they are never changed, and their names begin with their time."""
    in_vault = {name.removeprefix(LEDGER) for name, _size, _modified in vault().list_names(LEDGER)}
    here = {path.name for path in run.place.ledger.iterdir()}
    for name in watched(sorted(in_vault - here), "Ledger"):
        run.check()
        made.ledger[name] = _copy(run, f"{LEDGER}{name}", run.place.ledger / name)
    for name in here:
        made.ledger[name] = run.known.get(name) or _hashed(run.place.ledger / name)
    made.newest_entry = max(made.ledger, default="")


def _hashed(path):
    """The File of an entry that no snapshot knows: one that a killed run copied, or that never reached the vault.

    Where it is encrypted, its plain hash is not ours to know, and what is stored stands for it.
    """
    stored = hash_file(path)
    return File(*stored, *stored)


def forget_erased(place, erased, here_again=()):
    """Delete originals that were erased by order from the pool, for which no snapshot may be the reason to keep them.

    Written down first: whatever names them afterwards finds out why they are not there. `here_again` are those that
    somebody has uploaded anew.
    """
    before, now = place.read_erased(), timezone.now().isoformat()
    known = {**dict.fromkeys(erased, now), **before}
    known = {sha256: when for sha256, when in known.items() if sha256 not in here_again}
    if known != before:
        place.write_json(place.erased, known)
    for sha256 in erased:
        if place.original(sha256).exists():
            place.original(sha256).unlink()
            logger.warning("Original %s was erased by order: its copy is deleted from the backups.", sha256)
