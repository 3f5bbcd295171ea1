"""Sessions: new ones where what somebody may do changes, short ones in the console, cookies that stay where they belong."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory

from community.actions.invite import invite
from community.console_sessions import OURS
from community.forms import SignupForm
from tests.community.joining import answers, sign_in
from tests.factories import PASSWORD, a_member, a_staff_member
from tests.people_world import signed_in
from tests.pixlpix.test_strict_settings import SECRETS, start

pytestmark = pytest.mark.django_db

HOUR, MINUTE = 3600, 60


def is_in(client):
    return client.get("/settings/").status_code == 200


# --- Where what they may do changes -----------------------------------------------------------------------------------------


def test_signing_in_gives_the_session_another_key(client):
    a_member("ana")
    client.get("/accounts/login/?next=/settings/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, "ana")
    assert client.session.session_key != before and "_auth_user_id" in client.session


@pytest.mark.parametrize("signal", [authenticator_added, authenticator_removed])
def test_another_way_of_signing_in_ends_every_other_session_and_gives_this_one_another_key(signal):
    ana = a_member("ana")
    here, elsewhere = Client(), Client()
    sign_in(here, "ana"), sign_in(elsewhere, "ana")
    before = here.session.session_key
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    stolen = Client()
    stolen.cookies["sessionid"] = here.session.session_key
    Authenticator.objects.create(user=ana, type="webauthn", data={"name": "Key", "credential": {}})
    RecoveryCodes.activate(ana)
    if signal is authenticator_removed:
        key = Authenticator.objects.get(type="webauthn")
        here.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    else:
        here.post("/accounts/2fa/recovery-codes/generate/")
    assert is_in(here) and here.session.session_key != before
    assert not is_in(elsewhere) and not is_in(stolen)


def test_taking_up_an_invitation_to_the_staff_does_so_too():
    ana = a_member("ana")
    here, elsewhere = signed_in(ana), signed_in(ana)
    is_in(here), is_in(elsewhere)
    before = here.session.session_key
    _invitation, link, _mailed = invite(ana.email, "Moderators", by=None)
    here.post(link[link.index("/accounts/") :])
    assert ana.groups.exists() and here.session.session_key != before
    assert is_in(here) and not is_in(elsewhere)


def test_other_groups_end_the_sessions_of_whose_they_are_and_not_of_who_gives_them():
    boss, ana = signed_in(a_staff_member("Administrators")), a_staff_member("Curators", "ana")
    theirs = signed_in(ana)
    assert is_in(theirs)
    moderators = Group.objects.get(name="Moderators")
    boss.post(f"/admin/users/edit/{ana.pk}/", {"groups": [moderators.pk]})
    assert list(ana.groups.all()) == [moderators]
    assert not is_in(theirs) and is_in(boss)


def test_groups_that_are_saved_as_they_were_end_nothing():
    boss, ana = signed_in(a_staff_member("Administrators")), a_staff_member("Curators", "ana")
    theirs = signed_in(ana)
    is_in(theirs)
    boss.post(f"/admin/users/edit/{ana.pk}/", {"groups": [ana.groups.get().pk]})
    assert is_in(theirs)


# --- The console ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(settings):
    settings.CONSOLE_HOURS, settings.CONSOLE_IDLE_MINUTES = 10, 30
    client = signed_in(a_staff_member("Moderators", "mod"))
    assert client.get("/admin/").status_code == 200
    return client


def ago(client, came, seen):
    """Set when who is signed in came into the console and was last seen there, in seconds before now."""
    session, now = client.session, time.time()
    session[OURS] = [now - came, now - seen]
    session.save()


@pytest.mark.parametrize(
    ("came", "seen", "open_"),
    [
        (9 * HOUR, 29 * MINUTE, True),
        (9 * HOUR, 31 * MINUTE, False),
        (11 * HOUR, 1 * MINUTE, False),
    ],
)
def test_the_console_closes_after_a_while_without_doing_and_after_a_working_day(staff, came, seen, open_):
    ago(staff, came, seen)
    response = staff.get("/admin/posts/?q=fog")
    assert response.status_code == (200 if open_ else 302)
    if not open_:
        assert response.url == "/accounts/reauthenticate/?next=%2Fadmin%2Fposts%2F%3Fq%3Dfog"
    assert is_in(staff), "the site itself stays open"


def test_who_shows_who_they_are_goes_on_where_they_were(staff):
    ago(staff, 9 * HOUR, 2 * HOUR)
    closed = staff.get("/admin/posts/")
    assert "Show that it is you" in staff.get(closed.url).content.decode()
    back = staff.post(closed.url, {"password": PASSWORD, "next": "/admin/posts/"})
    assert back.url == "/admin/posts/" and staff.get(back.url).status_code == 200


def test_what_is_sent_to_a_closed_console_does_nothing(staff):
    ago(staff, 9 * HOUR, 2 * HOUR)
    assert staff.post("/admin/announcements/").url == "/accounts/reauthenticate/?next=%2Fadmin%2F"


def test_doing_something_keeps_it_open_and_what_an_editor_sends_by_itself_does_not(staff):
    ago(staff, HOUR, 20 * MINUTE)
    staff.post("/admin/editing-sessions/ping/home/homepage/1/1/")
    assert time.time() - staff.session[OURS][1] > 19 * MINUTE
    staff.get("/admin/")
    assert time.time() - staff.session[OURS][1] < 5


def test_a_sign_in_long_ago_opens_no_console(client):
    """The session of a member lasts for weeks; that of the console begins with what was shown last."""
    a_staff_member("Moderators", "mod")
    sign_in(client, "mod")
    session = client.session
    [shown] = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**shown, "at": shown["at"] - 11 * HOUR}]
    session.save()
    assert client.get("/admin/").status_code == 302
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/admin/").status_code == 200


# --- Cookies and passwords --------------------------------------------------------------------------------------------------


def test_cookies_belong_to_this_host_and_https_alone_in_production(tmp_path):
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")
    more = ("SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH")
    ask = f"from django.conf import settings; print(*(getattr(settings, name) for name in {names + more}))"
    said = start(tmp_path, "-c", ask, **SECRETS).stdout.split()
    assert said == ["__Host-sessionid", "__Host-csrftoken", "Lax", "Lax", "True", "None", "None", "/"]


def test_passwords_are_hashed_by_argon2_at_least_as_dear_as_owasp_asks(settings):
    from django.contrib.auth.hashers import get_hasher, make_password

    settings.PASSWORD_HASHERS = [name for name in settings.PASSWORD_HASHERS if "MD5" not in name]
    hasher = get_hasher("default")
    told = hasher.decode(make_password("x"))
    assert told["algorithm"] == "argon2" and told["variety"] == "argon2id"
    assert told["memory_cost"] >= 19 * 1024 and told["time_cost"] >= 2


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short8ch", "too short"),
        ("1029384756657483", "entirely numeric"),
        ("qwertyuiop", "too common"),
        ("ana.duarte.photo", "too similar"),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(rf, password, why):
    form = SignupForm(answers(username="anaduarte-photo", email="ana.duarte.photo@example.org", password1=password))
    assert why in str(form.errors["password1"])


def test_a_password_is_never_looked_up_elsewhere(monkeypatch):
    import socket

    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("asked somebody"))
    assert SignupForm(answers(password1="a rather long phrase, this")).is_valid()


def test_wrong_and_unknown_names_take_a_hash_each(settings, monkeypatch):
    """So that the time an answer takes does not tell which names exist."""
    hashed = []
    monkeypatch.setattr("community.models.User.set_password", lambda self, raw: hashed.append(raw))
    request = RequestFactory().post("/")
    assert authenticate(request, username="nobody", password=PASSWORD) is None
    assert hashed == [PASSWORD]
