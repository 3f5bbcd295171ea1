"""Like a comment, and take that back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..counters import change
from ..models import Comment, CommentLike
from ..models.notifications import Kind
from ..notifying import forget, notify
from ..talking import lock_comment, post_seen_by
from ..visibility import comments_for, posts_for


def like_comment(comment, *, by):
    """Have `by` like `comment`; True unless they did already. Raises PermissionDenied where they may not see it."""
    with transaction.atomic():
        comment = lock_comment(comment)
        post_seen_by(by, comment.post_id)
        seen = comment.is_standing and comments_for(by).filter(pk=comment.pk).exists()
        if not (seen and permissions.may_take_part(by)):
            raise PermissionDenied(_("This comment is not there any more."))
        _like, new = CommentLike.objects.get_or_create(user=by, comment=comment)
        if new:
            change(Comment, comment.pk, likes=+1)
            if posts_for(comment.author).filter(pk=comment.post_id).exists():
                notify(Kind.COMMENT_LIKE, comment.author, actor=by, post=comment.post, comment=comment)
    return new


def unlike_comment(comment, *, by):
    """Take a like back, also where `by` no longer sees the comment; True where there was one."""
    with transaction.atomic():
        comment = lock_comment(comment)
        gone, _by_model = CommentLike.objects.filter(user=by, comment=comment).delete()
        if gone:
            change(Comment, comment.pk, likes=-1)
            forget(Kind.COMMENT_LIKE, comment.author, actor=by, comment=comment)
    return bool(gone)
