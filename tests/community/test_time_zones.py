"""Times are shown to a member in the zone that they chose, with its name where the hour is shown."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Comment, Device, Profile, PromptPage
from community.notices import date_of
from community.templatetags.talk import ago
from gallery.models import PostPage
from tests.factories import a_member, a_post, a_staff_member
from tests.galleries_world import a_prompt

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # in Tokyo 1 April, 07:30


@pytest.fixture
def ana(client):
    """Ana, signed in, who lives in Tokyo."""
    ana = a_member("ana")
    Profile.objects.filter(user=ana).update(time_zone="Asia/Tokyo")
    client.force_login(ana)
    return ana


@pytest.fixture
def post():
    post = a_post(a_member("milo"))
    PostPage.objects.filter(pk=post.pk).update(published_at=LATE)
    return post


def test_member_reads_days_and_hours_of_their_own_zone(client, ana, post):
    Device.objects.filter(user=ana).update(signed_in_at=LATE)
    assert "1 April 2026" in client.get(post.address()).content.decode()
    page = client.get("/settings/devices/").content.decode()
    assert "7:30 a.m. (Asia/Tokyo)" in page


def test_visitor_and_who_chose_nothing_read_utc(client, post):
    milo = a_member()
    assert "31 March 2026" in client.get(post.address()).content.decode()
    client.force_login(milo)
    client.get("/")
    Device.objects.filter(user=milo).update(signed_in_at=LATE)
    assert "31 March 2026" in client.get(post.address()).content.decode()
    assert "(UTC)" in client.get("/settings/devices/").content.decode()


def test_one_members_zone_is_over_with_their_page(client, ana, post):
    client.get(post.address())
    assert timezone.get_current_timezone_name() == "UTC"
    assert "31 March 2026" in Client().get(post.address()).content.decode()


def test_zone_that_this_machine_does_not_know_is_taken_for_utc(client, ana, post):
    Profile.objects.filter(user=ana).update(time_zone="Mars/Olympus")
    assert "31 March 2026" in client.get(post.address()).content.decode()


def test_it_costs_no_query(client, ana, settings):
    asked = []
    for _round in range(2):
        client.get("/settings/words/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/words/")
        asked.append(len(queries))
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("MemberTimeZone")]
        client.handler.load_middleware()
    assert asked[0] == asked[1]


def test_dates_in_notices_and_beside_comments_are_of_the_zone_too(client, ana, post):
    Comment.objects.create(post=post, author=ana, text="Lovely light", created_at=LATE)
    with timezone.override("Asia/Tokyo"):
        assert date_of(LATE) == "1 Apr 2026"
    assert "1 April 2026" in client.get(f"/p/{post.short_id}/comments/", follow=True).content.decode()
    assert ago.expects_localtime


def test_prompts_keep_their_own_zone_and_crawlers_read_utc(client, ana, post):
    prompt = a_prompt("Doors")
    PromptPage.objects.filter(pk=prompt.pk).update(starts_at=LATE, ends_at=LATE + timedelta(days=1))
    page = client.get("/prompts/").content.decode()
    assert "31 Mar 2026" in page and ">March<" in page
    assert "31 March 2026, 22:30" in client.get(prompt.address()).content.decode()
    assert "2026-03-31" in client.get("/sitemap/posts.xml").content.decode()


def test_console_has_a_setting_of_its_own(client, post):
    moderator = a_staff_member("Moderators")
    Profile.objects.filter(user=moderator).update(time_zone="Asia/Tokyo")
    client.force_login(moderator)
    assert "31 Mar" in client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
