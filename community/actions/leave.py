"""Leave PixlPix: closed at once, everything public gone. The team keeps what it keeps of deleted posts.

For LEAVE_DAYS they can come back (come_back.py); after that what was theirs alone is deleted (empty_account.py).
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down

from ..avatars import hide_avatar, lock_member
from ..devices import end_devices
from ..models.users import Standing
from ..standing import INLINE, bring_posts_in_step
from ..tasks import follow_member


def leave(user):
    """Close the account of `user`, by themselves. Returns the User.

    One row is committed; from then on nothing of theirs is in anybody's reach and no session of theirs works. Flags and
    files of the first posts follow before this returns, the rest as a task. Raises PermissionDenied for one who left.
    """
    with transaction.atomic():
        user = lock_member(user)
        if user.standing == Standing.LEFT:
            raise PermissionDenied(_("This account is closed."))
        suspended = user.standing == Standing.SUSPENDED
        user.standing = Standing.LEFT
        user.standing_since = timezone.now()
        # Who may not sign in has no session either; those that are there must not live again with who comes back.
        user.is_active = False
        user.save(update_fields=["standing", "standing_since", "is_active"])
        end_devices(user)
        hide_avatar(user)
        write_down(user, "member.left", by=user, suspended=suspended)
        follow_member.enqueue(user.pk)
        ledger.enter("member.left", user, standing=user.standing)
    bring_posts_in_step(user, most=INLINE)
    return user
