"""The pages of explore and of the archive of picks."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from community.explore import renew_explore
from gallery.actions.withdraw_post import withdraw_post
from home.models import Pick
from home.views import explore as pages
from tests.factories import a_member, a_post, a_staff_member, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return a_staff_member("Curators", "wren")


def posts_in(response):
    """Short ids of the cards, in order."""
    cards = re.findall(r'<li class="r[^"]*">\s*<a href="/members/[^/"]+/[^/"]+/([^/"?]+)/', response.content.decode())
    assert cards or "<li class=" not in response.content.decode().partition('class="grid"')[2]
    return cards


def picked(post, curator, days_ago, until=None):
    now = timezone.now()
    Pick.objects.create(
        post=post,
        curator=curator,
        shown_from=now - timedelta(days=days_ago),
        shown_until=until and now - timedelta(days=until),
    )
    return post


def test_explore_begins_with_the_picks_of_now_then_shows_an_edition(client, curator):
    liked, chosen = a_post(), a_post()
    renew_explore()
    picked(chosen, curator, 1)
    assert posts_in(client.get("/explore/")) == [chosen.short_id, chosen.short_id, liked.short_id]


def test_the_archive_holds_every_pick_once_the_last_first(client, curator):
    one, two, three, coming = (a_post() for _ in range(4))
    picked(one, curator, 9, until=8)
    picked(two, curator, 7, until=6)
    picked(three, curator, 5)
    picked(one, curator, 3, until=2)
    picked(coming, curator, -1)
    assert posts_in(client.get("/picks/")) == [one.short_id, three.short_id, two.short_id]


def test_the_archive_shows_only_what_is_still_listed_and_who_may_be_featured(client, curator):
    gone, shy = a_post(), a_post()
    picked(gone, curator, 2)
    picked(shy, curator, 1)
    withdraw_post(gone, by=gone.author)
    type(shy.author).objects.filter(pk=shy.author_id).update(featurable=False)
    assert posts_in(client.get("/picks/")) == []


def test_who_opts_out_after_being_picked_is_put_forward_nowhere_and_still_found(client, curator):
    post = picked(a_post(a_member("shy"), caption="A quay at dawn"), curator, 1)
    renew_explore()
    fronts = ("/", "/explore/", "/picks/", "/feeds/picks/rss/", "/feeds/picks/atom/")
    assert all(post.short_id in client.get(path).content.decode() for path in fronts)
    client.force_login(post.author)
    client.post("/settings/privacy/", {})
    client.logout()
    for path in fronts:
        assert post.short_id not in client.get(path).content.decode(), path
    pages_that_were_asked_for = (post.address(), "/members/shy/", "/search/?q=quay", "/api/v1/members/shy/posts")
    for path in (*pages_that_were_asked_for, f"/api/v1/posts/{post.short_id}"):
        response = client.get(path)
        assert response.status_code == 200 and post.short_id in response.content.decode(), path
    assert Pick.objects.exists(), "the row stays: taken back, the post is picked as before"


def test_the_archive_goes_on_by_show_more(client, curator, monkeypatch):
    monkeypatch.setattr(pages, "PICKS_A_PAGE", 2)
    original = an_original()
    posts = [picked(a_post(original=original), curator, n).short_id for n in range(5)]
    found, url = [], "/picks/"
    while url:
        response = client.get(url)
        found += posts_in(response)
        following = re.search(r'href="(/picks/\?after=[^"]+)"', response.content.decode())
        url = following and following[1]
    assert found == posts


def test_picks_are_reached_from_the_front_page_and_both_places_stand_in_the_header_and_the_sitemap(client, curator):
    picked(a_post(), curator, 1)
    front = client.get("/").content.decode()
    assert 'href="/picks/"' in front and 'href="/explore/"' in front and 'href="/home/"' not in front
    sitemap = client.get("/sitemap/pages.xml").content.decode()
    assert "/explore/</loc>" in sitemap and "/picks/</loc>" in sitemap
    client.force_login(a_member())
    assert 'href="/home/"' in client.get("/explore/").content.decode()


def test_empty_pages_say_so(client):
    assert "Nothing to explore yet" in client.get("/explore/").content.decode()
    assert "Nothing picked yet" in client.get("/picks/").content.decode()
