"""A PostgreSQL database filled with posts by set-based SQL, for the benchmarks. No picture is drawn."""

import sys

from django.core.management import call_command
from django.db import connection

from community.actions.create_account import create_account
from community.models import PolicyVersion, User
from gallery.models import GalleryPage, PostPage

MEMBERS = 20

# `everywhere` is in every post, `tenth` and `other` in a tenth each and never together, `left` and `right` in a third
# and never as neighbours, `formerly` in the older half, `seldom` in one of 20,000; 12 more from 20,000 words, the low
# numbers often. The phrase "seldom seen" is in one of 40,000.
FILL = """
WITH fresh AS (
    SELECT n, nextval(pg_get_serial_sequence('wagtailcore_page', 'id'))::int AS id,
           lpad(to_hex(n), 10, '0') AS short_id, (n %% %(members)s) + 1 AS place
    FROM generate_series(1, %(posts)s) AS n
), galleries AS (
    SELECT row_number() OVER (ORDER BY g.page_ptr_id) AS place, g.page_ptr_id, g.author_id, p.path, p.url_path, p.depth
    FROM gallery_gallerypage g JOIN wagtailcore_page p ON p.id = g.page_ptr_id
), pages AS (
    INSERT INTO wagtailcore_page (id, path, depth, numchild, title, draft_title, slug, live, has_unpublished_changes,
        url_path, seo_title, show_in_menus, search_description, expired, locked, content_type_id, translation_key, locale_id)
    SELECT f.id, g.path || upper(lpad(to_hex(f.n / %(members)s), 4, '0')), g.depth + 1, 0, 'Post', 'Post', f.short_id, true,
        false, g.url_path || f.short_id || '/', '', false, '', false, false, %(content_type)s, gen_random_uuid(), 1
    FROM fresh f JOIN galleries g USING (place)
)
INSERT INTO gallery_postpage (page_ptr_id, short_id, caption, tokens, author_state, team_state, hidden_by, photos_ready,
    visibility, effective_visibility, created_at, published_at, team_reason, author_id, gallery_id)
SELECT f.id, f.short_id, '', concat_ws(' ', 'everywhere',
        CASE n %% 10 WHEN 0 THEN 'tenth' WHEN 1 THEN 'other' END,
        CASE WHEN n %% 3 = 0 THEN 'left between right' END,
        CASE WHEN n < %(posts)s / 2 THEN 'formerly' END,
        CASE n %% 40000 WHEN 7 THEN 'seldom seen' WHEN 20007 THEN 'seen seldom' END,
        (SELECT string_agg('w' || floor(power(random(), 3) * 20000)::int, ' ') FROM generate_series(1, 12) WHERE n > 0)),
    'published', 'none', 0, true, 'public', 'public', at, at, '', g.author_id, g.page_ptr_id
FROM (SELECT *, '2020-01-01'::timestamptz + n * interval '1 minute' AS at FROM fresh) f JOIN galleries g USING (place)
"""

# What the tree says of its galleries, so that publishing goes on where the filling ended.
CHILDREN = """
UPDATE wagtailcore_page p SET numchild = c.count
FROM (SELECT gallery_id, count(*) FROM gallery_postpage GROUP BY gallery_id) c WHERE p.id = c.gallery_id
"""

# One photo a post, all of one original that no store has: pages show the square for a picture that is not ready.
PHOTOS = """
WITH original AS (
    INSERT INTO gallery_original (sha256, size, mime, width, height, first_seen_at, attached_at)
    VALUES (repeat('0', 64), 1, 'image/jpeg', 3000, 2000, now(), now()) RETURNING id
), fresh AS (
    SELECT page_ptr_id AS post_id, nextval(pg_get_serial_sequence('gallery_picture', 'id')) AS id FROM gallery_postpage
), pictures AS (
    INSERT INTO gallery_picture (id, title, description, width, height, created_at, file_hash, file, kind, collection_id,
        original_id)
    SELECT f.id, 'Post', '', 3000, 2000, now(), '', 'originals/none', 'photo', 1, o.id FROM fresh f, original o
)
INSERT INTO gallery_photo (position, alt_text, team_state, state, failure, attempts, created_at, picture_id, post_id)
SELECT 0, 'A picture', 'none', 'ready', '', 1, now(), id, post_id FROM fresh
"""


def fill(posts):
    """Bring the database to `posts` posts by 20 members. Takes about half a minute for 200,000."""
    call_command("migrate", verbosity=0)
    if User.objects.exclude(username__startswith="bench").exists():
        sys.exit("This database has members of its own: make another one for the benchmark.")
    if PostPage.objects.count() >= posts:
        return
    if PostPage.objects.exists():
        sys.exit("This database holds fewer posts than asked for: drop it and make it anew.")
    policy = PolicyVersion.objects.current()
    for number in range(0 if User.objects.exists() else MEMBERS):
        name = "bench" + "abcdefghjkmnpqrstuxy"[number]
        create_account(
            username=name, email=f"{name}@example.org", name=name, password=name * 4, policy=policy, confirmed_age=16,
            verified=True,
        )  # fmt: skip
    kind = GalleryPage.objects.first().content_type.__class__.objects.get_for_model(PostPage)
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"posts": posts, "members": MEMBERS, "content_type": kind.pk})
        cursor.execute(CHILDREN)
        cursor.execute(PHOTOS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
