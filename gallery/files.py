"""The vault and the media storage, by name, and what can go wrong with them.

Gallery reaches both through Django's `storages` alone, so that it never imports the project package that defines them.
"""

import logging

from django.core.files.storage import storages

logger = logging.getLogger(__name__)


class StorageUnavailable(OSError):
    """A storage did not answer in time, or refused."""


def vault():
    """Private: originals, the ledger, and under `derived/` the renditions of everything."""
    return storages["vault"]


def media():
    """Public: what a visitor may see this minute, and nothing else."""
    return storages["media"]
