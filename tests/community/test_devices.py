"""Signed-in devices: seen, named and ended by their member, known by no address and no browser."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from community.actions.leave import leave
from community.devices import devices_of, end_devices, forget_lost_devices
from community.models import Device
from tests.community.joining import asking, link_in_mail, sign_in
from tests.factories import PASSWORD, a_member

pytestmark = pytest.mark.django_db

NEW = "another long passphrase"


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def here(ana):
    client = Client(REMOTE_ADDR="203.0.113.79", headers={"User-Agent": "Netscape Navigator 4.06"})
    sign_in(client, "ana")
    return client


@pytest.fixture
def elsewhere(ana):
    client = Client()
    sign_in(client, "ana")
    return client


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def key_of(client):
    return Device.objects.get(session_key=client.session.session_key).key


def test_signing_in_notes_a_device_with_days_alone(here, ana):
    [device] = devices_of(ana)
    assert device.seen_on == timezone.now().date()
    kept = " ".join(map(str, Device.objects.values_list().get()))
    assert "203.0" not in kept and "Netscape" not in kept


def test_visitors_leave_no_row_and_no_session(client):
    client.get("/")
    assert not Device.objects.exists() and not Session.objects.exists()


def test_page_lists_them_and_marks_this_one(here, elsewhere):
    page = here.get("/settings/devices/").content.decode()
    assert page.count("(this one)") == 1 and page.count("Signed in on") == 2
    assert f"/settings/devices/{key_of(elsewhere)}/end/" in page
    assert f"/settings/devices/{key_of(here)}/end/" not in page


def test_pages_cost_no_query_for_it(here, django_assert_max_num_queries):
    here.get("/settings/")
    with django_assert_max_num_queries(12) as asked:
        here.get("/settings/")
    assert not [query["sql"] for query in asked.captured_queries if "community_device" in query["sql"]]
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_next_day_is_noted_once(here, ana):
    session = here.session
    session["community.device"] = [*session["community.device"][:2], "2020-01-01"]
    session.save()
    Device.objects.update(seen_on=date(2020, 1, 1))
    is_signed_in(here)
    assert Device.objects.get().seen_on == timezone.now().date()


def test_session_from_before_devices_were_noted_gets_one(here):
    session = here.session
    del session["community.device"]
    session.save()
    Device.objects.all().delete()
    is_signed_in(here)
    assert key_of(here)


def test_it_is_named(here, elsewhere):
    here.post(f"/settings/devices/{key_of(elsewhere)}/name/", {"name": "  Kitchen \u202e laptop" + "x" * 80})
    name = Device.objects.get(key=key_of(elsewhere)).name
    assert name.startswith("Kitchen laptop") and len(name) == 60
    assert "Kitchen laptop" in here.get("/settings/devices/").content.decode()


def test_one_is_ended_and_the_others_go_on(here, elsewhere):
    here.post(f"/settings/devices/{key_of(elsewhere)}/end/")
    assert not is_signed_in(elsewhere) and is_signed_in(here)


def test_all_others_are_ended_at_once(here, elsewhere, ana):
    third = Client()
    third.force_login(ana)
    here.post("/settings/devices/")
    assert [is_signed_in(client) for client in (here, elsewhere, third)] == [True, False, False]


def test_nobody_ends_or_names_anothers(client, here):
    client.force_login(a_member("milo"))
    for act in ("end", "name"):
        assert client.post(f"/settings/devices/{key_of(here)}/{act}/", {"name": "x"}).status_code == 404
    assert is_signed_in(here) and Device.objects.get(key=key_of(here)).name == ""


def test_signing_out_takes_it_away(here, ana):
    here.post("/accounts/logout/")
    assert not Device.objects.filter(user=ana).exists()


def test_another_password_ends_all_others_and_keeps_this_one(here, elsewhere, ana):
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_signed_in(here) and not is_signed_in(elsewhere)
    assert [device.key for device in devices_of(ana)] == [key_of(here)]


def test_reset_of_the_password_ends_all(client, here, ana):
    client.post("/accounts/password/reset/", asking("ana@example.org"))
    page = client.get(link_in_mail(), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert not is_signed_in(here) and not Device.objects.filter(user=ana).exists()


def test_leaving_ends_every_session_for_good(here, elsewhere, ana):
    leave(ana)
    assert not Session.objects.exists() and not Device.objects.exists()


def test_one_whose_session_is_over_is_neither_shown_nor_kept(here, elsewhere, ana):
    Session.objects.filter(session_key=elsewhere.session.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )
    assert len(devices_of(ana)) == 1
    assert forget_lost_devices() == 1 and Device.objects.count() == 1


def test_ending_takes_no_other_members_session(here, client):
    milo = a_member("milo")
    client.force_login(milo)
    end_devices(milo)
    assert is_signed_in(here) and not is_signed_in(client)
