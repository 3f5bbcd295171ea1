"""Previous and next lead through the list that one came from, and to nothing that the viewer may not see."""

import time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community import explore, feeds
from community.actions.save_post import save_post
from community.models import Block, Comment, Mute, Notification, PromptEntry
from community.saving import usual_list
from gallery.actions.set_visibility import set_visibility
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage
from tests import factories as f
from tests.feeds_world import follows, follows_hashtag, tagged
from tests.galleries_world import a_prompt
from tests.search.world import a_listed_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.a_member("ana")


def beside(client, post, origin):
    """The short ids of the previous and the next post."""
    context = client.get(post.address(), {"in": origin}).context
    return [context[way].partition("?")[0].strip("/").rpartition("/")[2] for way in ("previous", "next")]


def ids(*posts):
    return [post.short_id if post else "" for post in posts]


def test_through_a_gallery_in_its_order_and_with_the_list_in_every_link(client, ana):
    iceland = f.a_gallery(ana)
    first, second, third = (f.a_post(ana, gallery=iceland) for _number in range(3))
    f.a_post(ana)
    assert beside(client, second, "gallery") == ids(third, first)
    assert beside(client, third, "gallery") == ids(None, second)
    page = client.get(second.address(), {"in": "gallery"}).content.decode()
    assert f'rel="next" href="{first.address()}?in=gallery"' in page
    GalleryPage.objects.filter(pk=iceland.pk).update(order="oldest")
    assert beside(client, second, "gallery") == ids(first, third)


def test_a_gallery_ordered_by_hand(client, ana):
    posts = [f.a_post(ana) for _number in range(3)]
    for place, number in ((1, 1), (2, 0), (3, 2)):
        type(posts[0]).objects.filter(pk=posts[number].pk).update(gallery_position=place)
    GalleryPage.objects.filter(author=ana).update(order="hand")
    assert beside(client, posts[0], "gallery") == ids(posts[1], posts[2])


def test_cards_say_which_list_they_stand_in(client, ana):
    post = f.a_post(ana)
    assert f"{post.address()}?in=member" in client.get("/members/ana/").content.decode()
    assert f"{post.address()}?in=gallery" in client.get(f.first_gallery(ana).address()).content.decode()


def test_the_canonical_address_names_no_list(client, ana):
    post = f.a_post(ana)
    page = client.get(post.address(), {"in": "member"}).content.decode()
    assert f'{post.address()}">' in page.partition('rel="canonical"')[2][:200]


def test_through_a_members_posts_past_what_is_not_for_the_viewer(client, ana):
    first, between, last = f.a_post(ana), f.a_post(ana), f.a_post(ana)
    set_visibility(between, by=ana, visibility="followers")
    assert beside(client, last, "member") == ids(None, first)
    client.force_login(ana)
    assert beside(client, last, "member") == ids(None, between)


def test_nobody_is_led_to_who_blocked_them(client, ana):
    post = f.a_post(f.a_member())
    blocking = f.a_post(ana)
    older = f.a_post(f.a_member())
    milo = f.a_member("milo")
    assert beside(client, blocking, "newest") == ids(older, post)
    Block.objects.create(blocker=ana, blocked=milo)
    client.force_login(milo)
    assert beside(client, older, "newest") == ids(None, post)


def test_through_a_hashtag(client, ana):
    first, _other, last = (f.a_post(ana, caption=caption) for caption in ("#boats", "None", "#boats again"))
    assert beside(client, last, "tag:boats") == ids(None, first)
    assert f"{last.address()}?in=tag%3Aboats" in client.get("/tags/boats/").content.decode()


def test_through_a_saved_list_of_ones_own(client, ana):
    milo = f.a_member("milo")
    posts = [f.a_post(ana) for _number in range(3)]
    for number in (2, 0, 1):
        save_post(posts[number], by=milo)
    origin = f"saved:{usual_list(milo).key}"
    assert beside(client, posts[0], origin) == ["", ""]
    client.force_login(milo)
    assert beside(client, posts[0], origin) == ids(posts[1], posts[2])
    client.force_login(f.a_member())
    assert beside(client, posts[0], origin) == ["", ""]


@pytest.mark.parametrize(
    "origin", ["nothing", "saved:", "saved:x", "gallery:x/y", "gallery:", "\0", "x" * 300, "member:::"]
)
def test_a_mangled_link_shows_the_post_all_the_same(client, ana, origin):
    assert client.get(f.a_post(ana).address(), {"in": origin}).status_code == 200


# --- The home feed, explore, a prompt ---------------------------------------------------------------------------------


@pytest.fixture
def milo(client, ana):
    """Follows ana and the hashtag #dawn, and is signed in."""
    milo = f.a_member("milo")
    follows(milo, ana)
    follows_hashtag(milo, "dawn")
    client.force_login(milo)
    return milo


@pytest.fixture(params=["walking by date", "gathering from each"])
def way(request, monkeypatch):
    """On PostgreSQL there are two ways; a window of one post holds a stranger's, so that all is gathered."""
    if request.param == "gathering from each":
        monkeypatch.setattr(feeds, "WINDOW", 1)


def test_through_ones_home_feed_past_strangers(client, way, ana, milo):
    stranger, other = f.a_member(), f.a_member()
    feed = []
    for author in (ana, stranger, other, stranger, ana, stranger, stranger, milo, stranger):
        post = a_listed_post(author, "A post")
        if author != stranger:
            feed.append(post)
    tagged(feed[1], "dawn")
    a_listed_post(ana, "Only with its link", effective_visibility="unlisted")
    trail = [None, *reversed(feed), None]
    for newer, post, older in zip(trail, trail[1:], trail[2:], strict=False):
        assert beside(client, post, "home") == ids(newer, older)
    client.logout()
    assert beside(client, feed[1], "home") == ["", ""]


