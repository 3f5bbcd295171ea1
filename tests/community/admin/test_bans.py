"""The console's held and banned pictures."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gallery.actions.take_down_post import take_down_post
from gallery.models import BanMatch, BannedPicture, PostPage
from tests.factories import a_member, a_post, a_staff_member, an_original
from tests.gallery.test_bans import as_file, cropped, drawn
from tests.traces import staff_acts

pytestmark = pytest.mark.django_db

HELD, BANNED = "console_bans:index", "console_bans:banned"


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators", "moira")
    client.force_login(moderator)
    return moderator


@pytest.fixture
def down(moderator):
    post = a_post(a_member("ana"), original=an_original(as_file(drawn())))
    take_down_post(post, by=moderator, reason="It shows a neighbour.")
    return post


@pytest.fixture
def held(down):
    """A post of Milo's that looks like what was taken down."""
    return a_post(a_member("milo"), original=an_original(as_file(cropped(drawn()))))


def page(client, name, *args, **data):
    return client.get(reverse(name, args=args), data)


def test_what_is_held_is_listed_with_why_and_how_alike_it_is(client, held, down):
    text = page(client, HELD).content.decode()
    assert held.short_id in text and down.short_id in text
    assert "It shows a neighbour." in text
    assert f"{BanMatch.objects.get().distance} of 256 bits differ" in text


def test_the_picture_comes_from_the_private_view_and_the_look_is_written_down(client, held, moderator):
    text = page(client, HELD).content.decode()
    assert 'src="/private/derived/' in text
    assert ("pixlpix.look", "moira") in staff_acts(held)


def test_letting_through_publishes_it(client, held):
    key = BanMatch.objects.get().key
    assert held.short_id in page(client, "console_bans:let_through", key).content.decode()
    answer = client.post(reverse("console_bans:let_through", args=[key]), {"reason": "A different ridge."}, follow=True)
    assert "Let through" in answer.content.decode()
    assert PostPage.objects.get(pk=held.pk).is_visible
    assert held.short_id in page(client, HELD, state="let_through").content.decode()


def test_confirming_takes_it_down(client, held):
    key = BanMatch.objects.get().key
    client.post(reverse("console_bans:confirm", args=[key]), {"reason": "The same picture."})
    assert PostPage.objects.get(pk=held.pk).team_state == "taken_down"


def test_who_comes_too_late_is_told(client, held):
    key = BanMatch.objects.get().key
    client.post(reverse("console_bans:let_through", args=[key]))
    answer = client.post(reverse("console_bans:confirm", args=[key]), {"reason": "The same picture."})
    assert "Somebody has decided this already." in answer.content.decode()


def test_the_list_names_reason_post_and_who_did_it(client, down):
    text = page(client, BANNED).content.decode()
    assert BannedPicture.objects.get().sha256[:16] in text
    assert "It shows a neighbour." in text and down.short_id in text and "moira" in text


def test_a_hash_is_entered_and_taken_off_again(client, moderator):
    sha256 = "ab" * 32
    client.post(reverse("console_bans:add"), {"sha256": sha256, "reason": "From the police."})
    assert "the bytes alone" in page(client, BANNED).content.decode()
    client.post(reverse("console_bans:remove", args=[sha256]), {"reason": "An error."})
    assert "No picture is banned." in page(client, BANNED).content.decode()


def test_what_is_no_hash_is_named_beside_its_field(client, moderator):
    answer = client.post(reverse("console_bans:add"), {"sha256": "abc", "reason": "From the police."})
    assert "A SHA-256 has 64 digits" in answer.content.decode()


def test_removing_what_something_is_held_for_is_refused_with_the_reason(client, held):
    banned = BannedPicture.objects.get()
    answer = client.post(reverse("console_bans:remove", args=[banned.sha256]))
    assert "Something is held because of this picture." in answer.content.decode()


@pytest.mark.parametrize("group", ["Curators", None])
@pytest.mark.parametrize("name", [HELD, BANNED, "console_bans:add"])
def test_others_enter_neither_list(client, group, name):
    client.force_login(a_staff_member(group) if group else a_member())
    answer = page(client, name)
    assert answer.status_code == (302 if group else 404)


def test_what_is_not_there_is_not_found(client, moderator):
    assert page(client, "console_bans:let_through", "abcdefghjk").status_code == 404
    assert client.post(reverse("console_bans:remove", args=["ab" * 32])).status_code == 404


def test_a_full_page_costs_as_many_queries_as_one_row(client, moderator):
    down = a_post(original=an_original(as_file(drawn())))
    take_down_post(down, by=moderator, reason="It shows a neighbour.")

    def look_alikes(count):
        for number in range(count):
            a_post(original=an_original(as_file(cropped(drawn()), quality=90 - number - 10 * count)))

    def cost():
        page(client, HELD)
        with CaptureQueriesContext(connection) as queries:
            page(client, HELD)
        return len(queries)

    look_alikes(2)
    of_two = cost()
    look_alikes(3)
    assert page(client, HELD).content.decode().count("bits differ") == 5
    # Beside its own two: who is asking, Wagtail's frame, and writing down that private pictures were looked at.
    assert cost() == of_two <= 16


def test_the_list_of_banned_pictures_is_short_work(client, down, django_assert_max_num_queries):
    page(client, BANNED)
    with django_assert_max_num_queries(10):
        page(client, BANNED)
