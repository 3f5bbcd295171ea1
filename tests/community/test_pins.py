"""Pinned posts stand first on their author's page, for whoever may see them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.actions.pin_post import pin_post
from community.models import Pin
from gallery.actions.set_visibility import set_visibility
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.a_member("ana")


def pinned(client):
    return [post.pk for post in client.get("/members/ana/").context["pins"]]


def test_pinned_posts_stand_first_in_the_order_of_pinning(client, ana):
    posts = [f.a_post(ana) for _number in range(3)]
    client.force_login(ana)
    for post in (posts[1], posts[0]):
        assert client.post(f"/p/{post.short_id}/pin/", {"pin": "1"}).url == post.address()
    client.logout()
    assert pinned(client) == [posts[1].pk, posts[0].pk]
    client.force_login(ana)
    client.post(f"/p/{posts[1].short_id}/pin/", {"pin": "0"})
    assert pinned(client) == [posts[0].pk]


def test_a_fourth_one_is_refused_and_one_twice_is_one(client, ana):
    posts = [f.a_post(ana) for _number in range(4)]
    for post in (*posts[:3], posts[0]):
        pin_post(post, by=ana)
    with pytest.raises(ValidationError):
        pin_post(posts[3], by=ana)
    assert Pin.objects.count() == 3


def test_nobody_pins_what_is_not_theirs_or_not_published(client, ana):
    with pytest.raises(PermissionDenied):
        pin_post(f.a_post(ana), by=f.a_member())
    with pytest.raises(PermissionDenied):
        pin_post(f.a_draft(ana), by=ana)


def test_others_see_no_pin_that_they_may_not_see(client, ana):
    post = f.a_post(ana)
    pin_post(post, by=ana)
    set_visibility(post, by=ana, visibility="followers")
    assert pinned(client) == []
    client.force_login(ana)
    assert pinned(client) == [post.pk]


def test_a_withdrawn_post_is_unpinned_for_good(client, ana):
    post = f.a_post(ana)
    pin_post(post, by=ana)
    withdraw_post(post, by=ana)
    assert not Pin.objects.exists()
    undo_withdrawal(post, by=ana)
    assert pinned(client) == []
