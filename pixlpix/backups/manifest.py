"""What a snapshot says of itself: what it holds, file by file, and of which moment and which code it is."""

import hashlib
import json
import subprocess
import tomllib
from dataclasses import dataclass, field

from django.conf import settings

from .errors import BackupError

FORMAT = 1
NAME, HASH_NAME = "manifest.json", "manifest.sha256"


@dataclass
class File:
    """One file of a backup: size and SHA-256 of its content, and of what lies on the disk where that is encrypted."""

    size: int
    sha256: str
    stored_size: int
    stored_sha256: str

    @property
    def is_sealed(self):
        return self.stored_sha256 != self.sha256


@dataclass
class Manifest:
    """The whole of it; see docs/backups.md for what each part means."""

    name: str
    made_at: str
    reason: str
    engine: str
    database: File | None = None
    database_file: str = ""
    rows: dict = field(default_factory=dict)  # by table
    migrations: list = field(default_factory=list)
    originals: dict[str, File] = field(default_factory=dict)  # by SHA-256
    ledger: dict[str, File] = field(default_factory=dict)  # by name
    gone: list = field(default_factory=list)  # in the snapshot's rows, erased or expired while it was made
    missing: list = field(default_factory=list)  # in the rows, and nowhere: the snapshot is incomplete
    newest_entry: str = ""
    encrypted_to: list = field(default_factory=list)
    version: str = ""
    commit: str = ""
    format: int = FORMAT

    @property
    def is_complete(self):
        return not self.missing

    def save(self, place, folder):
        """Write it to `folder`, with its own hash beside it."""
        # In one line: of many thousand files that takes a quarter of the time.
        text = json.dumps(vars(self), default=vars, sort_keys=True).encode()
        place.write(folder / NAME, lambda file: file.write(text))
        line = f"{hashlib.sha256(text).hexdigest()}  {NAME}\n".encode()
        place.write(folder / HASH_NAME, lambda file: file.write(line))


def read(folder):
    """The Manifest in `folder`. Raises BackupError where it is missing, damaged, or of a later format."""
    try:
        text = (folder / NAME).read_bytes()
        known = (folder / HASH_NAME).read_text().split()[:1]
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"Snapshot {folder.name} has no manifest that can be read: {error}") from error
    if known != [hashlib.sha256(text).hexdigest()]:
        raise BackupError(f"The manifest of snapshot {folder.name} is damaged.")
    content = json.loads(text)
    if content["format"] > FORMAT:
        raise BackupError(f"Snapshot {folder.name} was made by a newer PixlPix (format {content['format']}).")
    content["database"] = File(**content["database"])
    for part in ("originals", "ledger"):
        content[part] = {name: File(**facts) for name, facts in content[part].items()}
    return Manifest(**content)


def code():
    """(version, commit) of this PixlPix; the commit is empty where it was not checked out."""
    version = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    command = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    except OSError:
        return version, ""
    return version, done.stdout.strip() if done.returncode == 0 else ""
