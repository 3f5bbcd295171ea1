"""The folder that backups lie in: where things are called what, and how a file gets there whole or not at all."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

from .errors import BackupError, Busy

UNFINISHED = ".unfinished"
NAME_FORMAT = "%Y%m%dT%H%M%SZ"
CHUNK = 1024 * 1024


class Place:
    """One folder with the backups of one site."""

    def __init__(self, folder):
        self.root = Path(folder)
        self.originals = self.root / "originals"
        self.ledger = self.root / "ledger"
        self.snapshots = self.root / "snapshots"
        self.incomplete = self.root / "incomplete"
        self.erased = self.root / "erased.json"
        self.restore = self.root / "restore.json"

    def __str__(self):
        return str(self.root)

    def prepare(self):
        """Make the folders, readable by nobody else. Raises BackupError where that is not possible."""
        try:
            for folder in (self.root, self.originals, self.ledger, self.snapshots, self.incomplete):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BackupError(f"{self} cannot be used for backups: {error}") from error
        return self

    def existing(self):
        """This place, if backups lie in it; raises BackupError where none do."""
        if not self.snapshots.is_dir():
            raise BackupError(f"There are no backups in {self}.")
        return self

    @contextlib.contextmanager
    def locked(self, what):
        """Only one process works here at a time. Raises Busy, saying who does; a killed one's lock is gone with it."""
        with (self.root / ".lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                raise Busy(f"In {self} somebody else is at work: {file.read().strip() or 'unknown'}.") from None
            file.seek(0)
            file.truncate()
            file.write(f"{what}, process {os.getpid()} on {socket.gethostname()}, since {datetime.now(UTC):%F %T} UTC")
            file.flush()
            yield
            file.truncate(0)

    def original(self, sha256):
        """Where the original with this hash lies, or would lie."""
        return self.originals / sha256[:2] / sha256[2:4] / sha256

    def names(self):
        """The names of complete snapshots, oldest first."""
        return sorted(_folders(self.snapshots))

    def incomplete_names(self):
        """The names of snapshots in which an original is missing, oldest first."""
        return sorted(_folders(self.incomplete))

    def folder_of(self, name):
        """The folder of a snapshot, "latest" being the newest complete one. Raises BackupError where there is none."""
        if name == "latest":
            if not self.names():
                raise BackupError(f"There is no complete snapshot in {self}.")
            return self.snapshots / self.names()[-1]
        for parent in (self.snapshots, self.incomplete):
            if name in _folders(parent):
                return parent / name
        raise BackupError(f"There is no snapshot {name} in {self}; there are: {', '.join(self.names()) or 'none'}.")

    def new_name(self, now):
        """A name for a snapshot of this moment that no other has."""
        taken = {*self.names(), *self.incomplete_names()}
        plain = name = now.astimezone(UTC).strftime(NAME_FORMAT)
        number = 1
        while name in taken:
            number += 1
            name = f"{plain}-{number}"
        return name

    def clear_unfinished(self):
        """Delete what killed runs left half-written; only with the lock held."""
        for path in (*self.root.glob(f"{UNFINISHED}*"), *self.snapshots.glob(f"{UNFINISHED}*")):
            shutil.rmtree(path, ignore_errors=True)

    def read_erased(self):
        """The hashes that were erased by order: {sha256: when}."""
        return json.loads(self.erased.read_text()) if self.erased.exists() else {}

    def write(self, target, fill):
        """Let `fill(file)` write `target`, which appears whole, and outlasts a power cut, or not at all."""
        unfinished = self.root / UNFINISHED
        unfinished.mkdir(mode=0o700, exist_ok=True)
        part = unfinished / f"{target.name}.{os.getpid()}"
        try:
            with part.open("wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(target.parent)

    def write_json(self, target, content):
        """Write `content` to `target` as JSON, whole or not at all."""
        self.write(target, lambda file: file.write(json.dumps(content, indent=1, sort_keys=True).encode()))


def _folders(parent):
    if not parent.is_dir():
        return set()
    return {path.name for path in parent.iterdir() if path.is_dir() and not path.name.startswith(".")}


def moment_of(name):
    """When a snapshot of this name was made, to the second; None for what is no name of a snapshot."""
    with contextlib.suppress(ValueError):
        return datetime.strptime(name[:16], NAME_FORMAT).replace(tzinfo=UTC)
    return None


def sync_folder(folder):
    """Have the names in `folder` outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def hash_file(path):
    """(size in bytes, SHA-256) of a file, read in pieces."""
    digest, size = hashlib.sha256(), 0
    with Path(path).open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()
