"""The home feed: what the people and the hashtags that a member follows have brought, newest first.

`followed_posts` says what belongs there. Which way to a page is quick depends on how many are followed and how much they
share, and the planner cannot know: by date it finds at once what the many bring, and walks through everything for the few
who are silent. So on PostgreSQL each page

1. walks the newest WINDOW posts after the cursor; where a page's worth belongs there, that is it;
2. else asks each of the followed for their newest, one step along the index of an author's posts, and gathers a page
   from those who shared last: nobody else can have anything on it. The same for each followed hashtag.

Neither looks at more the more posts there are; the second looks once at each of the followed. What stands before and
behind one post of the feed is found in the same two ways, each in both directions.
"""

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import OrderBy, RawSQL

from gallery import keyset
from gallery.models import PostHashtag, PostPage
from gallery.states import Visibility

from .models import Follow, HashtagFollow, Mute
from .visibility import discoverable_for, listed_for, without_muted

POSTS_A_PAGE = 30
WINDOW = 1_000  # posts; some milliseconds
HASHTAGS = 50  # of those that a member follows, the ones followed last, where the first way does not suffice
NEAREST = 5  # posts on one side of another that are looked at: some of them may not be shown
NEWEST = keyset.newest()
COUNTED = 30  # new posts, before "30+" is said


def followed_posts(viewer):
    """The posts of the home feed of `viewer`, a member: their own, those of people they follow (also what is for
    followers alone), and public ones with a hashtag that they follow. Without the people whom they have muted."""
    people = Q(author=viewer.pk) | Q(Exists(follows_of(viewer).filter(followed=OuterRef("author"))))
    hashtags = HashtagFollow.objects.filter(user=viewer.pk).values("hashtag")
    tagged = Exists(PostHashtag.objects.filter(post=OuterRef("pk"), hashtag__in=hashtags))
    return without_muted(
        listed_for(viewer).filter(people | Q(Q(effective_visibility=Visibility.PUBLIC, limited=False), tagged)),
        viewer,
        "author",
    )


def home_posts(viewer, cursor="", size=None):
    """One keyset page of the home feed of `viewer`, without photos (see `lists.with_photos`). 1 to 3 queries."""
    size = size or POSTS_A_PAGE
    if connection.vendor != "postgresql":
        return keyset.page_of(followed_posts(viewer).select_related("author", "gallery"), cursor, size=size)
    found = places(viewer, cursor, size + 1)
    more, found = len(found) > size, found[:size]
    # Looked at once more by the rule: what a page cannot show it leaves out, and goes on behind it.
    posts = without_muted(listed_for(viewer), viewer, "author").select_related("author", "gallery")
    by_pk = posts.in_bulk([pk for pk, _at, _short in found])
    items = [by_pk[pk] for pk, _at, _short in found if pk in by_pk]
    return keyset.Page(items, keyset.encode(*found[-1][1:]) if more else "")


def new_since(viewer, cursor):
    """How many posts came into the home feed of `viewer` since `cursor` (the place of the first that they saw), their own
    left out: at most COUNTED + 1. 0 for a cursor that is none. 1 query.

    Looks at the newest WINDOW posts, which is enough for who asks every minute.
    """
    place = keyset.decode(cursor)
    if place is None:
        return 0
    newer = Q(published_at__gt=place[0]) | Q(published_at=place[0], short_id__gt=place[1])
    shown = followed_posts(viewer).exclude(author=viewer.pk)
    if connection.vendor != "postgresql":
        return len(shown.filter(newer).values_list("pk")[: COUNTED + 1])
    return len(walk(newest().filter(newer, published_at__gte=place[0]), shown, COUNTED + 1))


def nearest_followed(viewer, post):
    """The home feed of `viewer` around a published `post` of it, as a queryset: on PostgreSQL the nearest few on both sides
    (1 query), for no planner finds the way to those by itself."""
    shown = followed_posts(viewer)
    if connection.vendor != "postgresql":
        return shown
    cursor = keyset.encode(post.published_at, post.short_id)
    ways = [nearest_sql(viewer, order, cursor) for order in (NEWEST, keyset.turned(NEWEST))]
    found = fetch(
        " UNION ALL ".join(f"({sql})" for sql, _params in ways), [one for _sql, params in ways for one in params]
    )
    # The rule is asked once more: what is gathered knows only of follows and hashtags.
    return shown.filter(pk__in=[pk for (pk,) in found])


def follows_of(viewer):
    """The follows of `viewer` that were accepted, of people whom they have not muted."""
    follows = Follow.objects.filter(follower=viewer.pk, accepted_at__isnull=False)
    return follows.exclude(Exists(Mute.objects.filter(muter=viewer.pk, muted=OuterRef("followed"))))


# --- Ways to a page on PostgreSQL -------------------------------------------------------------------------------------


def newest(cursor="", order=NEWEST):
    """All visible posts after `cursor`, newest first (or in the other order): columns of their own row alone, so that one
    index serves them."""
    return keyset.after_in(PostPage.objects.visible(), order, cursor).order_by(*map(keyset.term, order))


