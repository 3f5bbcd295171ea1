"""The parts of an upload on its way: read from a request, kept in the scratch storage, put together again.

Parts are called `uploads/<the upload's key>-<offset>-<random>`: two requests that bring the same part at once write two
files, so that whoever loses can delete its own. All processes share them; no disk of one machine is needed.
"""

import hashlib
import logging
import secrets
import shutil
import tempfile
from contextlib import closing, contextmanager

from django.core.files.base import File
from django.core.files.storage import storages

logger = logging.getLogger(__name__)

FOLDER = "uploads/"
PIECE = 256 * 1024  # bytes that are read at a time
IN_MEMORY = 1024 * 1024  # bytes of a part or a whole that stay in memory; more goes to a temporary file


class TooMuch(Exception):
    """A body brings more bytes than it may."""


class Bytes(File):
    """Bytes that were read, as a seekable file, with their number as `size` and, of a whole file, their `sha256`."""

    def __init__(self):
        super().__init__(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 (closed as a File is)
        self.size, self.digest = 0, hashlib.sha256()

    def take(self, piece):
        self.file.write(piece)
        self.digest.update(piece)
        self.size += len(piece)

    @property
    def sha256(self):
        return self.digest.hexdigest()


def scratch():
    """The private storage for what is only on its way."""
    return storages["default"]


@contextmanager
def received(body, *, most):
    """What `body` (readable) brings, as Bytes, read piece by piece up to `most` bytes.

    A connection that breaks ends it: what came until then is given. Raises TooMuch for more; nothing is kept then.
    """
    with closing(Bytes()) as part:
        while piece := read(body, min(PIECE, most + 1 - part.size)):
            part.take(piece)
            if part.size > most:
                raise TooMuch
        part.seek(0)
        yield part


def read(body, size):
    """The next bytes of `body`; none where it has ended or its connection broke."""
    try:
        return body.read(size)
    except OSError as error:
        logger.info("An upload broke off: %s", error)
        return b""


@contextmanager
def whole(names, last):
    """The parts called `names` and then `last` (Bytes), put together as Bytes, one piece in memory at a time.

    Raises FileNotFoundError where a part is gone, OSError where the scratch storage does not answer.
    """
    with closing(Bytes()) as file:
        for name in names:
            with scratch().open(name) as part:
                shutil.copyfileobj(part, Taker(file), PIECE)
        last.seek(0)
        shutil.copyfileobj(last, Taker(file), PIECE)
        file.seek(0)
        yield file


class Taker:
    """Bytes as something to copy to."""

    def __init__(self, file):
        self.write = file.take


def keep_part(key, offset, part):
    """Keep `part` (Bytes) of the upload called `key` in the scratch storage; returns its name. Raises OSError."""
    part.seek(0)
    return scratch().save(f"{FOLDER}{key}-{offset}-{secrets.token_hex(6)}", part)


def drop_parts(names):
    """Delete parts that are needed no more. What cannot be deleted now is left to `reconcile_media`."""
    for name in names:
        try:
            scratch().delete(name)
        except OSError as error:
            logger.warning("The part %s of an upload is left behind: %s", name, error)


def key_of(name):
    """The key of the upload that the part called `name` belongs to."""
    return name.removeprefix(FOLDER).partition("-")[0]
