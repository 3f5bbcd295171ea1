"""Have a post stand first on one's own page."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.permissions import may_edit

from ..models import Pin, User

MOST_PINS = 3


def pin_post(post, *, by):
    """Pin `post` behind the author's other pins; returns the Pin, also where it is pinned already.

    Raises PermissionDenied for what is not theirs or not published, ValidationError for a fourth one.
    """
    if not may_edit(by, post) or post.is_draft:
        raise PermissionDenied(_("You can pin your own published posts."))
    with transaction.atomic():
        list(User.objects.select_for_update().filter(pk=by.pk).values_list("pk"))  # two at once are counted one by one
        pins = list(Pin.objects.filter(user=by))
        if pinned := next((pin for pin in pins if pin.post_id == post.pk), None):
            return pinned
        if len(pins) >= MOST_PINS:
            raise ValidationError(
                _("%(most)s posts are pinned already. Unpin one of them first.") % {"most": MOST_PINS}
            )
        return Pin.objects.create(post=post, user=by, position=max((pin.position for pin in pins), default=-1) + 1)
