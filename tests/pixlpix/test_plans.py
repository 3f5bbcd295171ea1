"""On a filled PostgreSQL no page reads a table of posts, likes, comments, follows or notifications from end to end, and a
page of a list reads a small part of them, wherever in the list it is.

Every query of every page is run under EXPLAIN ANALYZE, as the planner has it: sequential scans stay allowed, and statistics
are fresh. A page that a new part adds belongs into `PAGES`.
"""

import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import cloning
from community.explore import renew_explore
from community.models import Comment, Notification, SaveList, User
from gallery import keyset
from gallery.models import GalleryPage, Hashtag, PostPage
from home.actions.pick_post import pick_post
from home.views import sitemap
from tests.factories import a_member, a_post, a_staff_member
from tests.galleries_world import a_prompt

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LARGE = {"gallery_postpage", "community_like", "community_comment", "community_follow", "community_notification"}
# What else lists are read from.
ROWS = {"gallery_posthashtag", "gallery_galleryentry", "community_promptentry", "community_save"}

# Lists that are paged by keyset, and what cursor is in their middle. Each is asked for from its beginning and from there on.
LISTS = [
    ("front", []),
    ("member", ["author"]),
    ("gallery", ["author", "gallery"]),
    ("gallery", ["by_hand", "by_hand"], "place"),
    ("gallery", ["shared", "shared"]),
    ("hashtag", ["tag"]),
    ("prompt", ["prompt"]),
    ("prompt", ["over"]),
    ("saved_list", ["list"]),
    ("notifications", []),
    ("api:posts", []),
    ("api:member_posts", ["author"]),
    ("api:gallery_posts", ["author", "gallery"]),
    ("api:tag_posts", ["tag"]),
    ("api:prompt_posts", ["prompt"]),
]
# Of large tables, in one query of a page of such a list. The planner may sort the 1,200 rows of a hashtag or gallery, and look
# up what it needs for each, where those are so few; from end to end it would be 6,000 posts and more.
MOST_ROWS = 3_000
# A post with its neighbours in the list that one came from.
BESIDE = [
    ("post", ["author", "gallery", "post"], f"in={origin}")
    for origin in ("gallery", "gallery:{shared}/{shared}", "member", "newest", "tag:{tag}", "saved:{list}")
]
PAGES = [
    ("home", [], ""),
    ("home", [], "after={middle}"),
    ("home_new", [], "since={middle}"),
    ("explore", [], ""),
    ("picks", [], ""),
    ("members", [], ""),
    ("post", ["author", "gallery", "post"], ""),
    ("post", ["author", "gallery", "post"], "comments=top"),
    ("likes", ["post"], ""),
    ("comments", ["post"], ""),
    ("followers", ["author"], ""),
    ("following", ["author"], ""),
    ("requests", [], ""),
    ("hashtags", [], ""),
    ("followed_hashtags", [], ""),
    ("prompts", [], ""),
    ("enter_prompt", ["prompt"], ""),
    ("saved", [], ""),
    ("galleries", [], ""),
    ("deleted_posts", [], ""),
    ("search", [], "q=light"),
    ("search", [], "q=filled&in=members"),
    ("search", [], "q=dawn&in=hashtags"),
    ("search_suggestions", [], "q=fil"),
    ("member_feed", ["author", "rss"], ""),
    ("member_feed", ["author", "atom"], ""),
    ("gallery_feed", ["author", "gallery", "atom"], ""),
    ("gallery_feed", ["shared", "shared", "atom"], ""),
    ("hashtag_feed", ["tag", "atom"], ""),
    ("prompt_feed", ["prompt", "atom"], ""),
    ("picks_feed", ["atom"], ""),
    ("sitemap", [], ""),
    ("sitemap_section", ["posts"], ""),
    ("api:post", ["post"], ""),
    ("api:members", [], ""),
    ("api:member", ["author"], ""),
    ("api:member_galleries", ["author"], ""),
    ("api:gallery", ["author", "gallery"], ""),
    ("api:prompts", [], ""),
    ("api:prompt", ["prompt"], ""),
    ("api:search", [], "q=light"),
]
FOLLOWED_MATTERS = {"home", "home_new", "post", "member"}  # what else is asked depends on how many one follows


