"""Browsers ask again for every page, so that nobody keeps seeing what was removed, or that it was."""

import pytest

from gallery.actions.move_post import move_post
from gallery.actions.withdraw_post import withdraw_post
from tests.factories import a_gallery, a_member, a_post

pytestmark = pytest.mark.django_db


def test_a_removed_post_is_not_remembered_as_removed(client):
    post = a_post()
    withdraw_post(post, by=post.author)
    response = client.get(post.address())
    assert response.status_code == 410
    assert "no-cache" in response["Cache-Control"]


def test_a_former_address_is_asked_for_again_because_the_post_may_come_back_to_it(client):
    author = a_member()
    post = a_post(author)
    former = post.address()
    move_post(post, a_gallery(author), by=author)
    response = client.get(former)
    assert response.status_code == 301
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/members/", "/search/?q=light", "/nothing-here/"])
def test_pages_are_private_to_whoever_asked_and_asked_for_again(client, path):
    assert client.get(path)["Cache-Control"] == "private, no-cache"


def test_a_view_that_says_otherwise_is_left_alone(client):
    assert "max-age=3600" in client.get("/robots.txt")["Cache-Control"]
