"""Picking a post where a curator comes across it on the site: one press on its page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from home.models import Pick
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    curator = a_staff_member("Curators", "wren")
    client.force_login(curator)
    return curator


def press(client, post, do="pick"):
    return client.post(reverse("pick_post", args=[post.short_id]), {"do": do}, follow=True)


def test_one_press_picks_and_another_ends_it(client, curator):
    post = a_post()
    page = press(client, post).content.decode()
    assert Pick.objects.current().get().post == post
    assert "Picked: the front page shows it first." in page and "End the pick" in page
    page = press(client, post, "end").content.decode()
    assert not Pick.objects.current().exists() and Pick.objects.exists()
    assert "Pick for the front page" in page


def test_pressing_twice_picks_once(client, curator):
    post = a_post()
    press(client, post), press(client, post)
    assert Pick.objects.count() == 1


def test_what_was_picked_stands_in_the_archive_after_its_end(client, curator):
    post = a_post()
    press(client, post), press(client, post, "end")
    assert post.short_id in client.get("/picks/").content.decode()


@pytest.mark.parametrize("group", ["Curators", "Administrators"])
def test_curators_and_administrators_are_offered_it_on_a_public_post(client, group):
    client.force_login(a_staff_member(group))
    assert 'id="pick"' in client.get(a_post().address()).content.decode()


@pytest.mark.parametrize("group", [None, "Moderators"])
def test_nobody_else_is_offered_it_or_may_do_it(client, group):
    client.force_login(a_staff_member(group) if group else a_member())
    post = a_post()
    assert 'id="pick"' not in client.get(post.address()).content.decode()
    assert press(client, post).status_code == 404 and not Pick.objects.exists()


def test_a_post_with_only_a_link_is_not_offered_and_is_refused_with_words(client, curator):
    post = a_post()
    PostPage.objects.filter(pk=post.pk).update(effective_visibility=Visibility.UNLISTED)
    assert 'id="pick"' not in client.get(post.address()).content.decode()
    assert "Only a post that everyone can see may be picked." in press(client, post).content.decode()
    assert not Pick.objects.exists()


def test_a_post_that_curators_do_not_see_is_not_there(client, curator):
    post = a_post()
    withdraw_post(post, by=post.author)
    assert press(client, post).status_code == 404


def test_the_button_costs_members_no_query(client):
    post, milo = a_post(), a_member()
    client.force_login(milo)
    client.get(post.address())
    with CaptureQueriesContext(connection) as captured:
        client.get(post.address())
    assert not [query for query in captured.captured_queries if "home_pick" in query["sql"]]
    assert sum("auth_permission" in query["sql"] for query in captured.captured_queries) <= 2
