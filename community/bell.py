"""What stands in a member's list of notifications, and the number at the bell. Starts at `visibility.notifications_for`."""

from django.db.models import BigIntegerField, Case, IntegerField, OuterRef, Subquery, When
from django.utils import timezone

from gallery.keyset import page_of

from .lists import with_photos
from .models import CommentLike, Follow, Like, Notification, Profile, User
from .models.notifications import Kind
from .notification_kinds import GROUPED
from .visibility import WITHIN_GROUP, likers_for, notifications_for

A_PAGE = 30
COUNTED = 100  # the bell says "99+" from here on
LOOKED_AT = 300  # unread rows that the bell looks at: some of them may not be shown any more
LIKERS_COUNTED = 1000
ABOUT = ("actor", "post__author", "post__gallery", "comment", "gallery__author", "prompt")


def unread_count(member):
    """How many unread notifications `member` would be shown, up to COUNTED. One query, bounded by an index of its own."""
    newest = Notification.objects.filter(recipient=member.pk, read_at__isnull=True, in_app=True)
    newest = newest.order_by("-created_at", "-key").values("pk")[:LOOKED_AT]
    return len(notifications_for(member).filter(pk__in=newest).values_list("pk", flat=True)[:COUNTED])


def notifications_of(member, cursor=""):
    """One keyset page of what `member` is told on the site, newest first, with all that a page shows of it. 6 queries.

    Each has `people`, its actor or its newest likers, at most two; `others`, how many liked besides; and `waits`, whether
    a request to follow is still to be answered.
    """
    told = in_full(notifications_for(member), member).filter(in_app=True)
    page = page_of(told, cursor, size=A_PAGE, at="created_at", key="key")
    with_people(page, member)
    with_photos([row.post for row in page if row.post])
    return page


def open_one(member, key):
    """The notification with this key, if `member` is told it (by mail alone counts), with what it is about; else None."""
    return in_full(notifications_for(member), member).filter(key=key).first()


def in_full(notifications, member):
    """`notifications` with what words and addresses need of what they are about, and the member's hidden words."""
    words = Subquery(Profile.objects.filter(user=member.pk).values("hidden_words")[:1])
    return notifications.select_related(*ABOUT).annotate(hidden_words=words)


class CountOf(Subquery):
    """How many rows a bounded subquery finds."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()


def with_people(rows, member):
    """Give each of `rows` its `people`, `others` and `waits`. 3 queries at most, for any number of rows."""
    keys = [row.pk for row in rows if row.kind in GROUPED]
    grouped = {row["pk"]: row for row in likers_of(keys, member)} if keys else {}
    wanted = {row[name] for row in grouped.values() for name in ("first", "second")} - {None}
    people = User.objects.in_bulk(wanted) if wanted else {}
    requests = [row.actor_id for row in rows if row.kind == Kind.REQUEST]
    waiting = set()
    if requests:
        asked = Follow.objects.filter(followed=member.pk, follower__in=requests, accepted_at__isnull=True)
        waiting = set(asked.values_list("follower", flat=True))
    for row in rows:
        row.waits = row.kind == Kind.REQUEST and row.actor_id in waiting
        row.people, row.others = ([row.actor] if row.actor else []), 0
        if found := grouped.get(row.pk):
            row.people = [people[found[name]] for name in ("first", "second") if found[name] in people]
            row.others = max(found["many"] - len(row.people), 0)


def likers_of(keys, member):
    """The newest likers of the notifications with these primary keys, and how many they are, up to LIKERS_COUNTED."""

    def of(choose):
        cases = [
            When(kind=kind, then=choose(likers_for(member, model.objects.filter(**about, **WITHIN_GROUP))))
            for kind, model, about in (
                (Kind.LIKE, Like, {"post": OuterRef("post")}),
                (Kind.COMMENT_LIKE, CommentLike, {"comment": OuterRef("comment")}),
            )
        ]
        return Case(*cases, output_field=BigIntegerField())

    newest = ("-created_at", "-pk")
    return Notification.objects.filter(pk__in=keys).values(
        "pk",
        first=of(lambda likes: Subquery(likes.order_by(*newest).values("user")[:1])),
        second=of(lambda likes: Subquery(likes.order_by(*newest).values("user")[1:2])),
        many=of(lambda likes: CountOf(likes.values("pk")[:LIKERS_COUNTED])),
    )


def unread_about(member, post):
    """What `member` was told about `post` and has not read."""
    return Notification.objects.filter(recipient=member.pk, post=post.pk, read_at__isnull=True)


def mark_read(member, *, key=None, post=None, until=None):
    """Mark as read what `member` was told: the one with this key, all about `post`, or all that is not newer than `until`
    (a datetime).

    Marks also what is not shown any more. Returns how many were unread.
    """
    unread = Notification.objects.filter(recipient=member.pk, read_at__isnull=True)
    if post:
        unread = unread_about(member, post)
    elif key:
        unread = unread.filter(key=key)
    else:
        unread = unread.filter(in_app=True, created_at__lte=until or timezone.now())
    return unread.update(read_at=timezone.now())
