"""Follow a member, or ask to; and stop."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..models import Follow
from ..models.notifications import Kind
from ..notifying import forget, notify
from ..relating import count_follow, end_follow, lock_people
from ..visibility import members_for


def follow(user, other):
    """Let `user` follow `other`; where that one's account is for followers it is a request. Returns the Follow.

    Done twice, it is one. Raises PermissionDenied for who may not follow yet, themselves, and whom they cannot see.
    """
    if not permissions.may_follow(user):
        raise PermissionDenied(_("Confirm your email address first, then follow."))
    if user.pk == other.pk:
        raise PermissionDenied(_("Nobody follows themselves."))
    with transaction.atomic():
        user, other = lock_people(user, other)
        if not members_for(user).filter(pk=other.pk).exists():
            raise PermissionDenied(_("You cannot follow this member."))
        found, asked = Follow.objects.get_or_create(follower=user, followed=other)
        if found.accepted_at:
            return found
        if not other.is_private:
            accept(found)
            forget(Kind.REQUEST, other, actor=user)  # one from when the account was for followers
            notify(Kind.FOLLOW, other, actor=user)
        elif asked:
            notify(Kind.REQUEST, other, actor=user)
    return found


def accept(follow):
    """Make a follow of two locked members count."""
    follow.accepted_at = timezone.now()
    follow.save(update_fields=["accepted_at"])
    count_follow(follow, 1)


def unfollow(user, other):
    """End the follow of `user`, or take the request back. `other` is not told; returns whether there was one."""
    with transaction.atomic():
        user, other = lock_people(user, other)
        return end_follow(user, other) is not None
