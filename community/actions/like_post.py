"""Like a post that one may see."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from ..counters import change
from ..models import Like, PostCounts
from ..models.notifications import Kind
from ..notifying import notify
from ..permissions import may_take_part
from ..visibility import posts_for


def like_post(post, *, by):
    """`by` likes `post`; True unless they did before. Raises PermissionDenied for a post that they may not see."""
    if not may_take_part(by) or not posts_for(by).filter(pk=post.pk).exists():
        raise PermissionDenied(_("You cannot like this post."))
    with transaction.atomic():
        _like, is_new = Like.objects.get_or_create(user=by, post=post)
        if is_new:
            change(PostCounts, post.pk, likes=+1)
            notify(Kind.LIKE, post.author, actor=by, post=post)
    return is_new
