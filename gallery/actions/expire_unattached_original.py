"""Remove an original that no picture ever used: an upload that was never published."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .. import holds
from ..files import vault
from ..models import Original, Upload

logger = logging.getLogger(__name__)

UNATTACHED = timedelta(days=7)


def expired_originals():
    """Originals that were stored more than 7 days ago and that nothing uses or ever used.

    One that somebody has just uploaded again is in use as long as that upload is kept.
    """
    unattached = Original.objects.filter(
        attached_at__isnull=True, pictures__isnull=True, first_seen_at__lt=timezone.now() - UNATTACHED
    )
    return unattached.exclude(Exists(Upload.objects.filter(original=OuterRef("pk")))).order_by("pk")


def expire_unattached_original(original):
    """Remove row and file of `original`, if it is still unattached, past its time and no evidence; True when it
    went.

    The file goes before the commit, under the row's lock: somebody who uploads the same bytes at this moment sees the
    row until both are gone, and then stores both anew. The other order could leave a row without its file.
    """
    with transaction.atomic():
        locked = Original.objects.select_for_update().filter(pk=original.pk).first()
        if locked is None or not expired_originals().filter(pk=original.pk).exists():
            return False
        if holds.is_original_held(locked):
            return False
        name = locked.name
        locked.delete()
        vault().remove_original(name, why="not attached to any post within 7 days")
    return True
