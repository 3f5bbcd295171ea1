"""A PostgreSQL database filled with people, posts, likes, comments and follows: one of each is made by the site's own
actions, and set-based SQL makes as many more of it as asked for. So the rows have whatever columns their tables have by now.

For benchmarks, and for the test that looks at plans. The page tree that comes out is good for reading only.
"""

from contextlib import contextmanager

from django.db import connection
from wagtail.models import Page

from community import listed_counts
from community.models import Comment, Notification, User
from gallery.models import GalleryPage, Photo, Picture, PostPage, Rendition


def fill(post, comment, notification, *, members, posts, likes, comments, notifications, hashtag):
    """Make as many more of each, of `post` (with its author, gallery and photo), `comment` and `notification`. Each fifth
    post has `hashtag`. Members are called filled1, filled2, ...; posts are a minute apart, the last one just now.
    Some share often, many seldom; the newest tenth of the posts is by the first sixth of the members, the rest are quiet.
    """
    gallery, photo = post.gallery, post.photos.get()
    run(
        """CREATE TEMP TABLE filled_member AS
        SELECT n, nextval(pg_get_serial_sequence('community_user', 'id')) AS author,
               nextval(pg_get_serial_sequence('wagtailcore_page', 'id'))::int AS gallery
        FROM generate_series(1, %s) AS n""",
        [members],
    )
    clone(
        User, post.author, "SELECT n, author AS id FROM filled_member",
        id="r.id", username="'filled' || r.n", email="'filled' || r.n || '@example.org'",
    )  # fmt: skip
    rows = "SELECT n, gallery AS id, author FROM filled_member"
    clone_page(gallery, rows, "'G'")
    clone(
        GalleryPage, gallery, rows,
        page_ptr_id="r.id", author_id="r.author", gallery_slug="'filled' || r.n", cover_choice_id="NULL",
    )  # fmt: skip
    run(
        """CREATE TEMP TABLE filled_post AS
        SELECT number AS n, nextval(pg_get_serial_sequence('wagtailcore_page', 'id'))::int AS id,
               lpad(to_hex(number), 10, '0') AS short_id,
               nextval(pg_get_serial_sequence('gallery_picture', 'id')) AS picture,
               nextval(pg_get_serial_sequence('gallery_photo', 'id')) AS photo,
               author, gallery, now() - (%s - number) * interval '1 minute' AS at
        FROM (
            SELECT n AS number, 1 + floor(power(random(), 2) * CASE WHEN n > %s THEN %s ELSE %s END)::int AS who
            FROM generate_series(1, %s) AS n
        ) AS s JOIN filled_member m ON m.n = s.who""",
        [posts, posts - posts // 10, members // 6, members - 1, posts],
    )
    run("CREATE UNIQUE INDEX ON filled_post (n)")
    run("ANALYZE filled_member, filled_post")  # nothing else does that for temporary tables
    rows = "SELECT * FROM filled_post"
    clone_page(post, rows, "'P'")
    with counted_at_the_end():
        clone(
            PostPage, post, rows,
            page_ptr_id="r.id", short_id="r.short_id", author_id="r.author", gallery_id="r.gallery", created_at="r.at",
            published_at="r.at",
        )  # fmt: skip
    clone(Picture, photo.picture, rows, id="r.picture")
    clone(Photo, photo, rows, id="r.photo", picture_id="r.picture", post_id="r.id", key="r.short_id")
    for rendition in photo.picture.renditions.filter(filter_spec__in=("width-320", "preview-jpeg")):
        clone(Rendition, rendition, rows, id=nextval(Rendition), image_id="r.picture")
    run(
        """INSERT INTO gallery_posthashtag (hashtag_id, post_id, published_at, short_id)
        SELECT %s, id, at, short_id FROM filled_post WHERE n %% 5 = 0""",
        [hashtag.pk],
    )
    run(
        f"""INSERT INTO community_like (user_id, post_id, created_at)
        SELECT author, post, at FROM ({spread(likes, members, posts, days=20)}) AS r ON CONFLICT DO NOTHING"""
    )
    clone(
        Comment, comment, spread(comments, members, posts, days=200),
        id=nextval(Comment), key="lpad(to_hex(r.n), 10, 'z')", post_id="r.post", author_id="r.author", created_at="r.at",
    )  # fmt: skip
    clone(
        Notification, notification, spread(notifications, members, posts, days=200),
        id=nextval(Notification), key="lpad(to_hex(r.n), 10, 'z')", post_id="r.post", recipient_id="r.author",
        created_at="r.at",
    )  # fmt: skip
    count()
    run("ANALYZE")


def spread(rows, members, posts, days):
    """SQL of `rows` rows of (n, post, author, at): any member, a post, the older ones more often, in the last `days`."""
    return f"""SELECT s.n, p.id AS post, m.author, s.at FROM (
            SELECT n, 1 + floor(random() * {members - 1})::int AS who, 1 + floor(power(random(), 2) * {posts - 1})::int AS what,
                   now() - random() * interval '{days} days' AS at
            FROM generate_series(1, {rows}) AS n
        ) AS s JOIN filled_member m ON m.n = s.who JOIN filled_post p ON p.n = s.what"""


def follow(follower, many):
    """`follower` follows the first `many` of the members made, or as many as there are; `follower` None: each member of the
    first thousand does."""
    who = "SELECT %s::bigint AS id" if follower else "SELECT author AS id FROM filled_member WHERE n <= 1000"
    run(
        f"""INSERT INTO community_follow (follower_id, followed_id, created_at, accepted_at)
        SELECT f.id, m.author, now(), now() FROM ({who}) AS f, filled_member m WHERE m.n <= %s AND m.author <> f.id
        ON CONFLICT DO NOTHING""",
        [follower.pk, many] if follower else [many],
    )


def follow_quiet(follower, many, newest):
    """`follower` follows up to `many` of the members made who have none of the `newest` posts."""
    run(
        """INSERT INTO community_follow (follower_id, followed_id, created_at, accepted_at)
        SELECT %s, m.author, now(), now() FROM filled_member m WHERE NOT EXISTS (
            SELECT FROM filled_post p WHERE p.author = m.author AND p.n > (SELECT max(n) - %s FROM filled_post)
        ) ORDER BY m.n LIMIT %s""",
        [follower.pk, newest, many],
    )


@contextmanager
def counted_at_the_end():
    """Members' posts counted once, not by a trigger for each: in one statement that meets a member's row as often as they
    have posts. What is deferred in the transaction around it is done before, or PostgreSQL drops no trigger."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    listed_counts.remove(connection)
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ANALYZE gallery_postpage")
    listed_counts.install(connection)
    run("SET CONSTRAINTS ALL DEFERRED")


def count():
    """How often what was made is liked and commented on."""
    run(
        """INSERT INTO community_postcounts (post_id, likes, comments)
        SELECT p.id, coalesce(l.many, 0), coalesce(c.many, 0) FROM filled_post p
        LEFT JOIN (SELECT post_id, count(*) AS many FROM community_like GROUP BY post_id) AS l ON l.post_id = p.id
        LEFT JOIN (SELECT post_id, count(*) AS many FROM community_comment GROUP BY post_id) AS c ON c.post_id = p.id
        ON CONFLICT DO NOTHING"""
    )


def clone_page(page, rows, letter):
    """Wagtail's row of a page, for each of `rows`."""
    clone(
        Page, page.page_ptr, rows,
        id="r.id", path=f"{letter} || upper(lpad(to_hex(r.n), 11, '0'))", slug="'filled' || r.n",
        url_path=f"'/filled/' || {letter} || r.n", translation_key="gen_random_uuid()",
    )  # fmt: skip


def clone(model, template, rows, **others):
    """Insert a copy of the row of `template` for each row of the SQL `rows` (called r), but for `others`: {column: SQL}."""
    columns = [field.column for field in model._meta.local_concrete_fields]
    unknown = set(others) - set(columns)
    assert not unknown, unknown
    values = [others.get(column, f't."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    table, key = model._meta.db_table, model._meta.pk.column
    run(
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} FROM ({rows}) AS r, "{table}" AS t WHERE t."{key}" = %s',
        [template.pk],
    )


def nextval(model):
    return f"nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))"


def run(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
