"""Administrators invite staff in the console."""

import pytest
from django.core.mail.backends import locmem

from community.models import Invitation
from tests.factories import a_staff_member
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db
URL = "/admin/invitations/"
NEW = {"email": "New@example.org", "group": "Curators"}


@pytest.fixture
def adm():
    return signed_in(a_staff_member("Administrators", "adm"))


def test_an_administrator_invites_by_address_and_group_and_sees_who_has_not_come(adm, mailoutbox):
    page = adm.post(URL, NEW, follow=True).content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.group.name, invitation.invited_by.username) == (
        "new@example.org", "Curators", "adm",
    )  # fmt: skip
    assert mailoutbox[0].to == ["new@example.org"] and "/accounts/invitation/" in mailoutbox[0].body
    assert "on its way" in page and '<td class="title">new@example.org</td>' in page
    assert "/accounts/invitation/" not in page


def test_what_is_no_address_or_no_group_is_said_in_the_form(adm):
    for wrong in ({"email": "nobody"}, {"group": "Superusers"}):
        assert "error-message" in adm.post(URL, {**NEW, **wrong}).content.decode()
    assert not Invitation.objects.exists()


def test_a_mail_server_that_takes_nothing_is_said(adm, monkeypatch):
    def refuse(self, messages):
        raise OSError("down")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    assert "could not be sent" in adm.post(URL, NEW, follow=True).content.decode()


@pytest.mark.parametrize("group", ["Moderators", "Curators"])
def test_nobody_else_invites_or_sees_the_way_there(group):
    staff = signed_in(a_staff_member(group))
    for answer in (staff.get(URL), staff.post(URL, NEW)):
        assert answer.status_code == 302 and answer["Location"] == "/admin/"
    assert not Invitation.objects.exists()
    assert URL not in staff.get("/admin/").content.decode()
