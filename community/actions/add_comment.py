"""Comment on a post, or reply to a comment there."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down

from .. import permissions
from ..models import Comment
from ..talking import bring_mentions_in_step, count, lock_comment, lock_post, post_seen_by, tell
from ..visibility import comments_for
from ..words import clean_comment


def add_comment(post, text, *, by, reply_to=None):
    """Add a comment of `by`; returns the Comment.

    A reply to a reply joins the comment that this one replied to: there is one level. Raises PermissionDenied where `by`
    may not see the post or what they reply to, or where comments are off; ValidationError for a text that is empty or too
    long.
    """
    text = clean_comment(text)
    with transaction.atomic():
        lock_post(post.pk)
        post = post_seen_by(by, post.pk)
        if not permissions.may_comment(by, post):
            raise PermissionDenied(_("You cannot comment here."))
        parent = root_of(reply_to, post, by=by) if reply_to else None
        comment = Comment.objects.create(post=post, author=by, parent=parent, text=text)
        count(comment, +1)
        mentioned, _gone = bring_mentions_in_step(post, text, by=by, comment=comment)
        write_down(post, "comment.added", by=by, comment=comment.key)
        tell(comment, mentioned=mentioned, replied_to=reply_to)
    return comment


def root_of(reply_to, post, *, by):
    """The comment under which a reply to `reply_to` stands, locked. Raises PermissionDenied where that is gone."""
    reply_to = lock_comment(reply_to)
    if reply_to.post_id != post.pk or not reply_to.is_standing or not comments_for(by).filter(pk=reply_to.pk).exists():
        raise PermissionDenied(_("The comment that you reply to is not there any more."))
    return reply_to.parent or reply_to
