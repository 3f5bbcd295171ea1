"""Snapshots for tests that need no database: files that agree with their manifests."""

import hashlib

from pixlpix.backups.manifest import File, Manifest
from pixlpix.backups.place import Place, hash_file


def a_place(tmp_path):
    return Place(tmp_path / "backups").prepare()


def a_snapshot(place, name, *, originals=(b"a picture",), reason="scheduled", missing=()):
    """A snapshot called `name` with these bytes as originals, a database and one ledger entry."""
    folder = (place.incomplete if missing else place.snapshots) / name
    folder.mkdir()
    made = Manifest(name, "2026-11-27T18:15:00+00:00", reason, "sqlite", database_file="database.sqlite3")
    made.database = put(folder / "database.sqlite3", b"rows of " + name.encode())
    for content in originals:
        sha256 = hashlib.sha256(content).hexdigest()
        made.originals[sha256] = put(place.original(sha256), content)
    made.ledger["20261127T180000.000000Z-x"] = put(place.ledger / "20261127T180000.000000Z-x", b"{}")
    made.missing = list(missing)
    made.save(place, folder)
    return made


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return File(*hash_file(path), *hash_file(path))


def kept_names(place):
    return [*place.names(), *place.incomplete_names()]


def pool(place):
    """The hashes that lie in the pool."""
    return {path.name for path in place.originals.rglob("*") if path.is_file()}
