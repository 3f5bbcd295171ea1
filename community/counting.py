"""Proving the numbers of `models/counts.py` on a whole database, and correcting them under lock.

Each kind of number is counted again from the rows themselves, in chunks of primary keys, a grouped query for each chunk.
What differs is looked at once more with its row locked: whoever changes a number holds that lock until the rows that it
counts are committed (see `counters.change`), so what differs then is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count, Max

from gallery.models import PostPage

from .models import Comment, CommentLike, Follow, Like, MemberCounts, PostCounts, User
from .models.comments import STANDING

CHUNK = 2000  # keys


@dataclass(frozen=True)
class Number:
    """One number: the column that holds it, the rows that it counts, and which of their columns says whose they are."""

    name: str
    holder: type[models.Model]
    column: str
    rows: Callable[[], models.QuerySet]
    whose: str
    things: type[models.Model]  # what has that number; its keys are those of `holder`


NUMBERS = [
    Number("likes of posts", PostCounts, "likes", Like.objects.all, "post_id", PostPage),
    Number("comments on posts", PostCounts, "comments", lambda: Comment.objects.filter(STANDING), "post_id", PostPage),
    Number("likes of comments", Comment, "likes", CommentLike.objects.all, "comment_id", Comment),
    Number(
        "replies to comments",
        Comment,
        "replies",
        lambda: Comment.objects.filter(STANDING, parent__isnull=False),
        "parent_id",
        Comment,
    ),
    Number(
        "followers",
        MemberCounts,
        "followers",
        lambda: Follow.objects.filter(accepted_at__isnull=False),
        "followed_id",
        User,
    ),
    Number(
        "followed members",
        MemberCounts,
        "following",
        lambda: Follow.objects.filter(accepted_at__isnull=False),
        "follower_id",
        User,
    ),
    Number("listed posts", MemberCounts, "posts", PostPage.objects.listed, "author_id", User),
]


@dataclass(frozen=True)
class Wrong:
    """A number that is not what it counts."""

    number: Number
    key: int
    stored: int
    counted: int


def wrong_numbers(*, mend=False):
    """Every Wrong of the database, one after the other; with `mend` each is right when the next one comes."""
    for number in NUMBERS:
        last = number.things.objects.aggregate(last=Max("pk"))["last"] or 0
        for first in range(0, last + 1, CHUNK):
            for key in differing(number, first, first + CHUNK):
                if found := look_again(number, key, mend=mend):
                    yield found


def differing(number, first, end):
    """The keys from `first` to before `end` where stored and counted differ at first sight, in order. 2 queries."""
    stored = number.holder.objects.filter(pk__gte=first, pk__lt=end).exclude(**{number.column: 0})
    stored = dict(stored.values_list("pk", number.column))
    here = {f"{number.whose}__gte": first, f"{number.whose}__lt": end}
    counted = number.rows().filter(**here).order_by().values(number.whose).annotate(n=Count("pk"))
    counted = dict(counted.values_list(number.whose, "n"))
    return sorted(key for key in stored.keys() | counted.keys() if stored.get(key, 0) != counted.get(key, 0))


def look_again(number, key, *, mend):
    """The Wrong of one key as it is with its row locked, corrected where `mend` says so; None where it is right."""
    with transaction.atomic():
        row = number.holder.objects.select_for_update().filter(pk=key).first()
        stored = getattr(row, number.column) if row else 0
        counted = number.rows().filter(**{number.whose: key}).count()
        if stored == counted:
            return None
        if mend and row:
            number.holder.objects.filter(pk=key).update(**{number.column: counted})
        elif mend:
            number.holder.objects.create(pk=key, **{number.column: counted})
    return Wrong(number, key, stored, counted)