def places(viewer, cursor, rows):
    """The first `rows` of the feed after `cursor`, as (primary key, published, short id)."""
    found = walk(newest(cursor), followed_posts(viewer), rows)
    return found if len(found) == rows else gather(viewer, cursor, rows)


def walk(posts, shown, rows):
    """The first `rows` of `shown` among the first WINDOW of `posts`."""
    return fetch(*walk_sql(posts, shown, rows))


def gather(viewer, cursor, rows):
    """The first `rows` of the feed after `cursor`, from the newest of each author and each hashtag."""
    return fetch(*gather_sql(viewer, cursor, rows))


def nearest_sql(viewer, order, cursor):
    """SQL and parameters for the primary keys of the posts of the feed that come after `cursor` in an order: the first that
    is found by walking or, where there is none, the first few of those gathered."""
    walked, walk_params = walk_sql(newest(cursor, order), followed_posts(viewer), 1, order)
    gathered, params = gather_sql(viewer, cursor, NEAREST, order, where="WHERE NOT EXISTS (SELECT FROM walked)")
    sql = (
        f"WITH walked (pk, published, short) AS MATERIALIZED ({walked}) "  # noqa: S608
        f"SELECT pk FROM walked UNION ALL SELECT pk FROM ({gathered}) AS gathered (pk, published, short)"
    )
    return sql, [*walk_params, *params]


def walk_sql(posts, shown, rows, order=NEWEST):
    near, near_params = sql_of(posts[:WINDOW])
    shown, shown_params = shown.order_by().values_list("pk").query.sql_with_params()
    # The limit within is the bound, and keeps the planner from going elsewhere; it stops early at the limit without.
    sql = (
        f"SELECT near.pk, published, short FROM ({near}) AS near (pk, published, short) "  # noqa: S608
        f"JOIN ({shown}) AS shown (pk) ON shown.pk = near.pk ORDER BY {in_order(order)} LIMIT %s"
    )
    return sql, [*near_params, *shown_params, rows]


def gather_sql(viewer, cursor, rows, order=NEWEST, where=""):
    """`where`: a condition that has it gather at all."""
    theirs = newest(cursor, order).exclude(effective_visibility=Visibility.UNLISTED)
    last = theirs.filter(author=OuterRef("followed")).values("published_at")[:1]
    last_first = OrderBy(F("last"), descending=order[0].descending, nulls_last=True)
    people = follows_of(viewer).annotate(last=Subquery(last)).order_by(last_first)
    people, people_params = people.values_list("followed", "last")[:rows].query.sql_with_params()
    author = RawSQL("person.author", [])
    theirs = newest(cursor, order).exclude(Q(effective_visibility=Visibility.UNLISTED) & ~Q(author=viewer.pk))
    theirs, theirs_params = sql_of(theirs.filter(author=author)[:rows])

    tags = HashtagFollow.objects.filter(user=viewer.pk).order_by("-created_at", "-pk")[:HASHTAGS]
    tags, tags_params = tags.values_list("hashtag").query.sql_with_params()
    tagged = PostHashtag.objects.filter(hashtag=RawSQL("tag.hashtag", []), published_at__isnull=False)
    tagged = keyset.after_in(tagged, order, cursor).order_by(*map(keyset.term, order))
    tagged, tagged_params = sql_of(tagged[:WINDOW], "post")
    shown, shown_params = discoverable_for(viewer).order_by().values_list("pk").query.sql_with_params()
    sql = f"""
        WITH person (author) AS MATERIALIZED (
            SELECT author FROM ({people}) AS ranked (author, last) WHERE last IS NOT NULL UNION SELECT %s
        ), tag (hashtag) AS MATERIALIZED ({tags})
        SELECT found.pk, found.published, found.short
        FROM person CROSS JOIN LATERAL ({theirs}) AS found (pk, published, short) {where}
        UNION
        SELECT found.pk, found.published, found.short
        FROM tag CROSS JOIN LATERAL (
            SELECT near.pk, near.published, near.short FROM ({tagged}) AS near (pk, published, short)
            JOIN ({shown}) AS shown (pk) ON shown.pk = near.pk ORDER BY {in_order(order, "near.")} LIMIT %s
        ) AS found {where}
        ORDER BY {in_order(order)} LIMIT %s
        """  # noqa: S608
    return sql, [
        *people_params, viewer.pk, *tags_params, *theirs_params, *tagged_params, *shown_params, rows, rows,
    ]  # fmt: skip


def in_order(order, table=""):
    """The ORDER BY of the columns `published` and `short`."""
    return ", ".join(
        f"{table}{name} {'DESC' if by.descending else 'ASC'}"
        for name, by in zip(("published", "short"), order, strict=True)
    )


def sql_of(queryset, pk="pk"):
    """The SQL and parameters of (primary key of the post, published, short id) of each row."""
    return queryset.values_list(pk, "published_at", "short_id").query.sql_with_params()


def fetch(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
