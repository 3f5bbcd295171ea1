"""The home feed: what the people and hashtags that a member follows have brought, and what is new in it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community import feeds
from community.actions.suspend_member import suspend_member
from community.models import Block, Mute
from gallery import keyset
from gallery.actions.withdraw_post import withdraw_post
from gallery.states import AuthorState, Visibility
from tests.factories import a_member, a_post, a_staff_member, an_original
from tests.feeds_world import follows, follows_hashtag, tagged
from tests.search.world import a_listed_post

pytestmark = pytest.mark.django_db

# On PostgreSQL there are two ways to a page; elsewhere a plain query, whatever these are.
WAYS = {"walking by date": {"WINDOW": 1000}, "gathering from each": {"WINDOW": 1}}


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """Windows of one post find nothing, so that all is gathered; hashtags have a window of their own there."""
    if request.param == "gathering from each":
        monkeypatch.setattr(feeds, "walk", lambda posts, shown, rows: [])


@pytest.fixture
def milo():
    return a_member("milo")


@pytest.fixture
def ana():
    return a_member("ana")


def captions(viewer, size=30):
    """The captions of the whole feed, page by page."""
    found, cursor = [], ""
    while True:
        page = feeds.home_posts(viewer, cursor, size)
        found += [post.caption for post in page]
        cursor = page.next
        if not cursor:
            return found


def test_shows_whom_one_follows_and_oneself_newest_first(way, milo, ana):
    follows(milo, ana)
    a_listed_post(ana, "one")
    a_listed_post(milo, "two")
    a_listed_post(a_member(), "of a stranger")
    a_listed_post(ana, "three")
    assert captions(milo) == ["three", "two", "one"]


def test_followers_only_posts_are_shown_to_followers_and_a_request_is_none(way, milo, ana):
    a_listed_post(ana, "for followers", effective_visibility=Visibility.FOLLOWERS)
    a_listed_post(ana, "for everyone")
    asker = a_member()
    follows(milo, ana)
    follows(asker, ana, accepted=False)
    assert captions(milo) == ["for everyone", "for followers"]
    assert captions(asker) == []


def test_posts_with_a_followed_hashtag_come_too_once_and_only_public_ones(way, milo, ana):
    tagged(a_listed_post(ana, "tagged"), "dawn", "sea")
    tagged(a_listed_post(ana, "only a link", effective_visibility=Visibility.UNLISTED), "dawn")
    tagged(a_listed_post(ana, "for followers", effective_visibility=Visibility.FOLLOWERS), "dawn")
    tagged(a_listed_post(ana, "another tag"), "noon")
    follows_hashtag(milo, "dawn")
    follows_hashtag(milo, "sea")
    assert captions(milo) == ["tagged"]


def test_what_only_has_a_link_is_shown_to_its_author_alone(way, milo, ana):
    follows(milo, ana)
    a_listed_post(ana, "only a link", effective_visibility=Visibility.UNLISTED)
    assert (captions(milo), captions(ana)) == ([], ["only a link"])


def test_the_muted_are_quiet_also_under_a_followed_hashtag(way, milo, ana):
    follows(milo, ana)
    follows_hashtag(milo, "dawn")
    tagged(a_listed_post(ana, "hers"), "dawn")
    Mute.objects.create(muter=milo, muted=ana)
    assert captions(milo) == []


@pytest.mark.parametrize("blocker", ["milo", "ana"])
def test_blocked_people_are_left_out_also_under_a_followed_hashtag(way, milo, ana, blocker):
    follows_hashtag(milo, "dawn")
    tagged(a_listed_post(ana, "hers"), "dawn")
    pair = (milo, ana) if blocker == "milo" else (ana, milo)
    Block.objects.create(blocker=pair[0], blocked=pair[1])
    assert captions(milo) == []


def test_withdrawn_posts_and_those_of_suspended_people_are_gone(way, milo, ana):
    bea = a_member("bea")
    follows(milo, ana, bea)
    withdraw_post(a_listed_post(ana, "withdrawn"), by=ana)
    a_listed_post(ana, "draft", author_state=AuthorState.DRAFT)
    a_listed_post(bea, "of a suspended")
    suspend_member(bea, by=a_staff_member("Moderators"), reason="A rehearsal")
    assert captions(milo) == []


def test_pages_go_on_where_the_last_one_ended_and_miss_nothing(way, milo):
    people = [a_member() for _ in range(4)]
    follows(milo, *people[:3])
    follows_hashtag(milo, "dawn")
    expected = []
    for number in range(14):
        post = a_listed_post(people[number % 4], f"{number}")
        if number % 4 == 3 and number > 4:
            tagged(post, "dawn")
        if number != 3:
            expected.insert(0, f"{number}")
    assert captions(milo, size=3) == expected


def test_posts_of_one_moment_are_ordered_by_their_short_id(way, milo, ana):
    follows(milo, ana)
    now = timezone.now()
    posts = [a_listed_post(ana, f"{n}", published_at=now) for n in range(5)]
    by_id = [post.caption for post in sorted(posts, key=lambda post: post.short_id, reverse=True)]
    assert captions(milo, size=2) == by_id


@pytest.mark.postgres
def test_few_silent_people_are_found_behind_more_posts_than_are_walked(monkeypatch, milo, ana):
    monkeypatch.setattr(feeds, "WINDOW", 3)
    follows(milo, ana)
    a_listed_post(ana, "long ago")
    for number in range(5):
        a_listed_post(milo if number == 4 else a_member(), f"{number}")
    assert captions(milo, size=2) == ["4", "long ago"]


# --- The page ---------------------------------------------------------------------------------------------------------


def test_a_visitor_is_led_to_sign_in_and_back(client):
    response = client.get("/home/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/home/"


def test_the_page_goes_on_by_show_more_with_and_without_script(client, milo, ana, monkeypatch):
    monkeypatch.setattr(feeds, "POSTS_A_PAGE", 2)
    follows(milo, ana)
    original = an_original(by=ana)
    posts = [a_post(ana, original=original).short_id for _ in range(3)]
    client.force_login(milo)
    body = client.get("/home/").content.decode()
    assert posts[2] in body and posts[0] not in body
    url = re.search(r'href="(/home/\?after=[^"]+)"', body)[1]
    assert posts[0] in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert posts[0] in part and "<html" not in part


def test_an_empty_home_says_whom_one_might_follow(client, milo, ana):
    a_post(ana, caption="hers")
    shy, muted, asked = a_member("shy"), a_member("mutd"), a_member("askd")
    for member in (shy, muted, asked):
        a_listed_post(member, "theirs")
    type(shy).objects.filter(pk=shy.pk).update(featurable=False)
    Mute.objects.create(muter=milo, muted=muted)
    follows(milo, asked, accepted=False)
    client.force_login(milo)
    body = client.get("/home/").content.decode()
    assert "Whom you might follow" in body and "/members/ana/" in body
    assert not [name for name in ("shy", "mutd", "askd") if f"/members/{name}/" in body]


def test_the_page_costs_at_most_12_queries_full_or_empty(client, milo, ana, django_assert_max_num_queries):
    client.force_login(milo)
    original = an_original(by=ana)
    for _ in range(31):
        a_post(ana, original=original)
    for follow in (False, True):
        if follow:
            follows(milo, ana)
        with django_assert_max_num_queries(12):
            assert client.get("/home/").status_code == 200


# --- What is new ------------------------------------------------------------------------------------------------------


def since(client):
    return re.search(r'hx-get="(/home/new/\?since=[^"]+)"', client.get("/home/").content.decode())[1]


def test_an_open_page_learns_how_many_posts_came_since(client, milo, ana):
    follows(milo, ana)
    a_post(ana, caption="seen already")
    client.force_login(milo)
    url = since(client)
    assert client.get(url).status_code == 204
    a_listed_post(milo, "his own")
    a_listed_post(a_member(), "of a stranger")
    assert client.get(url).status_code == 204
    a_listed_post(ana, "new")
    assert ">1 new post<" in client.get(url).content.decode()
    a_listed_post(ana, "newer")
    assert ">2 new posts<" in client.get(url).content.decode()


def test_a_page_that_was_empty_learns_of_the_first_post(client, milo, ana):
    follows(milo, ana)
    client.force_login(milo)
    url = since(client)
    a_listed_post(ana, "the first")
    assert "1 new post" in client.get(url).content.decode()


def test_counting_what_is_new_has_an_end(client, milo, ana, monkeypatch):
    monkeypatch.setattr(feeds, "COUNTED", 2)
    follows(milo, ana)
    long_ago = keyset.encode(timezone.now() - timedelta(days=900), "")
    for number in range(4):
        a_listed_post(ana, f"{number}")
    assert feeds.new_since(milo, long_ago) == 3
    client.force_login(milo)
    assert "More than 2 new posts" in client.get(f"/home/new/?since={long_ago}").content.decode()


@pytest.mark.parametrize("place", ["", "x", "%00", "bm9wZQ"])
def test_whoever_tells_no_place_or_is_signed_out_is_told_nothing(client, milo, place):
    assert client.get(f"/home/new/?since={place}").status_code == 204
    client.force_login(milo)
    assert client.get(f"/home/new/?since={place}").status_code == 204


def test_asking_for_what_is_new_costs_one_query_beside_the_session(client, milo, ana):
    follows(milo, ana)
    client.force_login(milo)
    url = since(client)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    assert 0 < len(captured) <= 4
