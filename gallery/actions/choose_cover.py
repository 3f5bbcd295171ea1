"""Choose the post that stands for a gallery in lists."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock_galleries
from ..ordering import posts_in


def choose_cover(gallery, post, *, by):
    """Let `post`, which stands in `gallery`, be its cover; None lets the newest be that again. Returns the gallery.

    Where somebody may not see the chosen one, they are shown the newest that they may. Raises PermissionDenied, or
    ValidationError for a post that does not stand in it.
    """
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not permissions.is_author(by, gallery) or not gallery.is_open:
            raise PermissionDenied(_("Only its author can change a gallery."))
        if post is not None and not posts_in(gallery).filter(pk=post.pk).exists():
            raise ValidationError(_("This post is not in the gallery any more."))
        gallery.cover_choice = post
        gallery.save(update_fields=["cover_choice"])
        write_down(gallery, "gallery.cover_chosen", by=by, post=post.short_id if post else "")
    return gallery
