"""Staff enter the console with a second factor or a passkey; a password alone is enough where DEBUG waives it."""

import pytest
from allauth.mfa.models import Authenticator

from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db
PAGES = ["/admin/", "/admin/cases/", "/admin/posts/", "/admin/api/main/pages/"]
BANNER = "On this machine a password alone opens the console."


@pytest.fixture(params=["Administrators", "Moderators"])
def staff(request, client):
    staff = a_staff_member(request.param)
    client.force_login(staff)
    return staff


@pytest.fixture
def needed(settings):
    settings.STAFF_TWO_FACTOR = True


@pytest.mark.parametrize("path", PAGES)
def test_without_one_every_page_leads_to_where_it_is_turned_on(client, staff, needed, path):
    assert client.get(path).url == "/accounts/2fa/"


def test_what_is_sent_to_it_does_nothing(client, staff, needed):
    assert client.post("/admin/posts/abcdefghjk/take-down/", {"reason": "A reason."}).url == "/accounts/2fa/"


def test_they_are_told_why(client, staff, needed):
    page = client.get("/admin/", follow=True).content.decode()
    assert "The console is open to you once you have turned two-factor sign-in on." in page


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_with_an_app_or_a_passkey_they_enter(client, staff, needed, kind):
    Authenticator.objects.create(user=staff, type=kind, data={})
    page = client.get("/admin/")
    assert page.status_code == 200 and BANNER not in page.content.decode()


def test_recovery_codes_alone_are_none(client, staff, needed):
    Authenticator.objects.create(user=staff, type="recovery_codes", data={})
    assert client.get("/admin/").status_code == 302


def test_where_it_is_turned_off_again_the_console_closes(client, staff, needed):
    Authenticator.objects.create(user=staff, type="totp", data={}).delete()
    assert client.get("/admin/").status_code == 302


def test_members_learn_nothing_of_the_console_by_it(client, needed):
    client.force_login(a_member())
    assert client.get("/admin/").status_code == 404


def test_waived_a_banner_says_so(client, staff, settings):
    settings.STAFF_TWO_FACTOR = False
    assert BANNER in client.get("/admin/").content.decode()
