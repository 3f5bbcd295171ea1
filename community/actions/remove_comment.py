"""Remove a comment: its author, or the author of the post that it stands under."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down

from .. import permissions
from ..models.comments import Mention, RemovedBy
from ..talking import count, forget_all_about, lock_comment


def remove_comment(comment, *, by):
    """Remove `comment`; returns it. One with replies leaves "removed by ..." in its place; the team keeps the text for 90
    days (see forget_comments). Removing it once more does nothing. Raises PermissionDenied.
    """
    with transaction.atomic():
        comment = lock_comment(comment)
        if not permissions.may_remove_comment(by, comment):
            raise PermissionDenied(_("Only who wrote it, and the author of the post, remove a comment."))
        if comment.removed_by:
            return comment
        if comment.is_standing:
            count(comment, -1)
        comment.removed_by = RemovedBy.AUTHOR if by.pk == comment.author_id else RemovedBy.POST_AUTHOR
        comment.removed_at = comment.removed_at or timezone.now()
        comment.save(update_fields=["removed_by", "removed_at"])
        Mention.objects.filter(comment=comment).delete()
        forget_all_about(comment)
        write_down(comment.post, "comment.removed", by=by, comment=comment.key)
        ledger.enter("comment.removed", comment.post, comment=comment.key, removed_by=comment.removed_by)
    return comment
