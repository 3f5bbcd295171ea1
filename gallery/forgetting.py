"""Removing for good what nobody but its author ever saw: photos of drafts, photos that could not be processed; and, when
an account is erased, what the team kept of it.

The one way in which photos and pictures go (what others may have seen stays for the team until then).
"""

from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from .actions.remove_unused_original import remove_unused_original
from .files import vault
from .models import Original, Photo, Picture, Rendition, Upload


def forget_photos(photos, *, why):
    """Inside the transaction that holds the post's lock: `photos` (a list) go, with pictures, renditions and originals.

    Files go once it has committed. What a crash between leaves is found: private renditions without a row by
    `reconcile_media`, originals because they expire like any that was never attached. `why` stands in the log.
    """
    forget_pictures([photo.picture_id for photo in photos], why=why, photos=photos)


def forget_pictures(keys, *, why, photos=()):
    """Likewise for a member's pictures by primary key that nothing shows any more, but for `photos`, which go with them."""
    # Pictures before photos, as in processing.py, where a worker may be just making their renditions.
    list(Picture.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    files = list(Rendition.objects.filter(image__in=keys).values_list("file", flat=True))
    originals = list(Original.objects.filter(pictures__in=keys).distinct())
    members = list(Picture.objects.filter(pk__in=keys).values_list("uploaded_by_user", flat=True).distinct())
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).delete()
    # Without Wagtail's signals, which would queue a task for each file, originals included.
    for queryset in (Rendition.objects.filter(image__in=keys), Picture.objects.filter(pk__in=keys)):
        queryset._raw_delete(queryset.db)
    used = Exists(Picture.objects.filter(original=OuterRef("pk")))
    unused = Original.objects.filter(pk__in=[original.pk for original in originals]).exclude(used)
    # The uploads that they came by are over; somebody else's of the same bytes keeps them.
    Upload.objects.filter(original__in=list(unused.values_list("pk", flat=True)), owner__in=members).delete()
    # They count as never attached again, so that they expire if the next step is interrupted.
    unused.update(attached_at=None)
    transaction.on_commit(partial(forget_files, files, originals, why))


def claim_originals(keys, *, by):
    """Inside the transaction that forgets the pictures with these keys: originals that nothing else uses count as brought
    by `by`, so that one whose file is still there after a crash is found by its member."""
    others = Picture.objects.filter(original=OuterRef("pk")).exclude(pk__in=keys)
    theirs = Picture.objects.filter(pk__in=keys).values("original")
    Original.objects.filter(pk__in=theirs).exclude(Exists(others)).update(first_by=by)


def forget_files(files, originals, why):
    for name in files:
        vault().delete(name)
    for original in originals:
        remove_unused_original(original, why=why)
