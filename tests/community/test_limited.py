"""A limited post: followers and whoever has the link see it, and nobody comes across it (at each address: who_sees_what)."""

import pytest

from community.actions.follow import follow
from community.actions.follow_hashtag import follow_hashtag
from community.explore import renew_explore
from community.feeds import home_posts
from community.visibility import discoverable_for, featured_for, listed_for
from gallery.actions.limit_post import limit_post, unlimit_post
from gallery.models import Hashtag
from home.actions.pick_post import pick_post
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


@pytest.fixture
def post(mod):
    return limit_post(a_post(a_member("ana"), caption="Kestrel #heron"), by=mod, reason="Loud")


def test_it_is_listed_where_somebody_asked_for_its_author_and_nowhere_else(post, rf):
    milo = a_member("milo")
    assert post in listed_for(milo)
    for posts in (discoverable_for, featured_for):
        assert post not in posts(milo) and post not in posts(post.author)


def test_it_comes_back_when_the_limit_ends(client, mod, post):
    assert post.short_id not in client.get("/tags/heron/").content.decode()
    unlimit_post(post, by=mod)
    assert post.short_id in client.get("/tags/heron/").content.decode()


def test_followers_have_it_in_their_feed_and_who_follows_its_hashtag_alone_has_not(post):
    follower, other = a_member(), a_member()
    follow(follower, post.author)
    follow_hashtag(Hashtag.objects.get(name="heron"), by=other)
    assert post in home_posts(follower).items and post not in home_posts(other).items


def test_an_edition_of_explore_that_has_it_shows_it_no_more(client, mod):
    post = a_post(caption="Kestrel")
    renew_explore()
    assert post.short_id in client.get("/explore/").content.decode()
    limit_post(post, by=mod, reason="Loud")
    assert post.short_id not in client.get("/explore/").content.decode()


def test_a_pick_of_it_is_not_shown_and_none_is_made(client, mod):
    post, curator = a_post(), a_staff_member("Curators")
    pick_post(post, by=curator)
    limit_post(post, by=mod, reason="Loud")
    assert post.short_id not in client.get("/").content.decode()
    with pytest.raises(Exception, match="everyone can see"):
        pick_post(post, by=curator)


def test_search_engines_are_asked_to_leave_its_page_out(client, mod, post):
    assert 'name="robots" content="noindex"' in client.get(post.address()).content.decode()
    unlimit_post(post, by=mod)
    assert 'content="noindex"' not in client.get(post.address()).content.decode()


def test_its_author_reads_that_it_is_limited_and_nobody_else_does(client, post):
    words = "The team limited this post"
    assert words not in client.get(post.address()).content.decode()
    client.force_login(post.author)
    assert words in client.get(post.address()).content.decode()
