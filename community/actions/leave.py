"""Leave PixlPix: closed at once, everything public gone. The team keeps what it keeps of deleted posts."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down

from ..models import User
from ..models.users import Standing
from ..standing import INLINE, bring_posts_in_step
from ..tasks import follow_member


def leave(user):
    """Close the account of `user`, by themselves. Returns the User.

    One row is committed; from then on nothing of theirs is in anybody's reach and no session of theirs works. Flags and
    files of the first posts follow before this returns, the rest as a task. Raises PermissionDenied for one who left.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if user.standing == Standing.LEFT:
            raise PermissionDenied(_("This account is closed."))
        suspended = user.standing == Standing.SUSPENDED
        user.standing = Standing.LEFT
        user.standing_since = timezone.now()
        # Ends every session at its next request: who may not sign in has no session either.
        user.is_active = False
        user.save(update_fields=["standing", "standing_since", "is_active"])
        write_down(user, "member.left", by=user, suspended=suspended)
        follow_member.enqueue(user.pk)
        ledger.enter("member.left", user, standing=user.standing)
    bring_posts_in_step(user, most=INLINE)
    return user
