"""Choose whom one's account is for, and whether one may be featured."""

from django.db import transaction
from django.utils import timezone

from gallery.acts import write_down

from ..models import Profile, User
from ..privacy import INLINE, accept_waiting, narrow_drafts, narrow_older
from ..tasks import follow_privacy


def set_privacy(user, *, is_private, featurable, narrow=False, accept=False):
    """Make the account for followers or for everyone; returns the User.

    From then on new posts are for followers unless they say otherwise, drafts too. What is published already changes only
    with `narrow`: then all of it is for followers, the newest when this returns, the rest by a task. Becoming public
    accepts nobody who is waiting, unless `accept` says so. Posts for followers stay for followers.
    """
    now = timezone.now()
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        changed = user.is_private != is_private
        if changed or user.featurable != featurable:
            user.is_private, user.featurable = is_private, featurable
            user.save(update_fields=["is_private", "featurable"])
            write_down(user, "member.privacy_changed", by=user, private=is_private, featurable=featurable)
        wishes = {}
        if changed:  # what was wished before and is not done yet is wished no more
            wishes = {"narrow_before": None, "accept_before": None}
        if is_private and narrow:
            wishes["narrow_before"] = now
            write_down(user, "member.older_posts_narrowed", by=user)
        if accept and not is_private:
            wishes["accept_before"] = now
        if wishes:
            Profile.objects.filter(user=user).update(**wishes)
        if narrow or accept:
            follow_privacy.enqueue(user.pk)
    if is_private and changed:
        narrow_drafts(user)
    narrow_older(user, most=INLINE)
    accept_waiting(user, most=INLINE)
    return user
