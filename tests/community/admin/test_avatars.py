"""Profile pictures in the console: on their member's page, taken down with a reason, and restored."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry

from community.models import User
from gallery.states import TeamState
from tests.factories import a_broken_picture, a_member, a_staff_member, an_avatar, an_original
from tests.traces import public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators", "wren")
    client.force_login(moderator)
    return moderator


@pytest.fixture
def avatar():
    return an_avatar(a_member("ana"))


def page_of(client, username="ana"):
    return client.get(reverse("console_members:member", args=[username])).content.decode()


def address(avatar, what="take_down_avatar"):
    return reverse(f"console_members:{what}", args=[avatar.user.username, avatar.key])


def looks():
    return ModelLogEntry.objects.filter(action="pixlpix.look").count()


def test_a_members_page_shows_their_picture(client, moderator, avatar):
    page = page_of(client)
    assert User.objects.get(pk=avatar.user_id).avatar_large in page and address(avatar) in page
    assert looks() == 0


def test_who_has_none_has_no_such_part(client, moderator):
    a_member("milo")
    assert "Profile pictures" not in page_of(client, "milo")


def test_former_ones_are_shown_through_the_private_view_and_the_look_is_written_down(client, moderator, avatar):
    an_avatar(avatar.user)
    page = page_of(client)
    assert "Replaced or removed by its member" in page and "/private/derived/" in page
    assert looks() == 1


def test_one_that_could_not_be_processed_says_so(client, moderator):
    an_avatar(a_member("milo"), an_original(a_broken_picture()))
    assert "Could not be processed" in page_of(client, "milo")


def test_taking_down_asks_for_a_reason_and_restoring_brings_it_back(client, moderator, avatar):
    assert avatar.user.name in client.get(address(avatar)).content.decode()
    assert client.post(address(avatar), {"reason": " "}).status_code == 200 and public_files()
    client.post(address(avatar), {"reason": "Shows somebody else"})
    avatar.refresh_from_db()
    assert (avatar.team_state, avatar.team_reason) == (TeamState.TAKEN_DOWN, "Shows somebody else")
    assert public_files() == set()
    page = page_of(client)
    assert "Shows somebody else" in page and "Take down picture" in page
    client.post(address(avatar, "restore_avatar"), {"reason": "A mistake"})
    assert public_files() and "Restore picture" in page_of(client)


def test_what_is_not_down_is_not_restored(client, moderator, avatar):
    answer = client.post(address(avatar, "restore_avatar"), {"reason": ""})
    assert "not taken down" in answer.content.decode()


def test_another_picture_that_took_its_place_is_not_meant(client, moderator, avatar):
    an_avatar(avatar.user)
    client.post(address(avatar), {"reason": "Spam"})
    assert public_files()


def test_an_unknown_picture_is_not_found(client, moderator, avatar):
    assert client.get(reverse("console_members:take_down_avatar", args=["ana", "0" * 16])).status_code == 404


@pytest.mark.parametrize("what", ["take_down_avatar", "restore_avatar"])
def test_curators_and_members_do_nothing_here(client, avatar, what):
    for who in (a_staff_member("Curators", "cur"), a_member("kit")):
        client.force_login(who)
        assert client.post(address(avatar, what), {"reason": "Spam"}).status_code in (302, 403, 404)
    avatar.refresh_from_db()
    assert avatar.is_in_place and public_files()
