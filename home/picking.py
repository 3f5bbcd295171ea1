"""Whether a post may be picked: for the action and for whoever offers it."""

from dataclasses import dataclass

from community.visibility import posts_for

from .models import Pick
from .permissions import may_pick


def may_be_picked(user, post):
    """Whether `user`, and everybody, comes across this post, and its author may be featured. 1 query."""
    return post.author.featurable and posts_for(user).discoverable().filter(pk=post.pk).exists()


@dataclass(frozen=True)
class Offer:
    """What a curator can do with a post: whether it is picked now, and whether there is anything to press."""

    picked: bool
    offered: bool


def offer_of(user, post):
    """The Offer of a post that is looked at; None for who is no curator. 2 queries, once for the button and the bar."""
    if not may_pick(user):
        return None
    if not hasattr(post, "pick_offer"):
        picked = Pick.objects.current().filter(post=post).exists()
        post.pick_offer = Offer(picked, picked or may_be_picked(user, post))
    return post.pick_offer
