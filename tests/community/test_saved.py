"""Saved posts: in lists of one's own, which nobody else ever sees."""

import pytest
from django.core.exceptions import PermissionDenied

from community.actions.save_post import save_post
from community.models import Block, Notification, Save, SaveList
from community.saving import list_named, usual_list
from gallery.actions.withdraw_post import withdraw_post
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def milo(client):
    milo = f.a_member("milo")
    client.force_login(milo)
    return milo


@pytest.fixture
def post():
    return f.a_post(f.a_member("ana"))


def url(post):
    return f"/p/{post.short_id}/save/"


def posts_in(response):
    return [post.pk for post in response.context["posts"]]


def test_the_first_save_makes_the_list_saved_and_tells_nobody(client, milo, post):
    assert client.post(url(post), {"save": "1"}).url == post.address()
    client.post(url(post), {"save": "1"})
    assert SaveList.objects.get().name == "Saved"
    assert Save.objects.get().post == post
    assert not Notification.objects.exists()
    assert 'id="save" aria-pressed="true"' in client.get(post.address()).content.decode()
    client.post(url(post), {"save": "0"})
    assert not Save.objects.exists()


def test_it_is_saved_in_a_list_that_is_chosen_or_new(client, milo, post):
    client.post(url(post), {"new_list": "  Ideas  ", "save": "1"})
    places = list_named(milo, "Places")
    client.post(url(post), {"list": places.key, "save": "1"})
    assert sorted(Save.objects.values_list("list__name", flat=True)) == ["Ideas", "Places"]
    assert "Ideas" in client.get(url(post)).content.decode()
    client.post(url(post), {"list": places.key, "save": "0"})
    assert Save.objects.get().list.name == "Ideas"


def test_with_htmx_the_lists_open_below_the_buttons(client, milo, post):
    page = client.get(url(post), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "A new list" in page


def test_a_name_that_is_none_is_explained(client, milo, post):
    assert client.post(url(post), {"new_list": " ", "save": "1"}).status_code == 422
    assert not Save.objects.exists()


def test_a_list_shows_what_was_saved_last_first_by_keyset(client, milo, post, monkeypatch):
    monkeypatch.setattr("community.lists.POSTS_A_PAGE", 2)
    posts = [post, *(f.a_post(post.author) for _number in range(2))]
    for one in reversed(posts):
        save_post(one, by=milo)
        save_post(one, by=milo, save_list=list_named(milo, "Another"))
    first = client.get(f"/saved/{usual_list(milo).key}/")
    second = client.get(first.context["next_url"])
    assert posts_in(first) + posts_in(second) == [one.pk for one in posts]


def test_what_one_may_no_longer_see_is_left_out_and_not_counted(client, milo, post):
    other = f.a_post(post.author)
    for one in (post, other):
        save_post(one, by=milo)
    page = f"/saved/{usual_list(milo).key}/"
    withdraw_post(post, by=post.author)
    assert posts_in(client.get(page)) == [other.pk]
    Block.objects.create(blocker=post.author, blocked=milo)
    assert posts_in(client.get(page)) == []
    assert "Empty" in client.get("/saved/").content.decode()


def test_nobody_else_sees_or_uses_a_list(client, milo, post):
    private = list_named(milo, "Secret")
    save_post(post, by=milo, save_list=private)
    other = f.a_member()
    client.force_login(other)
    assert client.get(f"/saved/{private.key}/").status_code == 404
    assert client.post(f"/saved/{private.key}/", {"do": "delete"}).status_code == 404
    assert "Secret" not in client.get("/saved/").content.decode()
    assert client.post(url(post), {"list": private.key, "save": "1"}).status_code == 404
    with pytest.raises(PermissionDenied):
        save_post(post, by=other, save_list=private)
    client.logout()
    assert client.get("/saved/").url.startswith("/accounts/login/")


def test_a_list_is_renamed_but_not_to_a_name_that_is_taken_and_deleted(client, milo, post):
    save_post(post, by=milo)
    list_named(milo, "Places")
    page = f"/saved/{usual_list(milo).key}/"
    client.post(page, {"do": "rename", "name": "Boats"})
    assert usual_list(milo).name == "Boats"
    assert client.post(page, {"do": "rename", "name": "Places"}).status_code == 422
    assert client.post(page, {"do": "delete"}).url == "/saved/"
    assert not Save.objects.exists()
    assert type(post).objects.filter(pk=post.pk).exists()


def test_the_pages_cost_a_bounded_number_of_queries(client, milo, post, django_assert_max_num_queries):
    for name in ("One", "Two", "Three"):
        save_post(post, by=milo, save_list=list_named(milo, name))
        save_post(f.a_post(post.author), by=milo, save_list=list_named(milo, name))
    for page in ("/saved/", f"/saved/{list_named(milo, 'One').key}/"):
        with django_assert_max_num_queries(12):
            client.get(page)
