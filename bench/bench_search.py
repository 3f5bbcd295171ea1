"""How long a page of search takes on PostgreSQL, by what is looked for. Run by hand, on a database of its own:

    createdb pixlpix_bench
    DEBUG=1 DATABASE_URL=postgres://postgres@localhost/pixlpix_bench python bench/bench_search.py --posts 200000

Fills the database by set-based SQL unless it holds that many posts, then prints the median and the slowest of 9 pages in
milliseconds, and how many queries a page took. Refuses a database with members who are not its own.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions.create_account import create_account
from community.models import PolicyVersion, User
from community.visibility import posts_for
from gallery.models import GalleryPage, PostPage
from search.backends import engine_of
from search.query import parse

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

QUERIES = [
    ("a word in no post", "nowhere"),
    ("a word in one of 20,000", "seldom"),
    ("a word in a tenth", "tenth"),
    ("a word in every post", "everywhere"),
    ("a word in the older half", "formerly"),
    ("two common words", "tenth everywhere"),
    ("two common words that never meet", "tenth other"),
    ("a common word without a common one", "tenth -other"),
    ("a common word without what is everywhere", "tenth -everywhere"),
    ("a rare phrase", '"seldom seen"'),
    ("a common phrase", '"left between right"'),
    ("a phrase of common words that never stand so", '"right left"'),
    ("a common word without a common phrase", 'everywhere -"left between"'),
    ("sixteen words", "everywhere " + " ".join(f"w{n}" for n in range(15))),
]


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
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measure(text, pages=9):
    """Median and slowest time of the first page in milliseconds, its queries, and how many posts it holds."""
    engine, query, times = engine_of(), parse(text), []
    for _ in range(pages):
        start = time.perf_counter()
        page = engine.find(query, posts_for(None).listed())
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        engine.find(query, posts_for(None).listed())
    return statistics.median(times), max(times), len(captured), page


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--posts", type=int, default=200_000)
    arguments = arguments.parse_args()
    if connection.vendor != "postgresql":
        print("bench_search: set DATABASE_URL=postgres://… to a database of its own; nothing measured.")
        return
    fill(arguments.posts)
    print(f"{PostPage.objects.count():,} posts")
    for label, text in QUERIES:
        median, slowest, queries, page = measure(text)
        found = f"{len(page)} posts" + (", and further back" if page.next else "")
        print(f"{label:46} {median:7.1f} {slowest:7.1f} ms {queries:3} queries  {found}")


if __name__ == "__main__":
    main()
