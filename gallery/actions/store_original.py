"""Put the bytes of an upload into the vault, under the hash of their content."""

import hashlib

from django.core.files.base import File

from ..files import vault
from ..imaging import inspect
from ..models.originals import Original, name_in_vault

CHUNK = 1024 * 1024


def store_original(content, *, by=None):
    """Store `content` (a readable, seekable file) once and return its Original; the same bytes give the same row.

    The file goes in before the row: a crash between leaves a file without a row, which `reconcile_media` names. Raises
    PictureRefused when it is no picture that we accept, or too large; nothing is left behind then.
    """
    facts = inspect(content)
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    sha256 = digest.hexdigest()
    content.seek(0)
    # Written where it is not there yet, also when there is a row: a file that was lost comes back with the next upload.
    vault().save(name_in_vault(sha256), File(content))
    original, _created = Original.objects.get_or_create(
        sha256=sha256,
        defaults={"size": size, "mime": facts.mime, "width": facts.width, "height": facts.height, "first_by": by},
    )
    return original
