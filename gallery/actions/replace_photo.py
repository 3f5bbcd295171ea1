"""Choose another picture for a photo: its place and its words stay."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..forgetting import forget_photos, forget_pictures
from ..making import WAITING, add_photo_row, attach, bring_in_step, lock_for, new_picture, start_again
from ..models import Photo
from ..tasks import process_photo

WHY = "its author chose another one before anybody saw it"


def replace_photo(photo, original, *, by):
    """Put `original` in the place of `photo`; returns the Photo that waits for its renditions now.

    What nobody else has seen (in a draft, being processed, failed) is replaced at once, and its original goes unless
    something else uses it: the same Photo is returned. What others may have seen stays until the new one is ready, and
    for good if that fails: a new Photo is returned, which `replaces` the old one. Raises PermissionDenied, also for a
    photo that is not in its post any more, and ValidationError for a file that is gone.
    """
    with transaction.atomic():
        post = lock_for(photo.post, original)
        photo = Photo.objects.current().select_related("picture").filter(pk=photo.pk).first()
        if photo is None or not permissions.may_edit(by, post):
            raise PermissionDenied(_("This photo cannot be replaced."))
        photo.post = post
        if photo.was_shown:
            new = replacement_for(photo, original)
        else:
            new = replaced_at_once(photo, original)
        attach([original])
        bring_in_step(post)
        write_down(post, "post.photo_replaced", by=by, photo=new.key)
        process_photo.enqueue(new.pk)
    new.refresh_from_db()
    return new


def replaced_at_once(photo, original):
    before = photo.picture_id
    start_again(photo, picture=new_picture(photo.post, original))
    forget_pictures([before], why=WHY)
    return photo


def replacement_for(photo, original):
    """A photo that waits to take the place of `photo`; one that waited for it before goes."""
    post = photo.post
    forget_photos(list(post.photos.current().filter(replaces=photo)), why=WHY)
    last = post.photos.current().aggregate(last=Max("position"))["last"]
    return add_photo_row(post, original, position=max(WAITING, last + 1), alt_text=photo.alt_text, replaces=photo)
