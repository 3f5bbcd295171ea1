"""One door: whatever Wagtail offers to sign in by leads to it, and the console is not there for members."""

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.community.joining import sign_in
from tests.factories import PASSWORD, a_member, a_staff_member

pytestmark = pytest.mark.django_db
WRONG = {"username": "ana", "password": "wrong", "login": "ana"}


@pytest.mark.parametrize("path", ["/_util/login/", "/admin/login/"])
def test_wagtails_own_logins_lead_to_ours_and_take_no_password(client, path):
    """They know no rate limit: there somebody could try passwords for ever."""
    a_member("ana")
    assert client.get(path).url == "/accounts/login/"
    response = client.post(path, {"username": "ana", "password": PASSWORD})
    assert response.url == "/accounts/login/" and "_auth_user_id" not in client.session


def test_next_is_passed_on_where_it_is_ours(client):
    assert client.get("/admin/login/?next=/admin/pages/").url == "/accounts/login/?next=%2Fadmin%2Fpages%2F"


@pytest.mark.parametrize("path", ["/_util/login/", "/admin/login/"])
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_to_somewhere_else_is_dropped(client, path, target):
    assert client.get(path, {"next": target}).url == "/accounts/login/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_signing_in_nobody_is_led_away_from_the_site(client, target):
    a_member("ana")
    assert sign_in(client, "ana", next=target).url == "/"


def test_after_signing_in_one_goes_on_to_where_one_wanted(client):
    a_member("ana")
    assert sign_in(client, "ana", next="/settings/").url == "/settings/"


@pytest.mark.parametrize("path", ["/admin/password_reset/", "/admin/password_reset/confirm/MQ/abc-def/"])
def test_wagtails_reset_leads_to_ours(client, path):
    assert client.get(path).url == "/accounts/password/reset/"


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/nothing/", "/admin/api/main/pages/"]
)
def test_anonymous_person_is_led_to_the_sign_in_page(client, path):
    response = client.get(path)
    assert response.status_code == 302 and response.url.startswith("/accounts/login/?next=/admin/")


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/nothing/", "/admin/account/"])
def test_member_finds_nothing_where_the_console_is(client, path):
    client.force_login(a_member())
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("group", ["Administrators", "Moderators", "Curators"])
def test_staff_sign_in_through_the_one_door(client, group):
    a_staff_member(group, "wren")
    assert sign_in(client, "wren", next="/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_staff_sign_out_of_the_console(client):
    client.force_login(a_staff_member("Moderators"))
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_console_has_no_form_for_passwords_and_addresses(client):
    client.force_login(a_staff_member("Moderators"))
    page = client.get("/admin/account/").content.decode()
    assert "old_password" not in page and 'type="email"' not in page


def test_wrong_passwords_run_into_a_limit(client):
    a_member("ana")
    for _ in range(5):
        sign_in(client, "ana", "wrong")
    assert "Too many" in sign_in(client, "ana").content.decode()
    assert "_auth_user_id" not in client.session


@override_settings(ACCOUNT_RATE_LIMITS={"login": "2/m/ip"})
def test_too_many_attempts_get_a_page_of_ours(client):
    for _ in range(3):
        response = client.post(reverse("account_login"), WRONG)
    assert response.status_code == 429 and "Please wait a little" in response.content.decode()
