"""Encryption of what lies in a backup, with age (pyrage): to public keys, so that the machine that writes cannot read."""

import contextlib
import hashlib
import io
from pathlib import Path

import pyrage

from .errors import BackupError

HEADER = b"age-encryption.org/v1\n"  # no picture, dump or ledger entry begins so


class Sealing:
    """Writes files encrypted to `recipients` ("age1…"), or plain where there are none."""

    def __init__(self, recipients=()):
        self.names = list(recipients)
        try:
            self.recipients = [pyrage.x25519.Recipient.from_str(name) for name in recipients]
        except pyrage.RecipientError as error:
            raise BackupError(f"That is no age public key: {error}") from error

    def copy(self, source, target):
        """Copy one open file to another, encrypted where there are recipients; returns (size, SHA-256) of the plain bytes."""
        reader = Hashing(source)
        if self.recipients:
            pyrage.encrypt_io(reader, target, self.recipients)
        else:
            while piece := reader.read(1024 * 1024):
                target.write(piece)
        return reader.size, reader.digest.hexdigest()


class Hashing(io.RawIOBase):
    """A file that is hashed and counted while somebody reads it."""

    def __init__(self, file):
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def readable(self):
        return True

    def read(self, size=-1):
        piece = self.file.read(size)
        self.size += len(piece)
        self.digest.update(piece)
        return piece

    def readinto(self, buffer):
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class Counting(io.RawIOBase):
    """A file that takes bytes only to count and hash them."""

    def __init__(self):
        self.size, self.digest = 0, hashlib.sha256()

    def writable(self):
        return True

    def write(self, piece):
        self.size += len(piece)
        self.digest.update(piece)
        return len(piece)


def read_identities(path):
    """The private keys in a file as `age-keygen` writes it; none for no file. Raises BackupError."""
    if path is None:
        return []
    try:
        lines = [line.strip() for line in Path(path).read_text().splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, pyrage.IdentityError) as error:
        raise BackupError(f"The private key in {path} cannot be read: {error}") from error


def is_sealed(path):
    """Whether this file of a backup is encrypted."""
    with Path(path).open("rb") as file:
        return file.read(len(HEADER)) == HEADER


@contextlib.contextmanager
def _errors(path):
    try:
        yield
    except pyrage.DecryptError as error:
        raise BackupError(
            f"{path} cannot be decrypted: {error}. Give the file of the private key with --identity."
        ) from error


def open_into(path, target, identities):
    """Write the plain content of `path`, encrypted or not, to the open file `target`; returns (size, SHA-256) of it.

    Raises BackupError where it is encrypted to none of `identities`.
    """
    with Path(path).open("rb") as source:
        if not is_sealed(path):
            return Sealing().copy(source, target)
        if not identities:
            raise BackupError(f"{path} is encrypted. Give the file of the private key with --identity.")
        counting = Both(target)
        with _errors(path):
            pyrage.decrypt_io(source, counting, identities)
    return counting.size, counting.digest.hexdigest()


class Both(Counting):
    """Counts and hashes what passes on its way to another file."""

    def __init__(self, target):
        super().__init__()
        self.target = target

    def write(self, piece):
        self.target.write(piece)
        return super().write(piece)


def plain_hash(path, identities):
    """(size, SHA-256) of the plain content of a file, encrypted or not. Raises BackupError."""
    return open_into(path, Counting(), identities)


def plain_bytes(path, identities):
    """The plain content of a small file, encrypted or not. Raises BackupError."""
    target = io.BytesIO()
    open_into(path, target, identities)
    return target.getvalue()
