"""What `reconcile_media --verify` asks: whether each original is, byte for byte, what it was stored as. Its name is the
SHA-256 of its content, so the vault alone says so, and no row is needed. Each finding is (kind, name, what mends it)."""

import logging
from contextlib import suppress

from .actions.store_original import sha256_of
from .files import vault
from .models.originals import name_in_vault

logger = logging.getLogger(__name__)

# No run mends it: only a backup has the bytes.
KINDS = {"damaged_original": False}


def damaged_originals():
    """Reads every original from its first byte to its last, one at a time."""
    for name, _size, _modified in vault().list_names("originals/"):
        # One that expired since it was listed is no finding.
        with suppress(FileNotFoundError), vault().open(name) as file:
            if name != name_in_vault(sha256_of(file)):
                logger.error("The original %s is damaged: bring it back from a backup.", name)
                yield "damaged_original", name, None
