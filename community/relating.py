"""What the actions between two people share: their rows locked together, and a follow that ends.

People's rows are locked in the order of their keys, and their numbers changed in that order too, so that two who follow
and block each other at the same moment wait and never cross. In the order of locks (gallery/locks.py) they stand where
a member's row stands.
"""

from . import counters
from .models import Follow, MemberCounts, User
from .models.notifications import Kind
from .notifying import forget


def lock_people(*people):
    """The rows of these members as they are now, locked; a list in the order asked for. Inside a transaction.

    The key itself is not locked: rows that only refer to a member need not wait.
    """
    found = User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in people]).order_by("pk")
    by_key = {person.pk: person for person in found}
    return [by_key[person.pk] for person in people]


def count_follow(follow, by):
    """Add `by` (1 or -1) to the numbers of both people of an accepted `follow`."""
    for key, column in sorted([(follow.follower_id, "following"), (follow.followed_id, "followers")]):
        counters.change(MemberCounts, key, **{column: by})


def end_follow(follower, followed):
    """End the follow, or the request, of one locked member for another; returns the Follow that there was, or None."""
    follow = Follow.objects.filter(follower=follower, followed=followed).first()
    if follow is None:
        return None
    Follow.objects.filter(pk=follow.pk).delete()
    if follow.accepted_at:
        count_follow(follow, -1)
    for kind in (Kind.FOLLOW, Kind.REQUEST):
        forget(kind, followed, actor=follower)
    forget(Kind.ACCEPTED, follower, actor=followed)
    return follow
