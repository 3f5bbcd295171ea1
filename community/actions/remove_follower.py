"""Take a follower away, who is not told."""

from django.db import transaction

from gallery import ledger

from ..relating import end_follow, lock_people


def remove_follower(user, follower):
    """End the follow of `follower` for `user`, by `user`; returns whether there was one.

    The ledger has it: what is for followers is hidden from one more, and an older backup must not show it again.
    """
    with transaction.atomic():
        user, follower = lock_people(user, follower)
        ended = end_follow(follower, user)
        if ended is not None:
            ledger.enter("member.follower_removed", user, follower=follower.username, follower_id=follower.pk)
    return ended is not None
