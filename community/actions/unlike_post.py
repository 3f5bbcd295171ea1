"""Take a like back, also of a post that one may no longer see."""

from django.db import transaction

from ..counters import change
from ..models import Like, PostCounts
from ..models.notifications import Kind
from ..notifying import forget


def unlike_post(post, *, by):
    """`by` no longer likes `post`; True where they did. Whoever deletes the row, and nobody else, changes the count."""
    with transaction.atomic():
        taken_back = bool(Like.objects.filter(user=by, post=post).delete()[0])
        if taken_back:
            change(PostCounts, post.pk, likes=-1)
            forget(Kind.LIKE, post.author, actor=by, post=post)
    return taken_back
