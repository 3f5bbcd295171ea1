"""Add a photo to a draft or a published post."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..making import MOST_PHOTOS, WAITING, add_photo_row, attach, bring_in_step, lock_for, put_in_order
from ..models import Photo
from ..tasks import process_photo
from ..words import clean_alt_text


def add_photo(post, original, *, by, alt_text="", key=None):
    """Put `original` at the end of `post`; returns the Photo, whose renditions follow.

    In a post that can be seen already it appears once they are made; the others stay seen meanwhile. `key` is one that was
    drawn before, for a request that may be sent twice: the same file with it leads to the same photo. Raises
    PermissionDenied, or ValidationError for more than 20 photos, for words that are too long, and for a file that is gone.
    """
    alt_text = clean_alt_text(alt_text)
    with transaction.atomic():
        post = lock_for(post, original)
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        if key and (same := Photo.objects.filter(key=key).select_related("picture").first()):
            if same.post_id == post.pk and same.picture.original_id == original.pk:
                return same
            key = None  # another file, or somebody else's key: a photo of its own
        photos = list(post.photos.in_place().order_by("position"))
        if len(photos) >= MOST_PHOTOS:
            message = _("A post has at most %(most)s photos. Remove one first, or begin another post.")
            raise ValidationError(message % {"most": MOST_PHOTOS}, code="too_many_photos")
        position = photos[-1].position + 1 if photos else 0
        if position >= WAITING // 2:
            put_in_order(photos)
            position = len(photos)
        photo = add_photo_row(post, original, position=position, alt_text=alt_text, **({"key": key} if key else {}))
        attach([original])
        bring_in_step(post)
        write_down(post, "post.photo_added", by=by, photo=photo.key)
        process_photo.enqueue(photo.pk)
    return photo
