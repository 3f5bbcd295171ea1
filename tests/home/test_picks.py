"""Picks: curators choose which posts the front page shows, and in which order."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from wagtail.models import PageLogEntry

from gallery.actions.withdraw_post import withdraw_post
from home.actions.pick_post import end_pick, pick_post
from home.models import Pick
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    curator = a_staff_member("Curators")
    client.force_login(curator)
    return curator


def picked():
    return [pick.post.caption for pick in Pick.objects.current()]


def test_the_newest_pick_comes_first(curator):
    pick_post(a_post(caption="First"), by=curator)
    pick_post(a_post(caption="Second"), by=curator)
    assert picked() == ["Second", "First"]


def test_a_post_is_picked_once_however_often_the_button_is_pressed(curator):
    post = a_post()
    assert pick_post(post, by=curator) == pick_post(post, by=curator)


def test_a_post_that_not_everyone_can_see_is_not_picked(curator):
    post = a_post()
    withdraw_post(post, by=post.author)
    with pytest.raises(ValidationError):
        pick_post(post, by=curator)


@pytest.mark.parametrize("group", ["Moderators", None])
def test_only_curators_and_administrators_pick(group):
    user = a_staff_member(group) if group else a_member()
    with pytest.raises(PermissionDenied):
        pick_post(a_post(), by=user)


def test_a_pick_that_ended_leaves_the_front_page_and_stays_in_the_archive(curator):
    end_pick(pick_post(a_post(), by=curator), by=curator)
    assert picked() == []
    assert Pick.objects.count() == 1


def test_picking_and_ending_stand_in_the_posts_log(curator):
    post = a_post()
    end_pick(pick_post(post, by=curator), by=curator)
    acts = PageLogEntry.objects.filter(page=post, user=curator).order_by("timestamp").values_list("action", flat=True)
    assert list(acts)[-2:] == ["pixlpix.pick", "pixlpix.end_pick"]


def test_curators_choose_among_posts_that_everyone_can_see(client, curator):
    a_post(caption="Seen by all")
    deleted = a_post(caption="Deleted by its author")
    withdraw_post(deleted, by=deleted.author)
    page = client.get(reverse("picks:choose")).content.decode()
    assert "Seen by all" in page
    assert "Deleted by its author" not in page


def test_one_button_picks(client, curator):
    post = a_post(caption="A quay")
    client.post(reverse("picks:pick", args=[post.short_id]))
    assert picked() == ["A quay"]


def test_one_button_ends_a_pick(client, curator):
    pick = pick_post(a_post(), by=curator)
    client.post(reverse("picks:end", args=[pick.pk]))
    assert picked() == []


def test_picks_are_listed_with_their_times_and_can_be_edited(client, curator):
    pick = pick_post(a_post(caption="A quay"), by=curator)
    assert "A quay" in client.get(reverse("picks:index")).content.decode()
    data = {"shown_from": "2030-01-01 10:00", "shown_until": "2030-02-01 10:00"}
    client.post(reverse("picks:edit", args=[pick.pk]), data)
    assert picked() == []


def test_adding_a_pick_begins_with_choosing_the_post(client, curator):
    assert client.get(reverse("picks:add")).headers["Location"] == reverse("picks:choose")


def test_a_curator_orders_picks_by_hand(client, curator):
    first, second = (pick_post(a_post(caption=caption), by=curator) for caption in ("First", "Second"))
    client.post(reverse("picks:reorder", args=[first.pk]) + "?position=0")
    assert picked() == ["First", "Second"]
    assert second.pk != first.pk


def test_administrators_find_the_button_on_a_post_in_the_console(client):
    client.force_login(a_staff_member("Administrators"))
    post = a_post()
    page = client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert reverse("picks:pick", args=[post.short_id]) in page


@pytest.mark.parametrize("name", ["index", "choose"])
def test_moderators_have_no_picks(client, name):
    client.force_login(a_staff_member("Moderators"))
    assert client.get(reverse(f"picks:{name}")).status_code in (302, 403)
