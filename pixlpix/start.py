"""What must hold before a process of production answers anybody or begins to work."""

import logging
import sys

from django.conf import settings

from gallery.files import StorageUnavailable

from .buckets import in_buckets, open_vault

logger = logging.getLogger(__name__)


def refuse_an_open_vault():
    """End this process, in one line, where strangers can read the vault. Only with DEBUG off.

    A vault that does not answer ends nothing: nobody reads it then, and pages without its files still work.
    """
    if settings.DEBUG or not in_buckets():
        return
    try:
        wrong = open_vault()
    except (StorageUnavailable, OSError) as error:
        logger.warning("Whether strangers can read the vault could not be asked: %s", error)
        return
    if wrong:
        sys.exit(wrong)
