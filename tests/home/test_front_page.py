"""The front page: what staff picked, and what is newest."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from community import lists
from gallery.actions.take_down_post import take_down_post
from gallery.models import PostPage
from gallery.states import Visibility
from home.models import HomePage, Pick
from tests.factories import a_member, a_post, a_staff_member, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return a_staff_member("Curators", "wren")


def pick(post, curator, **fields):
    return Pick.objects.create(post=post, curator=curator, **fields)


def row(response, name):
    """Short ids in the row of pictures with this id."""
    found = re.search(rf'<ul class="grid" id="{name}">(.*?)</ul>', response.content.decode(), re.S)
    return re.findall(r'href="/members/[^/"]+/[^/"]+/([^/"]+)/(?:\?in=[^"]*)?"', found[1]) if found else []


def test_front_page_begins_with_what_staff_wrote(client):
    HomePage.objects.update(heading="Winter light", intro="Look up.")
    page = client.get("/").content.decode()
    assert "Winter light" in page and "Look up." in page


def test_newest_come_first_whoever_made_them(client):
    posts = [a_post().short_id for _ in range(3)]
    assert row(client.get("/"), "posts") == posts[::-1]


def test_picks_stand_in_the_curators_order_and_say_who_chose_them(client, curator):
    one, two = a_post(), a_post()
    pick(one, curator, position=2)
    pick(two, curator, position=1)
    page = client.get("/")
    assert row(page, "picks") == [two.short_id, one.short_id]
    assert "Wren" in page.content.decode()


def test_pick_shows_from_its_beginning_until_its_end(client, curator):
    now, hour = timezone.now(), timedelta(hours=1)
    pick(a_post(), curator, shown_from=now + hour)
    pick(a_post(), curator, shown_from=now - 2 * hour, shown_until=now - hour)
    present = a_post()
    pick(present, curator, shown_from=now - hour, shown_until=now + hour)
    assert row(client.get("/"), "picks") == [present.short_id]


def test_post_picked_twice_is_shown_once(client, curator):
    post = a_post()
    pick(post, curator)
    pick(post, curator, position=3)
    assert row(client.get("/"), "picks") == [post.short_id]


def test_pick_that_was_taken_down_is_not_shown(client, curator):
    post = a_post(caption="Xylophone")
    pick(post, curator)
    take_down_post(post, by=a_staff_member("Moderators"), reason="Not allowed here")
    assert b"Xylophone" not in client.get("/").content


def test_pick_that_only_has_a_link_now_is_not_shown(client, curator):
    post = a_post()
    pick(post, curator)
    PostPage.objects.filter(pk=post.pk).update(effective_visibility=Visibility.UNLISTED)
    assert row(client.get("/"), "picks") == row(client.get("/"), "posts") == []


def test_newest_go_on_by_show_more_with_and_without_script(client, monkeypatch):
    monkeypatch.setattr(lists, "POSTS_A_PAGE", 2)
    posts = [a_post().short_id for _ in range(3)]
    url = re.search(r'href="(/\?after=[^"]+)"', client.get("/").content.decode())[1]
    assert row(client.get(url), "posts") == [posts[0]]
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert posts[0] in part and "<html" not in part


def test_front_page_without_a_post_says_so_and_invites(client):
    page = client.get("/").content.decode()
    assert "No photograph is here yet" in page and "/accounts/signup/" in page


@pytest.fixture(params=[3, 30])
def filled(request, curator):
    author = a_member()
    original = an_original(by=author)
    for n in range(request.param):
        pick(a_post(author, original=original), curator, position=n)


def test_front_page_costs_a_visitor_at_most_8_queries(client, filled, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert client.get("/").status_code == 200


def test_front_page_costs_a_member_at_most_12_queries(client, filled, django_assert_max_num_queries):
    client.force_login(a_member())
    with django_assert_max_num_queries(12):
        assert client.get("/").status_code == 200


def test_no_clock_takes_the_front_page_away(client):
    page = HomePage.objects.get()
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save_revision().publish()
    call_command("publish_scheduled", verbosity=0)
    assert HomePage.objects.get().live and client.get("/").status_code == 200
