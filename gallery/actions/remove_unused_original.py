"""Remove an original that no picture uses any more: one that turned out to be no picture, and was given up."""

from django.db import transaction

from ..files import vault
from ..models import Original


def remove_unused_original(original, *, why):
    """Remove row and file of `original` where no picture uses it; True when it went. `why` stands in the log.

    The file goes before the commit, under the row's lock: whoever stores the same bytes at this moment sees the row until
    both are gone. The other order could take the file of a new row away.
    """
    with transaction.atomic():
        locked = Original.objects.select_for_update().filter(pk=original.pk).first()
        if locked is None or locked.pictures.exists():
            return False
        name = locked.name
        locked.delete()
        vault().remove_original(name, why=why)
    return True
