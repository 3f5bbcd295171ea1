"""Suspend a member, and lift it again, by staff: the member's row first, their posts after it in chunks."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down_staff

from .. import permissions
from ..avatars import bring_avatar_in_step, hide_avatar, lock_member
from ..models.users import Standing
from ..standing import INLINE, bring_posts_in_step
from ..tasks import follow_member

logger = logging.getLogger(__name__)


def suspend_member(user, *, by, reason):
    """Suspend `user` with a reason: nothing of theirs is in reach at the commit; they can sign in, export and leave.

    `by` None is the system. Raises PermissionDenied, or ValidationError without a reason and for who has left.
    """
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the member is told.")})
    with transaction.atomic():
        user = lock(user, by)
        if user.standing == Standing.LEFT:
            raise ValidationError(_("This member has left."))
        user.standing = Standing.SUSPENDED
        user.standing_reason = reason
        user.standing_since = timezone.now()
        user.save(update_fields=["standing", "standing_reason", "standing_since"])
        hide_avatar(user)
        write_down_staff(user, "pixlpix.suspend", by=by, reason=reason)
        follow_member.enqueue(user.pk)
        ledger.enter("member.suspended", user, standing=user.standing)
    bring_posts_in_step(user, most=INLINE)
    return user


def lift_suspension(user, *, by, reason=""):
    """Bring a suspended member back. What they deleted stays deleted, what was taken down stays down.

    Their picture and their newest posts are there when this returns, under new names; the rest follows as a task.
    """
    with transaction.atomic():
        user = lock(user, by)
        if user.standing != Standing.SUSPENDED:
            raise ValidationError(_("This member is not suspended."))
        user.standing = Standing.ACTIVE
        user.standing_reason = ""
        user.standing_since = timezone.now()
        user.save(update_fields=["standing", "standing_reason", "standing_since"])
        write_down_staff(user, "pixlpix.lift_suspension", by=by, reason=reason.strip())
        follow_member.enqueue(user.pk)
    ledger.enter("member.suspension_lifted", user, standing=user.standing)
    try:
        bring_avatar_in_step(user)
    except Exception:
        logger.exception("The picture of member %s could not be shown again: the task tries it once more.", user.pk)
    bring_posts_in_step(user, most=INLINE)
    return user


def lock(user, by):
    """The member's row, locked. Raises PermissionDenied where `by` may not decide about them."""
    user = lock_member(user)
    if by is not None:
        check_may_suspend(user, by)
    return user


def check_may_suspend(user, by):
    """Raise PermissionDenied where staff `by` may not decide about `user`."""
    if not permissions.may_suspend(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if by.pk == user.pk:
        raise PermissionDenied(_("Somebody else must decide about you."))
    if permissions.may_enter_console(user) and not permissions.may_choose_staff(by):
        raise PermissionDenied(_("Only administrators decide about staff."))
