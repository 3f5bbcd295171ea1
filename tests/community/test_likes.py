"""Likes: whoever may see a post may like it, once, and the count is the number of likes."""

import random

import pytest
from django.core.exceptions import PermissionDenied

from community.actions.like_post import like_post
from community.actions.unlike_post import unlike_post
from community.models import Block, Like, Notification, PostCounts
from gallery.actions.set_visibility import set_visibility
from gallery.actions.withdraw_post import withdraw_post
from gallery.states import Visibility
from tests import factories as f
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def count(post):
    return PostCounts.objects.filter(post=post).values_list("likes", flat=True).first() or 0


@pytest.fixture
def post():
    return f.a_post(f.a_member("ana"))


@pytest.fixture
def milo():
    return f.a_member("milo")


def test_a_like_counts_once_however_often_it_is_sent(post, milo):
    assert like_post(post, by=milo)
    assert not like_post(post, by=milo)
    assert (count(post), Like.objects.count()) == (1, 1)
    assert unlike_post(post, by=milo)
    assert not unlike_post(post, by=milo)
    assert (count(post), Like.objects.count()) == (0, 0)


def test_the_author_is_told_while_it_is_liked_and_not_of_their_own(post, milo):
    like_post(post, by=post.author)
    assert not Notification.objects.exists()
    like_post(post, by=milo)
    assert Notification.objects.get().recipient == post.author
    like_post(post, by=f.a_member())
    assert (count(post), Notification.objects.count()) == (3, 1)
    unlike_post(post, by=milo)
    assert count(post) == 2


def test_what_one_may_not_see_one_cannot_like(post, milo):
    set_visibility(post, by=post.author, visibility=Visibility.FOLLOWERS)
    with pytest.raises(PermissionDenied):
        like_post(post, by=milo)
    set_visibility(post, by=post.author, visibility=Visibility.PUBLIC)
    Block.objects.create(blocker=post.author, blocked=milo)
    with pytest.raises(PermissionDenied):
        like_post(post, by=milo)
    assert count(post) == 0


def test_an_unconfirmed_member_cannot_like(post):
    with pytest.raises(PermissionDenied):
        like_post(post, by=f.a_member(verified=False))


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_button_likes_and_takes_back_without_scripts(client, post, milo):
    client.force_login(milo)
    url = f"/p/{post.short_id}/like/"
    assert 'aria-pressed="false"' in client.get(post.address()).content.decode()
    assert client.post(url, {"like": "1", "in": "gallery"}).url == f"{post.address()}?in=gallery"
    page = client.get(post.address()).content.decode()
    assert 'aria-pressed="true"' in page
    assert "1 like" in page
    client.post(url, {"like": "0"})
    assert count(post) == 0


def test_with_htmx_the_row_of_buttons_comes_anew(client, post, milo):
    client.force_login(milo)
    page = client.post(f"/p/{post.short_id}/like/", {"like": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div class="reactions"')
    assert "1 like" in page


def test_a_visitor_is_led_to_sign_in_and_back_to_the_post(client, post):
    assert f"/accounts/login/?next={post.address()}" in client.get(post.address()).content.decode()
    response = client.post(f"/p/{post.short_id}/like/", {"like": "1"})
    assert response.url.startswith("/accounts/login/")
    client.force_login(f.a_member())
    assert client.get(f"/p/{post.short_id}/like/").url == post.address()
    assert count(post) == 0


def test_others_cannot_like_what_is_gone(client, post, milo):
    withdraw_post(post, by=post.author)
    client.force_login(milo)
    assert client.post(f"/p/{post.short_id}/like/", {"like": "1"}).status_code == 404


def test_likes_are_limited(client, post, milo, settings):
    settings.ACCOUNT_RATE_LIMITS = {"like": "1/m/user"}
    client.force_login(milo)
    client.post(f"/p/{post.short_id}/like/", {"like": "1"})
    assert client.post(f"/p/{post.short_id}/like/", {"like": "0"}).status_code == 429
    assert count(post) == 1


def test_who_likes_it_is_listed_by_keyset_without_those_who_are_blocked(client, post, milo, monkeypatch):
    monkeypatch.setattr("community.lists.LIKES_A_PAGE", 2)
    others = [f.a_member(name) for name in ("bea", "cleo", "dora")]
    for member in (*others, milo):
        like_post(post, by=member)
    Block.objects.create(blocker=others[1], blocked=milo)
    client.force_login(milo)
    url, seen = f"/p/{post.short_id}/likes/", []
    while url:
        response = client.get(url)
        seen += [like.user.username for like in response.context["likes"]]
        url = response.context["next_url"]
    assert seen == ["milo", "dora", "bea"]


def test_who_likes_it_is_gone_with_the_post(client, post):
    withdraw_post(post, by=post.author)
    assert client.get(f"/p/{post.short_id}/likes/").status_code == 410


def test_likes_cost_a_visitor_one_query(client, post, django_assert_max_num_queries):
    for _number in range(3):
        like_post(post, by=f.a_member())
    with django_assert_max_num_queries(5):
        client.get(f"/p/{post.short_id}/likes/")


# --- At once ----------------------------------------------------------------------------------------------------------


def like_and_unlike(post, members, times, seed):
    """`times` likes or unlikes by some of `members`, in an order of the seed's."""
    chance = random.Random(seed)
    for _number in range(times):
        act = chance.choice([like_post, like_post, unlike_post])
        act(post, by=chance.choice(members))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_200_likes_and_unlikes_from_16_threads_end_with_the_right_count():
    post = f.a_post()
    members = [f.a_member() for _number in range(6)]
    works = [lambda n=n: like_and_unlike(post, members, 13 if n < 8 else 12, n) for n in range(16)]
    assert at_once(*works) == [None] * 16
    assert count(post) == Like.objects.filter(post=post).count()
    assert Notification.objects.count() == 1 or not Like.objects.exists()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_likes_at_once_on_sqlite_end_with_the_right_count():
    post = f.a_post()
    members = [f.a_member() for _number in range(3)]
    assert at_once(*[lambda n=n: like_and_unlike(post, members, 5, n) for n in range(3)]) == [None] * 3
    assert count(post) == Like.objects.filter(post=post).count()
