"""/settings/: the name, the address, what was accepted."""

import pytest
from allauth.account.models import EmailAddress

from community.models import User
from gallery.models import MemberAct, MemberPage
from tests.community.joining import follow_link_in_mail, sign_in
from tests.factories import PASSWORD, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = a_member("ana", name="Ana", email="ana@example.org")
    sign_in(client, "ana")
    return ana


def test_stranger_is_asked_to_sign_in(client):
    assert client.get("/settings/").url == "/accounts/login/?next=/settings/"


def test_name_changes_everywhere_and_the_address_stays(client, ana):
    assert client.post("/settings/", {"name": "  Ana   Duarte "}).url == "/settings/"
    page = MemberPage.objects.get()
    assert User.objects.get().name == page.title == page.draft_title == "Ana Duarte"
    assert page.slug == "ana" and MemberAct.objects.filter(act="member.renamed").exists()


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "a" * 81])
def test_name_of_nothing_or_too_long_is_refused(client, ana, name):
    response = client.post("/settings/", {"name": name})
    assert response.status_code == 200 and response.context["form"].errors
    assert User.objects.get().name == "Ana"


def test_it_lists_what_was_accepted_when(client, ana):
    page = client.get("/settings/").content.decode()
    assert "version 1" in page and "/policy/1/" in page


def change_address(client, address):
    """Ask for it, then give the password once more: the request waits for that and goes on by itself."""
    asked = client.post("/accounts/email/", {"email": address, "action_add": ""})
    assert asked.url.startswith("/accounts/reauthenticate/")
    return client.post(asked.url, {"password": PASSWORD}, follow=True)


def test_new_address_counts_once_it_is_confirmed(client, ana, mailoutbox):
    change_address(client, "new@example.org")
    assert User.objects.get().email == "ana@example.org"
    follow_link_in_mail(client)
    assert User.objects.get().email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
    assert mailoutbox[-1].to == ["ana@example.org"], "the old address is told"


def test_address_of_another_account_is_not_taken_over(client, ana):
    """Even one that was never confirmed there: users have one address, and it is unique."""
    a_member("milo", email="milo@example.org", verified=False)
    change_address(client, "milo@example.org")
    follow_link_in_mail(client)
    assert User.objects.get(username="ana").email == "ana@example.org"


def test_confirming_a_new_address_changes_nothing_about_since_when_they_are_verified(client, ana):
    change_address(client, "new@example.org")
    follow_link_in_mail(client)
    assert User.objects.get().verified_at == ana.verified_at


def test_password_is_changed_with_the_old_one(client, ana):
    new = "another long passphrase"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert User.objects.get().check_password(new)


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/password/change/", "/settings/export/", "/settings/leave/"]
)
def test_pages_are_there_and_kept_by_no_cache(client, ana, path):
    response = client.get(path)
    assert response.status_code == 200
    assert "PixlPix" in response.content.decode()
