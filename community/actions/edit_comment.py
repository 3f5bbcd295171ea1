"""Change one's own comment, for a few minutes after it was written."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down

from .. import permissions
from ..models.notifications import Kind
from ..notifying import forget
from ..talking import bring_mentions_in_step, lock_comment, post_seen_by, tell_mentioned
from ..words import clean_comment


def edit_comment(comment, text, *, by):
    """Set the text of a comment; returns the saved Comment. Who is mentioned anew is told, who is no longer is not.

    Raises PermissionDenied for somebody else's, a removed one, or when it is too late; ValidationError as for a new one.
    """
    text = clean_comment(text)
    with transaction.atomic():
        comment = lock_comment(comment)
        post_seen_by(by, comment.post_id)
        if not permissions.may_edit_comment(by, comment):
            raise PermissionDenied(_("This comment can no longer be changed."))
        if text == comment.text:
            return comment
        comment.text, comment.edited_at = text, timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        new, gone = bring_mentions_in_step(comment.post, text, by=by, comment=comment)
        write_down(comment.post, "comment.edited", by=by, comment=comment.key)
        for member in gone:
            forget(Kind.MENTION, member, actor=by, comment=comment)
        tell_mentioned(comment, new)
    return comment
