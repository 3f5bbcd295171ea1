"""Block a member: neither sees the other anywhere any more. And take it back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down

from ..models import Block, Notification
from ..notifying import drop
from ..relating import end_follow, lock_people
from .leave_gallery import part_in_galleries


def block(user, other):
    """Block `other`, by `user`; returns the Block. Done twice, it is one.

    Follows and requests end both ways, neither contributes to a shared gallery of the other's any more, and what either
    was told of the other and has not read yet is gone, but for others' likes of the same thing. Likes and comments stay,
    unseen by the two. `other` is not told.
    Raises PermissionDenied for oneself.
    """
    if user.pk == other.pk:
        raise PermissionDenied(_("Nobody blocks themselves."))
    with transaction.atomic():
        part_in_galleries(user, other, by=user)  # locks galleries, which come before people
        user, other = lock_people(user, other)
        found, new = Block.objects.get_or_create(blocker=user, blocked=other)
        if new:
            end_follow(user, other)
            end_follow(other, user)
            between = Q(recipient=user, actor=other) | Q(recipient=other, actor=user)
            drop(Notification.objects.filter(between, read_at__isnull=True))
            write_down(other, "member.blocked", by=user)
            ledger.enter("member.blocked", other, by=user.username, by_id=user.pk)
    return found


def unblock(user, other):
    """Take back a block by `user`; returns whether there was one. What it ended stays ended."""
    with transaction.atomic():
        user, other = lock_people(user, other)
        ended, _rows = Block.objects.filter(blocker=user, blocked=other).delete()
        if ended:
            write_down(other, "member.unblocked", by=user)
    if ended:
        ledger.enter("member.unblocked", other, by=user.username, by_id=user.pk)
    return bool(ended)
