"""Announcements: who is shown them above each page, until when, and putting them aside."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.actions.dismiss_announcement import dismiss_announcement
from community.models import Announcement, Dismissal
from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def announce(text="Prints on Friday", audience="all", **fields):
    return Announcement.objects.create(text=f"<p>{text}</p>", audience=audience, **fields)


def told(client, text="Prints on Friday", url="/about/"):
    return text in client.get(url).content.decode()


def aside(client, announcement, **more):
    return client.post(reverse("dismiss_announcement", args=[announcement.key]), more)


def test_it_stands_above_every_page_with_its_links_and_without_what_could_harm(client):
    announce('See <a href="https://example.org/" onclick="x()">here</a><script>x()</script>')
    for url in ("/", "/members/", "/about/", "/nothing/"):
        html = client.get(url).content.decode()
        assert (
            'See <a href="https://example.org/">here</a>' in html and "onclick" not in html and "<script>" not in html
        )


@pytest.mark.parametrize(("audience", "seen_by"), [("all", "vms"), ("members", "ms"), ("staff", "s")])
def test_it_is_shown_to_whom_it_is_for(client, audience, seen_by):
    announce(audience=audience)
    found = "v" * told(client)
    for letter, user in (("m", a_member()), ("s", a_staff_member("Moderators"))):
        client.force_login(user)
        found += letter * told(client)
    assert found == seen_by


def test_it_is_shown_from_its_beginning_until_its_end(client):
    now = timezone.now()
    announce("Is past", starts_at=now - 2 * HOUR, ends_at=now - HOUR)
    announce("Will be", starts_at=now + HOUR)
    announce("Is now", starts_at=now - HOUR, ends_at=now + HOUR)
    html = client.get("/about/").content.decode()
    assert "Is now" in html and "Is past" not in html and "Will be" not in html


def test_an_end_that_comes_while_it_is_remembered_holds(client):
    announcement = announce(ends_at=timezone.now() + HOUR)
    assert told(client)
    (remembered,) = cache.get("community.announcements")
    assert remembered == announcement
    remembered.ends_at = timezone.now() - timedelta(seconds=1)
    cache.set("community.announcements", [remembered])
    assert not told(client)


def test_one_that_is_written_changed_or_deleted_shows_at_once(client):
    assert not told(client)
    announcement = announce()
    assert told(client)
    announcement.text = "<p>Prints on Monday</p>"
    announcement.save()
    assert told(client, "Prints on Monday") and not told(client)
    announcement.delete()
    assert not told(client, "Prints on Monday")


def test_who_puts_it_aside_is_not_shown_it_again_and_others_are(client):
    ana, milo = a_member("ana"), a_member("milo")
    announcement = announce()
    client.force_login(ana)
    assert aside(client, announcement, next="/about/").headers["Location"] == "/about/"
    assert not told(client)
    cache.clear()
    assert not told(client)
    client.force_login(milo)
    assert told(client)


def test_htmx_gets_nothing_to_put_in_its_place(client):
    announcement = announce()
    client.force_login(a_member())
    answer = client.post(reverse("dismiss_announcement", args=[announcement.key]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "", "javascript:x"])
def test_it_never_leads_off_the_site(client, elsewhere):
    client.force_login(a_member())
    assert aside(client, announce(), next=elsewhere).headers["Location"] == "/"


def test_putting_it_aside_twice_is_once():
    ana, announcement = a_member("ana"), announce()
    for _ in range(2):
        dismiss_announcement(announcement, by=ana)
    assert Dismissal.objects.count() == 1
    with pytest.raises(IntegrityError):
        Dismissal.objects.create(user=ana, announcement=announcement)


def test_what_cannot_be_put_aside_has_no_button_and_stays(client):
    announcement = announce(dismissible=False)
    client.force_login(a_member())
    assert "Got it" not in client.get("/about/").content.decode()
    assert aside(client, announcement).status_code == 404 and told(client)
    with pytest.raises(PermissionDenied):
        dismiss_announcement(announcement, by=a_member())


def test_what_is_for_staff_is_not_there_for_members(client):
    client.force_login(a_member())
    assert aside(client, announce(audience="staff")).status_code == 404


def test_a_visitor_is_offered_no_button_and_signs_in_first(client):
    announcement = announce()
    assert "Got it" not in client.get("/about/").content.decode()
    assert "/accounts/login/" in aside(client, announcement).headers["Location"]


def queries_on_announcements(client):
    with CaptureQueriesContext(connection) as captured:
        client.get("/about/")
    return sum(
        "community_announcement" in q["sql"] or "community_dismissal" in q["sql"] for q in captured.captured_queries
    )


def test_a_page_asks_once_while_nothing_is_remembered_and_then_no_more_than_what_was_put_aside(client):
    client.force_login(a_member())
    cache.clear()
    assert [queries_on_announcements(client) for _ in range(3)] == [1, 0, 0]
    announce()
    assert [queries_on_announcements(client) for _ in range(3)] == [1, 1, 1]


# --- In the console ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["Curators", "Administrators"])
def test_curators_and_administrators_write_list_change_and_delete_them(client, group):
    client.force_login(a_staff_member(group))
    block = {"key": "a", "text": "Prints on Friday", "type": "unstyled", "depth": 0, "data": {}}
    text = json.dumps({"blocks": [block | {"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}})
    data = {"text": text, "starts_at": "2026-01-01 10:00", "ends_at": "", "audience": "members", "dismissible": "on"}
    client.post("/admin/announcements/new/", data)
    announcement = Announcement.objects.get()
    assert "Prints on Friday" in announcement.text
    assert "Prints on Friday" in client.get("/admin/announcements/").content.decode()
    client.post(f"/admin/announcements/edit/{announcement.pk}/", data | {"audience": "all"})
    client.post(f"/admin/announcements/delete/{announcement.pk}/")
    assert not Announcement.objects.exists()
    logged = ModelLogEntry.objects.filter(content_type__model="announcement").values_list("action", flat=True)
    assert set(logged) == {"wagtail.create", "wagtail.edit", "wagtail.delete"}


@pytest.mark.parametrize("url", ["/admin/announcements/", "/admin/announcements/new/"])
def test_moderators_write_none(client, url):
    client.force_login(a_staff_member("Moderators"))
    assert client.get(url).status_code in (302, 403)
