"""Save a post in a list of one's own, to find it again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..models import Save
from ..permissions import may_take_part
from ..saving import usual_list
from ..visibility import posts_for


def save_post(post, *, by, save_list=None):
    """Put `post` into `save_list`, or into the member's first one; True unless it was there. Its author is not told.

    Raises PermissionDenied for a post that they may not see, and for a list of somebody else's.
    """
    if not may_take_part(by) or not posts_for(by).filter(pk=post.pk).exists():
        raise PermissionDenied(_("You cannot save this post."))
    with transaction.atomic():
        save_list = save_list or usual_list(by)
        if save_list.user_id != by.pk:
            raise PermissionDenied(_("This is no list of yours."))
        return Save.objects.get_or_create(list=save_list, post=post)[1]
