"""What `reconcile_media` asks about single photos and purges: public files of photos that may not be shown, photos that
wait for theirs, and folders that the CDN has not forgotten. Each finding is (kind, name, what mends it)."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .locks import lock
from .models import Photo, Purge, Rendition
from .photo_publication import close_photo, show_photo
from .purging import finish_folder
from .sweep import ready_photos_not_shown
from .tasks import purge_cdn

# True where every run mends it: see reconcile.KINDS.
KINDS = {"public_file_of_hidden_photo": True, "ready_photo_not_shown": True, "overdue_purge": True}
OVERDUE = timedelta(hours=1)  # the CDN keeps a file that long by itself


def photos_and_purges(at_once):
    public = Rendition.objects.filter(image=OuterRef("picture_id")).exclude(public_name="")
    hidden = Photo.objects.exclude(pk__in=Photo.objects.showable().values("pk")).filter(Exists(public))
    for photo in hidden.select_related("post").order_by("pk").iterator():
        yield "public_file_of_hidden_photo", f"photo {photo.key}", partial(close_if_hidden, photo)
    for photo in ready_photos_not_shown(at_once=at_once).iterator():
        yield "ready_photo_not_shown", f"photo {photo.key}", partial(show_photo, photo)
    waiting = Q(purged_at=None) if at_once else Q(purged_at=None, created_at__lt=timezone.now() - OVERDUE)
    for purge in Purge.objects.filter(waiting).order_by("pk").iterator():
        yield "overdue_purge", purge.path, partial(purge_again, purge)


def close_if_hidden(photo):
    with transaction.atomic():
        lock(photo.post)
        if Photo.objects.showable().filter(pk=photo.pk).exists():
            return False
        close_photo(photo)
    return True


def purge_again(purge):
    """False where the CDN is still to be asked: the limits and waits of purging.py hold here too."""
    finish_folder(purge.path)
    purge_cdn.enqueue()
    return Purge.objects.filter(pk=purge.pk, purged_at__isnull=False).exists()
