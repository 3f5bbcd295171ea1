"""The pages of shared galleries: people, invitations, adding posts."""

import pytest

from community.actions.invite_contributor import invite_contributor
from gallery.models import Contributor, GalleryEntry
from tests import factories as f
from tests.galleries_world import a_contributor, an_entry

pytestmark = pytest.mark.django_db
PEOPLE = "/settings/galleries/iceland/people/"
ANSWER = "/settings/shared/ana/iceland/"


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def iceland(ana):
    return f.a_gallery(ana)


def body(response):
    return response.content.decode()


def test_invited_by_name_in_any_spelling(client, ana, iceland):
    milo = f.a_member("milo")
    client.force_login(ana)
    assert client.post(PEOPLE, {"do": "invite", "username": " @Milo "}).status_code == 302
    assert Contributor.objects.get().user == milo
    assert "@milo" in body(client.get(PEOPLE))


@pytest.mark.parametrize("name", ["nobody", "ana"])
def test_a_name_that_cannot_be_invited_is_answered_in_the_form(client, ana, iceland, name):
    client.force_login(ana)
    response = client.post(PEOPLE, {"do": "invite", "username": name})
    assert response.status_code == 422 and f'value="{name}"' in body(response)


def test_an_invited_member_accepts_on_the_gallerys_page_and_adds_a_post(client, ana, iceland):
    milo = f.a_member("milo")
    invite_contributor(iceland, milo, by=ana)
    post = f.a_post(milo)
    client.force_login(milo)
    assert "You are invited" in body(client.get(iceland.address()))
    assert client.post(ANSWER, {"do": "accept"}).url == f"{ANSWER}posts/"
    assert post.short_id in body(client.get(f"{ANSWER}posts/"))
    client.post(f"{ANSWER}posts/", {"do": "add", "post": post.short_id})
    client.logout()
    page = body(client.get(iceland.address()))
    assert post.short_id in page and "/members/milo/" in page


@pytest.mark.parametrize("do", ["decline", "leave"])
def test_declining_and_leaving(client, ana, iceland, do):
    milo = f.a_member("milo")
    invite_contributor(iceland, milo, by=ana)
    client.force_login(milo)
    assert "Iceland" in body(client.get("/settings/galleries/"))
    client.post(ANSWER, {"do": do})
    assert not Contributor.objects.exists()


def test_from_the_posts_own_page_it_is_added_and_taken_out(client, ana, iceland):
    milo = a_contributor(iceland, "milo")
    post = f.a_post(milo)
    client.force_login(milo)
    assert f"{ANSWER}posts/" in body(client.get(post.address()))
    for do, entries in (("add", 1), ("out", 0)):
        data = {"do": do, "post": post.short_id, "back": "1"}
        assert client.post(f"{ANSWER}posts/", data).url == post.address()
        assert GalleryEntry.objects.count() == entries
    client.force_login(ana)
    assert ANSWER not in body(client.get(post.address()))


def test_the_owner_takes_a_post_and_a_person_out(client, ana, iceland):
    milo = a_contributor(iceland, "milo")
    post, other = an_entry(iceland, milo), an_entry(iceland, milo)
    client.force_login(ana)
    assert post.short_id in body(client.get(PEOPLE))
    client.post(PEOPLE, {"do": f"out:{post.short_id}"})
    assert list(GalleryEntry.objects.values_list("post", flat=True)) == [other.pk]
    client.post(PEOPLE, {"do": "remove:milo"})
    assert not GalleryEntry.objects.exists() and not Contributor.objects.exists()


@pytest.mark.parametrize("url", [PEOPLE, ANSWER, f"{ANSWER}posts/"])
def test_for_others_there_is_no_such_page(client, iceland, url):
    client.force_login(f.a_member("milo"))
    assert client.post(url, {"do": "add"}).status_code == 404


def test_a_strangers_post_is_not_added(client, iceland):
    client.force_login(a_contributor(iceland, "milo"))
    stray = f.a_post()
    assert client.post(f"{ANSWER}posts/", {"do": "add", "post": stray.short_id}).status_code == 404


@pytest.mark.parametrize("who", ["visitor", "member", "contributor"])
def test_a_shared_gallery_costs_few_queries_however_much_is_in_it(
    client, ana, iceland, who, django_assert_max_num_queries
):
    milo = a_contributor(iceland)
    for _n in range(3):
        f.a_post(ana, gallery=iceland, original=f.an_original(by=ana))
        an_entry(iceland, milo)
    if who != "visitor":
        client.force_login(milo if who == "contributor" else f.a_member())
    with django_assert_max_num_queries(8 if who == "visitor" else 12):
        assert client.get(iceland.address()).status_code == 200
