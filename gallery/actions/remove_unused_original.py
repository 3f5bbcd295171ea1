"""Remove an original that no picture uses any more: one that was given up, or whose member was erased."""

from django.db import transaction

from .. import holds
from ..files import vault
from ..models import Original, Upload


def remove_unused_original(original, *, why):
    """Remove row and file of `original` where no picture and no upload needs it, and it is no evidence; True when it went.
    `why` is for the log.

    The file goes before the commit, under the row's lock: whoever stores the same bytes at this moment sees the row until
    both are gone. The other order could take the file of a new row away.
    """
    with transaction.atomic():
        locked = Original.objects.select_for_update().filter(pk=original.pk).first()
        if locked is None or locked.pictures.exists() or Upload.objects.filter(original=locked).exists():
            return False
        if holds.is_original_held(locked):
            return False
        name = locked.name
        locked.delete()
        vault().remove_original(name, why=why)
    return True
