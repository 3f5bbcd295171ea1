"""What the pages with posts cost, with nothing in any cache: 30 posts shown, more behind them, no counting, no OFFSET."""

import re
from urllib.parse import urljoin

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.actions.save_post import save_post
from community.explore import renew_explore
from community.models import Comment, Follow, PromptEntry, SaveList, User
from community.models.notifications import Kind
from community.notifying import notify
from home.actions.pick_post import pick_post
from tests.bell_world import comments
from tests.factories import a_member, a_post, a_staff_member, an_original, first_gallery
from tests.feeds_world import follows
from tests.galleries_world import a_prompt

pytestmark = pytest.mark.django_db

MOST = {"visitor": 8, "member": 12}
MEMBERS_ALONE = {"home feed", "notifications", "saved posts", "saved list", "post from a saved list"}
# What goes on behind its first page.
LONG = {
    "visitor": {"front page", "member's page", "gallery", "search", "explore", "hashtag", "prompt", "comments"},
    "member": {"home feed", "notifications", "saved list"},
}
# A page reached by counting or skipping rows costs more the further on it is. A member's second to fourth newest picture
# in the list of members skips as many rows as that, wherever the page is; who else liked is counted to a cap.
COUNTS_OR_SKIPS = re.compile(
    r"\bCOUNT\((?!\*\) FROM \((?:(?! _counted\)).)* LIMIT \d+\) _counted\))|\bOFFSET (?![123]\b)"
)


@pytest.fixture
def addresses():
    """The address of each kind of page, where there is more to show than a page holds, three posts picked by a curator.

    milo follows ana, saved all of hers and was told of them."""
    ana, milo, curator = a_member("ana"), a_member("milo"), a_staff_member("Curators")
    original, prompt = an_original(by=ana), a_prompt("Doors")
    posts = [a_post(ana, caption="Boats #dawn", original=original) for _ in range(31)]
    for post in posts[:3]:
        pick_post(post, by=curator)
    renew_explore()
    follows(milo, ana)
    kept = SaveList.objects.create(user=milo, key="k", name="Kept")
    for post in posts:
        save_post(post, by=milo, save_list=kept)
        PromptEntry.objects.create(prompt=prompt, post=post)
        notify(Kind.MENTION, milo, actor=ana, post=post)
    post = posts[9]
    for number in range(31):
        comments(milo, post, f"Yes, {number}")
    for comment in post.comments.all()[:3]:
        Comment.objects.create(post=post, parent=comment, author=ana, text="Thank you")
    url = post.address()
    return {
        "front page": "/", "members page": "/members/", "member's page": "/members/ana/",
        "gallery": first_gallery(ana).address(), "search": "/search/?q=boats", "explore": "/explore/", "picks": "/picks/",
        "hashtag": "/tags/dawn/", "prompts": "/prompts/", "prompt": prompt.address(), "post": posts[0].address(),
        "post with comments": url, "comments": f"/p/{post.short_id}/comments/",
        "post from a gallery": f"{url}?in=gallery", "post from a hashtag": f"{url}?in=tag:dawn",
        "post from a saved list": f"{url}?in=saved:k",
        "home feed": "/home/", "notifications": "/notifications/", "saved posts": "/saved/", "saved list": "/saved/k/",
    }  # fmt: skip


def seen_by(who, client, addresses):
    """The addresses for `who`, as whom `client` is signed in from now on."""
    if who == "member":
        client.force_login(User.objects.get(username="milo"))
        return addresses
    return {kind: url for kind, url in addresses.items() if kind not in MEMBERS_ALONE}


def queries_of(client, url):
    """The SQL of one GET in a process that has just begun: no cache holds anything."""
    cache.clear()
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return response, [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("who", MOST)
def test_a_page_of_30_costs_few_queries_with_a_cold_cache(client, addresses, who):
    spent = {kind: len(queries_of(client, url)[1]) for kind, url in seen_by(who, client, addresses).items()}
    assert {kind: count for kind, count in spent.items() if count > MOST[who]} == {}


@pytest.mark.parametrize("who", MOST)
def test_no_page_of_a_list_counts_or_skips_rows(client, addresses, who):
    further = set()
    for kind, url in seen_by(who, client, addresses).items():
        response, queries = queries_of(client, url)
        following = re.search(r'href="([^"]*[?;]after=[^"]*)"', response.content.decode())
        if following:
            further.add(kind)
            queries += queries_of(client, urljoin(url, following[1].replace("&amp;", "&")))[1]
        assert queries
        assert [sql for sql in queries if COUNTS_OR_SKIPS.search(sql)] == [], url
    assert further >= LONG["visitor"] | (LONG[who])


@pytest.mark.parametrize("sharing", [True, False], ids=["who share", "who are silent"])
def test_the_home_feed_costs_the_same_however_many_one_follows(client, addresses, sharing):
    kim, ana = a_member("kim"), User.objects.get(username="ana")
    people = [User(username=f"silent{number}", email=f"{number}@example.org") for number in range(10_000)]
    User.objects.bulk_create(people, batch_size=500)
    people = [ana, *people] if sharing else people
    client.force_login(kim)
    spent = []
    for followed in (10, 1_000, 10_000):
        more = people[kim.following.count() : followed]
        Follow.objects.bulk_create(Follow(follower=kim, followed=one, accepted_at=timezone.now()) for one in more)
        assert kim.following.count() == followed
        spent.append(len(queries_of(client, "/home/")[1]))
    assert max(spent) <= MOST["member"] and len(set(spent)) == 1, spent


@pytest.mark.parametrize("url", ["/settings/galleries/", "/settings/deleted/"])
def test_ones_own_lists_count_and_skip_no_rows(client, addresses, url):
    client.force_login(a_post(a_member("kim")).author)
    assert not [sql for sql in queries_of(client, url)[1] if COUNTS_OR_SKIPS.search(sql)]
