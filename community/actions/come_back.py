"""Come back within the days after leaving: everything shows again as it was. Who was suspended comes back suspended."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down
from gallery.models import MemberAct

from ..avatars import bring_avatar_in_step, lock_member
from ..models.users import Standing
from ..standing import INLINE, bring_posts_in_step
from ..tasks import follow_member

logger = logging.getLogger(__name__)


def last_day(user):
    """Until when one who left can come back; None for everybody else."""
    if user.standing != Standing.LEFT or user.standing_since is None:
        return None
    return user.standing_since + timedelta(days=settings.LEAVE_DAYS)


def may_come_back(user):
    """Whether `user` left, and not too long ago."""
    until = last_day(user)
    return until is not None and user.emptied_at is None and timezone.now() < until


def come_back(user):
    """Open the account of `user` again, by themselves. Returns the User.

    Their newest posts are there when this returns, under new file names; the rest follows as a task. Raises
    PermissionDenied where it is too late.
    """
    with transaction.atomic():
        user = lock_member(user)
        if not may_come_back(user):
            raise PermissionDenied(_("This account is closed."))
        left = MemberAct.objects.filter(actor=user, act="member.left").order_by("-at", "-pk").first()
        suspended = bool(left and left.details.get("suspended"))
        user.standing = Standing.SUSPENDED if suspended else Standing.ACTIVE
        user.standing_since = timezone.now()
        user.is_active = True
        user.save(update_fields=["standing", "standing_since", "is_active"])
        write_down(user, "member.returned", by=user, suspended=suspended)
        follow_member.enqueue(user.pk)
    ledger.enter("member.returned", user, standing=user.standing)
    try:
        bring_avatar_in_step(user)
    except Exception:
        logger.exception("The picture of member %s could not be shown again: the task tries it once more.", user.pk)
    bring_posts_in_step(user, most=INLINE)
    return user
