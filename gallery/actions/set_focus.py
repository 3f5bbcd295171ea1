"""Say what part of a photo must stay in sight where it is cut: in squares, rows and previews."""

import math

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock
from ..models import Photo, Picture

BOX = 10  # the side of the box around the point, as a share of the picture's shorter side: one part in so many


def set_focus(photo, *, by, x, y):
    """Set the point that matters most, in per cent of width and height from the upper left; None for both clears it.

    Kept as Wagtail's focal point: the centre of a small box, in pixels of the upright picture. Raises PermissionDenied, or
    ValidationError for what lies outside; returns the photo's picture.
    """
    if (x is None) != (y is None) or not all(is_per_cent(value) for value in (x, y) if value is not None):
        raise ValidationError(_("Choose a point inside the picture."), code="outside")
    with transaction.atomic():
        post = lock(photo.post)
        photo = Photo.objects.current().select_related("picture").filter(pk=photo.pk).first()
        if photo is None or not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        picture = photo.picture
        for name, value in box_around(picture, x, y).items():
            setattr(picture, name, value)
        # A query, not a save: that would queue work for Wagtail's search index.
        Picture.objects.filter(pk=picture.pk).update(**box_around(picture, x, y))
        write_down(post, "post.focus_set", by=by, photo=photo.key)
    return picture


def is_per_cent(value):
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= 100


def box_around(picture, x, y):
    """Wagtail's four columns for a point in per cent, the box kept inside the picture; all None for no point."""
    if x is None:
        return dict.fromkeys(("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"))
    side = max(1, min(picture.width, picture.height) // BOX)
    return {
        "focal_point_x": round(picture.width * x / 100),
        "focal_point_y": round(picture.height * y / 100),
        "focal_point_width": side,
        "focal_point_height": side,
    }