@pytest.fixture
def world():
    """6,000 posts by 300 members, 10,000 likes, 8,000 comments, some 60,000 follows; what the pages are asked for, and who
    looks: `many` follows 200, saved all posts and was told 400 things; `few` follows the silent, `none` nobody."""
    template = a_post(a_member("ana"))
    comment = Comment.objects.create(post=template, author=template.author, text="Yes")
    told = Notification.objects.create(recipient=template.author, kind="mention", post=template)
    tag = Hashtag.objects.create(name="dawn")
    cloning.fill(
        template,
        comment,
        told,
        members=300,
        posts=6_000,
        likes=10_000,
        comments=8_000,
        notifications=8_000,
        hashtag=tag,
    )
    cloning.follow(None, 200)
    few, many, none = (a_member(name) for name in ("few", "many", "none"))
    cloning.follow(many, 200)
    for person in User.objects.filter(username__startswith="filled").order_by("-pk")[:3]:
        few.following.create(followed=person, accepted_at=person.date_joined)
    cloning.run("UPDATE community_notification SET recipient_id = %s WHERE id %% 20 = 0", [many.pk])
    GalleryPage.objects.filter(author__username="filled2").update(order="hand")
    fill_lists(GalleryPage.objects.get(author__username="filled3"), many, tag)
    curator = a_staff_member("Curators")
    theirs = PostPage.objects.filter(hashtags__hashtag=tag, author__username="filled1").order_by("published_at")
    post, *others = theirs[30:34]  # of some 80
    for other in others:
        pick_post(other, by=curator)
    renew_explore()
    cloning.run("ANALYZE")
    return {
        "author": "filled1", "gallery": "filled1", "by_hand": "filled2", "shared": "filled3", "post": post.short_id,
        "tag": tag.name, "prompt": "doors", "over": "windows", "list": "k0",
        "middle": keyset.encode(post.published_at, post.short_id),
        "place": keyset.encode(0, post.published_at, post.short_id),
        "people": {"a visitor": None, "many": many, "few": few, "none": none},
    }  # fmt: skip


def fill_lists(shared, saver, tag):
    """Let all that has `tag`, a fifth of the posts, stand in a shared gallery, a saved list and two prompts, one of which is
    over and has winners; and the other posts under other hashtags, in other galleries, lists and a prompt."""
    Hashtag.objects.bulk_create(Hashtag(name=f"dusk{number}") for number in range(50))
    SaveList.objects.bulk_create(SaveList(user=saver, key=f"k{number}", name=number) for number in range(50))
    doors, windows, others = a_prompt("Doors"), a_prompt("Windows", days=(-9, -2)), a_prompt("Others")
    save_list = SaveList.objects.get(key="k0").pk
    for sql in (
        """INSERT INTO gallery_posthashtag (hashtag_id, post_id, published_at, short_id)
        SELECT h.id, p.id, p.at, p.short_id FROM filled_post p JOIN gallery_hashtag h ON h.name = 'dusk' || p.n % 50
        WHERE p.n % 5 > 0""",
        f"""INSERT INTO gallery_galleryentry (gallery_id, post_id, published_at, added_at, added_by_id, position)
        SELECT CASE WHEN p.n % 5 = 0 THEN {shared.pk} ELSE m.gallery END, p.id, p.at, p.at, p.author, 0
        FROM filled_post p JOIN filled_member m ON m.n = 4 + p.n % 290""",
        f"""INSERT INTO community_save (list_id, post_id, created_at)
        SELECT CASE WHEN p.n % 5 = 0 THEN {save_list} ELSE l.id END, p.id, p.at
        FROM filled_post p JOIN community_savelist l ON l.key = 'k' || p.n % 50""",
        f"""INSERT INTO community_promptentry (prompt_id, post_id, entered_at)
        SELECT CASE WHEN n % 5 = 0 THEN {doors.pk} ELSE {others.pk} END, id, at FROM filled_post""",
        f"""INSERT INTO community_promptentry (prompt_id, post_id, entered_at)
        SELECT {windows.pk}, id, at FROM filled_post WHERE n % 5 = 0""",
    ):
        cloning.run(sql)
    type(windows).objects.filter(pk=windows.pk).update(results_at=windows.ends_at)
    for place, entry in enumerate(windows.entries.order_by("pk")[:3], 1):
        windows.entries.filter(pk=entry.pk).update(place=place)