def test_the_home_feed_leads_to_nothing_that_is_hidden_or_muted(client, way, ana, milo):
    muted, bea = f.a_member(), f.a_member("bea")
    follows(milo, muted, bea)
    Mute.objects.create(muter=milo, muted=muted)
    first = a_listed_post(ana, "first")
    for _number in range(2):
        a_listed_post(f.a_member(), "of a stranger")
        tagged(a_listed_post(muted, "muted"), "dawn")
        a_listed_post(bea, "suspended")
        a_listed_post(ana, "draft", author_state="draft")
    type(bea).objects.filter(pk=bea.pk).update(standing="suspended")
    last = a_listed_post(ana, "for followers", effective_visibility="followers")
    assert beside(client, first, "home") == ids(last, None)
    assert beside(client, last, "home") == ids(None, first)


def test_posts_of_one_moment_are_each_led_through_once(client, way, ana, milo):
    now = timezone.now()
    posts = [a_listed_post(ana, f"{n}", published_at=now) for n in range(3)]
    first, second, third = sorted(posts, key=lambda post: post.short_id, reverse=True)
    assert beside(client, second, "home") == ids(first, third)


@pytest.fixture
def edition(monkeypatch):
    """Makes an edition of explore at so many seconds from now; returns its number."""

    def make(seconds=0):
        now = int(time.time()) + seconds
        with monkeypatch.context() as patched:
            patched.setattr(explore.time, "time", lambda: now)
            assert explore.renew_explore()
        return now

    return make


def test_through_the_edition_of_explore_that_one_reads(client, ana, edition):
    posts = [a_listed_post(f.a_member(), f"{n}") for n in range(3)]
    read = edition()
    newer = a_listed_post(ana, "newer")
    present = edition(700)
    assert beside(client, posts[2], f"explore:{read}") == ids(None, posts[1])
    assert beside(client, posts[1], f"explore:{read}") == ids(posts[2], posts[0])
    assert beside(client, posts[2], f"explore:{present}") == ids(newer, posts[1])
    # Kept no longer: the newest that has the post.
    assert beside(client, posts[2], f"explore:{read - 9000}") == ids(newer, posts[1])
    withdraw_post(posts[1], by=posts[1].author)
    assert beside(client, posts[2], f"explore:{read}") == ids(None, posts[0])


def test_before_the_first_edition_explore_leads_through_what_is_newest(client, ana):
    post = f.a_post(ana)
    assert f"{post.address()}?in=newest" in client.get("/explore/").content.decode()


def test_cards_of_home_explore_and_a_prompt_say_where_they_stand(client, ana, milo, edition):
    prompt, post = a_prompt(), f.a_post(ana)
    PromptEntry.objects.create(prompt=prompt, post=post)
    lists = {"/home/": "home", "/explore/": f"explore%3A{edition()}", prompt.address(): f"prompt%3A{prompt.slug}"}
    for url, origin in lists.items():
        assert f"{post.address()}?in={origin}" in client.get(url).content.decode()


def test_a_post_that_is_in_no_edition_has_no_neighbours_there(client, ana, edition):
    a_listed_post(ana, "one")
    read = edition()
    assert beside(client, a_listed_post(ana, "two"), f"explore:{read}") == ["", ""]


def test_through_the_entries_of_a_prompt(client, ana):
    prompt = a_prompt()
    posts = [a_listed_post(ana, f"{n}") for n in range(4)]
    for number in (1, 0, 3):
        PromptEntry.objects.create(prompt=prompt, post=posts[number])
    assert beside(client, posts[0], f"prompt:{prompt.slug}") == ids(posts[3], posts[1])
    assert beside(client, posts[2], f"prompt:{prompt.slug}") == ["", ""]


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["milo", "ana"])
@pytest.mark.parametrize("origin", ["home", "prompt:doors"])
def test_a_posts_page_with_much_on_it_costs_a_member_at_most_12_queries(client, ana, milo, who, origin):
    post = f.a_post(ana, caption="By @milo #dawn")
    comment = Comment.objects.create(post=post, author=milo, text="Yes")
    answer = Comment.objects.create(post=post, author=ana, text="No", parent=comment)
    if origin != "home":
        PromptEntry.objects.create(prompt=a_prompt(), post=post)
    for member in (ana, milo):
        Notification.objects.create(recipient=member, kind="reply", actor=f.a_member(), post=post, comment=answer)
    client.force_login({"milo": milo, "ana": ana}[who])
    cache.clear()
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        page = client.get(post.address(), {"in": origin}).content.decode()
    assert "No</" in page and "Yes</" in page
    assert len(captured) <= 12, "\n".join(query["sql"][:200] for query in captured)


@pytest.mark.parametrize(
    "origin", ["gallery", "member", "newest", "home", "explore:1", "tag:dawn", "prompt:x", "saved:x", "gallery:ana/x"]
)
def test_it_costs_one_query_for_home_or_a_gallery_of_another_members_and_else_none(client, ana, milo, origin):
    post = tagged(a_listed_post(ana, "One"), "dawn")
    a_listed_post(ana, "Another")
    client.get(post.address())
    with CaptureQueriesContext(connection) as without:
        client.get(post.address())
    with CaptureQueriesContext(connection) as within:
        client.get(post.address(), {"in": origin})
    asks = origin == "gallery:ana/x" or (origin == "home" and connection.vendor == "postgresql")
    assert len(within) == len(without) + asks
