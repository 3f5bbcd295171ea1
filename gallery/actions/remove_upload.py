"""Remove an upload: cancelled by its member, or expired."""

from django.db import transaction

from ..models import Upload
from ..parts import drop_parts
from .remove_unused_original import remove_unused_original


def cancel_upload(upload, *, by):
    """Remove `upload` of member `by`, with all that came of it; True unless it was gone already.

    An original that nothing else uses goes too: nobody is to keep what somebody did not want to share after all.
    """
    if upload.owner_id != by.pk:
        return False
    original = upload.original
    removed = remove_upload(upload, Upload.objects.filter(owner=by))
    if removed and original is not None and is_theirs_alone(original, by):
        remove_unused_original(original, why="its upload was cancelled")
    return removed


def is_theirs_alone(original, user):
    """Whether `user` brought `original`, it was never attached to anything, and no other upload leads to it."""
    is_new = original.first_by_id == user.pk and original.attached_at is None
    return is_new and not Upload.objects.filter(original=original).exists()


def expire_upload(upload):
    """Remove `upload` if it is past its time; True when it went. Its original expires by itself."""
    return remove_upload(upload, Upload.objects.expired())


def remove_upload(upload, among):
    """Remove the row of `upload`, if it is still one of `among`, and then its parts; True when it went.

    The row goes first: a crash between leaves parts that no row names, which `reconcile_media` removes. The other order
    could leave an upload that looks as if it could be continued.
    """
    with transaction.atomic():
        locked = among.select_for_update().filter(pk=upload.pk).first()
        if locked is None:
            return False
        parts = locked.parts
        locked.delete()
    drop_parts(parts)
    return True
