"""Make posts for followers alone, many at once and in any state, because their author's account is now."""

from django.db import transaction

from ..acts import write_down
from ..locks import lock
from ..states import Visibility, narrower
from .set_visibility import follow_narrowing


def narrow_posts(posts):
    """Narrow each of `posts` to followers in a transaction of its own; returns how many were wider before.

    Also those that cannot be edited now (deleted, taken down): brought back, they are as their author wished. Their
    public files are gone when this returns.
    """
    return sum(narrow_post(post) for post in posts)


def narrow_post(post):
    with transaction.atomic():
        post = lock(post)
        if post.visibility == Visibility.FOLLOWERS:
            return False
        before, post.visibility = post.effective_visibility, Visibility.FOLLOWERS
        post.effective_visibility = narrower(post.visibility, post.gallery.visibility)
        post.save(update_fields=["visibility", "effective_visibility"])
        write_down(post, "post.visibility_changed", by=post.author, visibility=post.visibility)
        follow_narrowing(post, before)
    return True