def looked_at(client, url):
    """(status, [(query, its plan, the large tables read whole, rows of large tables read) of each query]) of one page."""
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        status = client.get(url).status_code
    asked = [query["sql"] for query in captured.captured_queries if re.match(r"\s*(SELECT|WITH|\()", query["sql"])]
    return status, [(sql, *judged(sql)) for sql in asked]


def judged(sql):
    """(the plan of a query as text, the large tables that it reads whole, how many of their rows it looked at)."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql)
        plan = cursor.fetchone()[0][0]["Plan"]
    whole, rows, nodes, lines = [], 0, [(plan, 0)], []
    while nodes:
        node, depth = nodes.pop()
        nodes += [(child, depth + 1) for child in reversed(node.get("Plans", []))]
        table = node.get("Relation Name", "")
        each = (
            node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        )
        looked = round(each * node["Actual Loops"])
        lines.append(f"{'  ' * depth}{node['Node Type']} {table} {node.get('Index Name', '')} {looked}")
        rows += looked if table in LARGE | ROWS else 0
        whole += [table] if table in LARGE and node["Node Type"] == "Seq Scan" else []
    return "\n".join(lines), whole, rows


def url_of(world, name, parts, query=""):
    """One address; a name that no address has, or lacks its arguments, raises NoReverseMatch."""
    url = reverse(name, args=[world.get(part, part) for part in parts])
    return f"{url}?{query.format(**world)}" if query else url


def test_no_page_reads_a_large_table_whole(client, world, monkeypatch):
    monkeypatch.setattr(sitemap, "SECTION", 100)  # a section of 10,000 would be this whole table
    lists = {
        url_of(world, *entry[:2], query) for entry in LISTS for query in ("", f"after={{{(*entry, 'middle')[2]}}}")
    }
    pages = {url_of(world, *entry): entry[0] for entry in PAGES + BESIDE}
    wrong, answered, seen = {}, set(), 0
    for label, person in world["people"].items():
        client.logout()
        if person:
            client.force_login(person)
        for url in [*lists, *pages]:
            if label in ("few", "none") and pages.get(url) not in FOLLOWED_MATTERS:
                continue
            status, queries = looked_at(client, url)
            assert status in (200, 204, 302, 404), (url, status)
            answered |= {url} if status in (200, 204) else set()
            seen += len(queries)
            for sql, plan, whole, rows in queries:
                if whole or (url in lists and rows > MOST_ROWS):
                    wrong[f"{label} {url}"] = f"{rows} rows, whole: {whole}\n{sql.partition(' FROM ')[2][:500]}\n{plan}"
    assert answered == lists | set(pages)
    assert seen > 300
    assert wrong == {}, json.dumps(wrong, indent=1).replace("\\n", "\n")[:9000]


def test_the_look_at_plans_finds_a_whole_table_where_one_is_read(world):
    """So that the test above cannot pass because it looks at nothing."""
    _plan, whole, rows = judged("SELECT count(*) FROM gallery_postpage WHERE caption LIKE '%x%'")
    assert whole == ["gallery_postpage"] and rows > 6_000
    assert judged("SELECT short_id FROM gallery_postpage ORDER BY created_at DESC, short_id DESC LIMIT 9")[1:] == (
        [],
        9,
    )
