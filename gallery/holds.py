"""What is not erased, and does not expire, because the team keeps it as evidence. Pictures know of no cases: whoever has some
registers what is theirs here, from its `apps.py`:

    holds.register(posts=of_posts, originals=of_original)

`of_posts()` is a condition on posts (a Q, or an Exists with OuterRef("pk")), `of_original(original)` whether that one is held.
"""

from .models import PostPage

_of_posts, _of_original = [], []


def register(*, posts, originals):
    """Let `posts` and `originals` say what is held. Done twice, it is done once."""
    if posts not in _of_posts:
        _of_posts.append(posts)
    if originals not in _of_original:
        _of_original.append(originals)


def is_held(post):
    """Whether `post` is evidence, whoever wants to erase it."""
    return any(PostPage.objects.filter(condition(), pk=post.pk).exists() for condition in _of_posts)


def is_original_held(original):
    """Whether the file of `original` is evidence."""
    return any(holds(original) for holds in _of_original)
