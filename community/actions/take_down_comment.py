"""Take a comment down, by staff, with a reason that its author is told; and take that back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger, permissions
from gallery.acts import write_down_staff
from gallery.states import TeamState

from ..deciding import rule_told
from ..models.notifications import Kind
from ..notifying import notify
from ..talking import count, forget_all_about, lock_comment


def take_down_comment(comment, *, by, reason):
    """Take `comment` down: nobody reads it from the commit on, "removed by the team" stands where others replied to it.

    `by` None is the system. Its author's own removal is another matter, and stays as it is. With another reason the one
    that its author reads is replaced; with the same one nothing happens. The team keeps the text for 90 days (see
    forget_comments). Raises PermissionDenied, or ValidationError without a reason; returns the saved Comment.
    """
    if by is not None and not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators take comments down."))
    if by is not None and comment.author_id == by.pk:
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the member is told.")})
    with transaction.atomic():
        comment = lock_comment(comment)
        if (comment.team_state, comment.team_reason) == (TeamState.TAKEN_DOWN, reason):
            return comment
        if comment.is_standing:
            count(comment, -1)
        comment.team_state, comment.team_reason = TeamState.TAKEN_DOWN, reason
        comment.removed_at = comment.removed_at or timezone.now()
        comment.save(update_fields=["team_state", "team_reason", "removed_at"])
        forget_all_about(comment)
        about = {"act": "take_down", "thing": "comment", "reason": reason, **rule_told()}
        notify(Kind.MODERATION, comment.author, post=comment.post, comment=comment, **about)
        write_down_staff(comment.post, "pixlpix.take_down_comment", by=by, comment=comment.key, reason=reason)
        ledger.enter("comment.taken_down", comment.post, comment=comment.key, team_state=comment.team_state)
    return comment


def restore_comment(comment, *, by, reason=""):
    """Bring a comment back that was taken down; one that was removed by its author or the post's stays removed.

    Raises PermissionDenied, or ValidationError once its text is forgotten; returns the saved Comment.
    """
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators restore comments."))
    if comment.author_id == by.pk:
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    with transaction.atomic():
        comment = lock_comment(comment)
        if comment.team_state not in (TeamState.TAKEN_DOWN, TeamState.HELD):
            raise PermissionDenied(_("This comment is not taken down."))
        if not comment.text:
            raise ValidationError(_("Its words are forgotten: there is nothing to bring back."))
        comment.team_state, comment.team_reason = TeamState.NONE, ""
        if comment.is_standing:
            comment.removed_at = None
            count(comment, +1)
        comment.save(update_fields=["team_state", "team_reason", "removed_at"])
        notify(Kind.MODERATION, comment.author, post=comment.post, comment=comment, act="restore", thing="comment")
        write_down_staff(comment.post, "pixlpix.restore_comment", by=by, comment=comment.key, reason=reason.strip())
    ledger.enter("comment.restored", comment.post, comment=comment.key, team_state=comment.team_state)
    return comment
