"""Renditions of what is not public, at their private addresses."""

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Original, Picture
from gallery.models.pictures import PictureKind
from tests import factories as f

pytestmark = pytest.mark.django_db


def private_url(post):
    return f"/private/{post.photos.get().picture.renditions.first().file.name}"


@pytest.fixture
def deleted():
    post = f.a_post()
    return withdraw_post(post, by=post.author)


def test_its_author_sees_what_was_deleted(client, deleted):
    client.force_login(deleted.author)
    response = client.get(private_url(deleted))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    rendition = deleted.photos.get().picture.renditions.first()
    assert b"".join(response.streaming_content) == storages["vault"].open(rendition.file.name).read()


def test_no_cache_keeps_it_and_no_browser_guesses(client, deleted):
    client.force_login(deleted.author)
    response = client.get(private_url(deleted))
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("group", ["Moderators", "Administrators"])
def test_staff_see_it(client, deleted, group):
    client.force_login(f.a_staff_member(group))
    assert client.get(private_url(deleted)).status_code == 200


def test_nobody_else_does(client, deleted):
    assert client.get(private_url(deleted)).status_code == 404
    client.force_login(f.a_member())
    assert client.get(private_url(deleted)).status_code == 404


def test_what_is_visible_everybody_sees_here_too(client):
    assert client.get(private_url(f.a_post())).status_code == 200


WHO = {
    "visitor": lambda post: None,
    "member": lambda post: f.a_member(),
    "author": lambda post: post.author,
    "moderator": lambda post: f.a_staff_member("Moderators"),
}
# Who sees a photo's private files in a visible post of one ready photo more, by what became of the photo.
SEEN_BY = {
    "ready": ({}, {"visitor", "member", "author", "moderator"}),
    "removed": ({"removed_at": timezone.now()}, {"moderator"}),
    "held": ({"team_state": "held"}, {"moderator"}),
    "taken down": ({"team_state": "taken_down"}, {"moderator"}),
    "processing": ({"state": "pending"}, {"author", "moderator"}),
    "failed": ({"state": "failed"}, {"author", "moderator"}),
}


@pytest.mark.parametrize("case", SEEN_BY)
@pytest.mark.parametrize("who", WHO)
def test_a_photos_files_are_for_whom_its_own_state_allows(client, who, case):
    change, allowed = SEEN_BY[case]
    post = f.a_post(photos=2)
    photo = post.photos.get(position=1)
    type(photo).objects.filter(pk=photo.pk).update(**change)
    if user := WHO[who](post):
        client.force_login(user)
    answer = client.get(f"/private/{photo.picture.renditions.first().file.name}")
    assert answer.status_code == (200 if who in allowed else 404)


@pytest.mark.parametrize("who", WHO)
def test_drafts_and_posts_for_followers_are_for_their_author_and_staff(client, who):
    draft, narrow = f.a_draft(), f.a_post()
    set_visibility(narrow, by=narrow.author, visibility="followers")
    for post in (draft, narrow):
        if user := WHO[who](post):
            client.force_login(user)
        assert client.get(private_url(post)).status_code == (200 if who in ("author", "moderator") else 404)


def test_it_costs_a_visitor_three_queries(client, django_assert_max_num_queries):
    url = private_url(f.a_post())
    with django_assert_max_num_queries(3):
        client.get(url)


def test_after_a_takedown_visitors_do_not_any_more(client):
    post = f.a_post()
    url = private_url(post)
    take_down_post(post, by=f.a_staff_member("Moderators"), reason="Not theirs")
    assert client.get(url).status_code == 404


def test_an_original_never_leaves_by_this_address(client):
    post = f.a_post()
    client.force_login(post.author)
    assert client.get(f"/private/{Original.objects.get().name}").status_code == 404
    client.force_login(f.a_staff_member("Administrators"))
    assert client.get(f"/private/{Original.objects.get().name}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "derived/",
        "derived/nothing/there.webp",
        "derived/../originals/x",
        "derived/%2e%2e/originals/x",
        "ledger/x",
        "derived/a%00b",
        "etc/passwd",
    ],
)
def test_other_names_find_nothing(client, name):
    client.force_login(f.a_staff_member("Administrators"))
    assert client.get(f"/private/{name}").status_code == 404


def test_a_rendition_whose_file_was_lost_is_not_found(client, deleted):
    url = private_url(deleted)
    storages["vault"].delete(url.removeprefix("/private/"))
    client.force_login(deleted.author)
    assert client.get(url).status_code == 404


def test_files_of_the_image_library_are_for_staff(client):
    post = f.a_post()
    Picture.objects.update(kind=PictureKind.EDITORIAL)
    url = private_url(post)
    assert client.get(url).status_code == 404
    client.force_login(f.a_staff_member("Curators"))
    assert client.get(url).status_code == 200


def test_it_is_only_looked_at(client, deleted):
    client.force_login(deleted.author)
    assert client.post(private_url(deleted)).status_code == 405


class TestProfilePictures:
    @pytest.fixture
    def avatar(self):
        return f.an_avatar(f.a_member("ana"))

    def url_of(self, avatar, spec="private-whole"):
        return f"/private/{avatar.picture.renditions.get(filter_spec=spec).file.name}"

    @pytest.mark.parametrize("spec", ["private-whole", "width-96"])
    def test_its_member_and_staff_see_it_and_nobody_else(self, client, avatar, spec):
        url = self.url_of(avatar, spec)
        for who, status in (
            (None, 404),
            (f.a_member("milo"), 404),
            (f.a_staff_member("Curators", "cur"), 404),
            (avatar.user, 200),
            (f.a_staff_member("Moderators", "mod"), 200),
        ):
            client.logout()
            if who:
                client.force_login(who)
            assert client.get(url).status_code == status, who

    def test_once_replaced_only_staff_see_it(self, client, avatar):
        url = self.url_of(avatar)
        f.an_avatar(avatar.user)
        client.force_login(avatar.user)
        assert client.get(url).status_code == 404
        client.force_login(f.a_staff_member("Moderators"))
        assert client.get(url).status_code == 200
