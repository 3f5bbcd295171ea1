"""Members make, rename, describe and delete galleries."""

import pytest

from gallery.actions.take_down_gallery import take_down_gallery
from gallery.models import GalleryPage
from gallery.states import AuthorState
from tests import factories as f

pytestmark = pytest.mark.django_db

LIST = "/settings/galleries/"


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


def gallery(slug="iceland"):
    return GalleryPage.objects.get(gallery_slug=slug)


def test_a_gallery_is_made(client, ana):
    response = client.post(f"{LIST}new/", {"name": "Iceland", "description": "May 2026"})
    assert response.url == "/members/ana/iceland/"
    assert (gallery().title, gallery().description) == ("Iceland", "May 2026")


def test_a_gallery_without_a_name_is_not_made(client, ana):
    assert client.post(f"{LIST}new/", {"name": " ", "description": "x"}).status_code == 422
    assert GalleryPage.objects.count() == 1


def test_an_unverified_member_makes_none(client):
    client.force_login(f.a_member(verified=False))
    client.post(f"{LIST}new/", {"name": "Iceland", "description": ""})
    assert GalleryPage.objects.count() == 1


def test_renaming_leaves_its_address(client, ana):
    f.a_gallery(ana)
    client.post(f"{LIST}iceland/", {"name": "The north", "description": ""})
    assert gallery().title == "The north"
    assert client.get("/members/ana/iceland/").status_code == 200


def test_all_of_ones_own_are_listed(client, ana):
    f.a_gallery(ana)
    f.a_gallery(f.a_member(), "Of somebody else")
    page = client.get(LIST).content.decode()
    assert "Iceland" in page
    assert "Photos" in page
    assert "Of somebody else" not in page


@pytest.mark.parametrize("page", ["", "delete/"])
def test_others_get_404(client, ana, page):
    f.a_gallery(f.a_member(), "Alps")
    assert client.post(f"{LIST}alps/{page}", {"name": "Mine", "description": "", "posts": "-"}).status_code == 404
    assert gallery("alps").title == "Alps"


def test_deleting_asks_where_its_posts_go(client, ana):
    f.a_post(ana, gallery=f.a_gallery(ana))
    page = client.get(f"{LIST}iceland/delete/").content.decode()
    assert "Move them to “Photos”" in page
    assert "Delete them all with it" in page
    assert client.post(f"{LIST}iceland/delete/", {}).status_code == 422
    assert gallery().is_open


def test_its_posts_move(client, ana):
    post = f.a_post(ana, gallery=f.a_gallery(ana))
    assert client.post(f"{LIST}iceland/delete/", {"posts": "photos"}).url == LIST
    post.refresh_from_db()
    assert post.gallery.gallery_slug == "photos"
    assert post.is_visible
    assert not gallery().is_open


def test_its_posts_are_deleted_with_it(client, ana):
    post = f.a_post(ana, gallery=f.a_gallery(ana))
    client.post(f"{LIST}iceland/delete/", {"posts": "-"})
    post.refresh_from_db()
    assert post.author_state == AuthorState.WITHDRAWN


def test_an_empty_one_is_deleted_without_a_question(client, ana):
    f.a_gallery(ana)
    assert client.post(f"{LIST}iceland/delete/").url == LIST
    assert not gallery().is_open


def test_the_last_one_stays(client, ana):
    assert "it stays" in client.get(f"{LIST}photos/delete/").content.decode()
    client.post(f"{LIST}photos/delete/", {"posts": "-"})
    assert gallery("photos").is_open


def test_a_gallery_that_the_team_took_down_shows_why_and_is_not_edited(client, ana):
    take_down_gallery(f.a_gallery(ana), by=f.a_staff_member("Moderators"), reason="Not their pictures")
    assert "Not their pictures" in client.get(LIST).content.decode()
    assert client.get(f"{LIST}iceland/").status_code == 404
