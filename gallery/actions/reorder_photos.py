"""Put the photos of a post into another order."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock
from ..making import bring_in_step, put_in_order


def reorder_photos(post, keys, *, by):
    """Give the photos of `post` the order of `keys`: the key of each photo in it, exactly once. Returns the saved post.

    Raises PermissionDenied, or ValidationError where these are not its photos: somebody added or removed one meanwhile.
    """
    with transaction.atomic():
        post = lock(post)
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        photos = {photo.key: photo for photo in post.photos.in_place().order_by("position")}
        keys = list(keys)
        if sorted(keys) != sorted(photos):
            message = _("The photos of this post have changed meanwhile. Please look at them again.")
            raise ValidationError(message, code="photos_changed")
        if keys != list(photos):
            put_in_order([photos[key] for key in keys])
            bring_in_step(post)
            write_down(post, "post.photos_reordered", by=by)
    return post
