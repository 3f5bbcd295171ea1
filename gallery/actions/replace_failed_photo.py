"""Choose another picture for a photo that could not be processed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock
from ..models import Original, Photo
from ..states import ProcessingState
from ..tasks import deadline, process_photo
from .remove_unused_original import remove_unused_original
from .store_original import store_original


def replace_failed_photo(post, content, *, by):
    """Put `content` (a readable, seekable file) in the place of the first failed photo of `post`; its words stay.

    The original that failed is removed at once, unless something else uses it. Raises PermissionDenied, or
    PictureRefused for what is no picture that we accept; returns the post.
    """
    check(by, post)
    original = store_original(content, by=by)
    with transaction.atomic():
        post = lock(post)
        photo = check(by, post)
        before = photo.picture.original
        photo.picture.attach(original)
        photo.picture.save()
        Photo.objects.filter(pk=photo.pk).update(
            state=ProcessingState.PENDING, failure="", attempts=0, retry_at=deadline(0)
        )
        Original.objects.filter(pk=original.pk, attached_at=None).update(attached_at=timezone.now())
        write_down(post, "post.photo_replaced", by=by)
        process_photo.enqueue(photo.pk)
    remove_unused_original(before, why="it could not be processed, and another one took its place")
    return post


def check(by, post):
    """The first failed photo of `post`. Raises PermissionDenied where `by` may not replace it, or there is none."""
    photo = (
        Photo.objects.select_related("picture__original")
        .filter(post=post, state=ProcessingState.FAILED)
        .order_by("position")
        .first()
    )
    if photo is None or not permissions.may_edit(by, post):
        raise PermissionDenied(_("This post has no photo to replace."))
    return photo
