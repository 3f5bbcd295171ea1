"""Put the bytes of an upload into the vault, under the hash of their content."""

import hashlib
import logging
import os

from django.core.files.base import File

from ..files import vault
from ..imaging import PictureRefused, inspect
from ..models import BannedPicture
from ..models.originals import Original, name_in_vault

logger = logging.getLogger(__name__)

CHUNK = 1024 * 1024


def store_original(content, *, by=None, sha256=""):
    """Store `content` (a readable, seekable file) once and return its Original; the same bytes give the same row.

    `sha256` of the content where the caller hashed it as it came in. The file goes in before the row: a crash between
    leaves a file without a row, which `reconcile_media` names. Raises PictureRefused when it is no picture that we accept,
    too large, or one that staff took down, and OSError when the vault does not take it; nothing is left behind then.
    """
    facts = inspect(content)
    content.seek(0, os.SEEK_END)
    size = content.tell()
    sha256 = sha256 or sha256_of(content)
    if BannedPicture.objects.filter(sha256=sha256).exists():
        logger.warning("A banned picture was brought again: %s", sha256)
        raise PictureRefused("banned")
    known = Original.objects.filter(sha256=sha256).exists()
    # Written where it is not there yet, also when there is a row: a file that was lost comes back with the next upload.
    save(content, sha256)
    original, created = Original.objects.get_or_create(
        sha256=sha256,
        defaults={"size": size, "mime": facts.mime, "width": facts.width, "height": facts.height, "first_by": by},
    )
    if known and created:
        # It expired between the two: its file was there when we looked, and went with its row.
        save(content, sha256)
    return original


def save(content, sha256):
    content.seek(0)
    vault().save(name_in_vault(sha256), File(content))


def sha256_of(content):
    """The SHA-256 of a readable, seekable file, in hexadecimal digits."""
    content.seek(0)
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
