"""Whether a post may be picked: for the action and for whoever offers it."""

from community.visibility import posts_for


def may_be_picked(user, post):
    """Whether `user`, and everybody, comes across this post, and its author may be featured. 1 query."""
    return post.author.featurable and posts_for(user).discoverable().filter(pk=post.pk).exists()
