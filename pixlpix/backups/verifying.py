"""Proof that a backup can be read: every file read again and compared with what the manifests say of it."""

from . import manifest
from .errors import BackupError
from .place import UNFINISHED, hash_file
from .progress import watched
from .sealing import plain_hash


class Verification:
    """Reads a place; problems gather in `problems`, in words. With `identities` encrypted files are opened as well."""

    def __init__(self, place, identities=()):
        self.place, self.identities = place, list(identities)
        self.problems, self.files, self.bytes = [], 0, 0
        self._hashes = {}
        self._erased = place.read_erased()

    def snapshot(self, folder):
        """Read one snapshot with all that it names; returns its Manifest, None where that cannot be read."""
        try:
            made = manifest.read(folder)
        except BackupError as error:
            self.problems.append(str(error))
            return None
        self.compare(folder / made.database_file, made.database, f"the database of {folder.name}")
        for sha256, facts in watched(made.originals.items(), f"Originals of {folder.name}", total=len(made.originals)):
            self.compare(self.place.original(sha256), facts, f"original {sha256}", erased=sha256 in self._erased)
        for name, facts in made.ledger.items():
            self.compare(self.place.ledger / name, facts, f"ledger entry {name}")
        known = {made.database_file, manifest.NAME, manifest.HASH_NAME}
        for path in folder.iterdir():
            if path.name not in known:
                self.problems.append(f"Snapshot {folder.name} has a file that it does not name: {path.name}")
        return made

    def everything(self):
        """Read all snapshots, and look for files that none of them names."""
        originals, entries = set(), set()
        folders = [self.place.folder_of(name) for name in (*self.place.names(), *self.place.incomplete_names())]
        if not folders:
            self.problems.append(f"There is no snapshot in {self.place}.")
        readable = True
        for folder in folders:
            made = self.snapshot(folder)
            readable = readable and made is not None
            if made is not None:
                originals |= made.originals.keys()
                entries |= made.ledger.keys()
        if readable:
            self.unknown(originals, entries)

    def unknown(self, originals, entries):
        """Files of the pool and the ledger that no snapshot names, and whatever else lies between them."""
        for path in sorted(self.place.originals.rglob("*")):
            if path.is_file() and (path.name not in originals or path != self.place.original(path.name)):
                self.problems.append(f"No snapshot names {path.relative_to(self.place.root)}")
        for path in sorted(self.place.ledger.iterdir()):
            if path.name not in entries:
                self.problems.append(f"No snapshot names {path.relative_to(self.place.root)}")
        here = {".lock", "originals", "ledger", "snapshots", "incomplete", "erased.json", "restore.json"}
        folders = (self.place.snapshots, self.place.incomplete)
        strays = [
            path for path in self.place.root.iterdir() if not (path.name in here or path.name.startswith(UNFINISHED))
        ]
        strays += [path for folder in folders for path in folder.iterdir() if not path.is_dir()]
        self.problems += [f"Nothing of ours: {path.relative_to(self.place.root)}" for path in strays]

    def compare(self, path, facts, words, *, erased=False):
        """Compare one file with what a manifest says of it; one that several name is read once."""
        try:
            stored = self._hash(path)
        except FileNotFoundError:
            if not erased:
                self.problems.append(f"Missing: {words}")
            return
        except OSError as error:
            self.problems.append(f"Cannot be read: {words} ({error})")
            return
        if erased:
            self.problems.append(f"Erased by order and still here: {words}. The next backup deletes it.")
        if stored != (facts.stored_size, facts.stored_sha256):
            self.problems.append(f"Damaged: {words}")
        elif facts.is_sealed and self.identities:
            self._open(path, facts, words)

    def _hash(self, path):
        if path not in self._hashes:
            self._hashes[path] = hash_file(path)
            self.files += 1
            self.bytes += self._hashes[path][0]
        return self._hashes[path]

    def _open(self, path, facts, words):
        key = (path, "plain")
        try:
            if key not in self._hashes:
                self._hashes[key] = plain_hash(path, self.identities)
        except BackupError as error:
            self.problems.append(f"Cannot be opened: {words} ({error})")
            return
        if self._hashes[key] != (facts.size, facts.sha256):
            self.problems.append(f"Damaged inside: {words}")
