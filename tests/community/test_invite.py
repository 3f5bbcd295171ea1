"""Staff are invited, and join like everybody: no account without consent, no superuser."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.actions.invite import invite
from community.models import ConsentRecord, Invitation, User
from tests.community.joining import follow_link_in_mail, join, link_in_mail
from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db


def path_of(link):
    return "/" + link.split("/", 3)[3]


@pytest.fixture
def link():
    return path_of(invite("ana@example.org", "Administrators", by=None)[1])


def groups_of(user):
    return list(Group.objects.filter(user=user).values_list("name", flat=True))


def test_command_prints_the_link_and_mails_it(capsys, mailoutbox):
    call_command("invite_administrator", "Ana@example.org")
    [line] = [line for line in capsys.readouterr().out.splitlines() if "/accounts/invitation/" in line]
    assert line in mailoutbox[0].body and mailoutbox[0].to == ["ana@example.org"]
    assert link_in_mail() == path_of(line)


def test_command_refuses_what_is_no_address():
    with pytest.raises(CommandError):
        call_command("invite_administrator", "ana")


def test_mail_server_that_is_down_leaves_the_printed_link(capsys, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError("connection refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    call_command("invite_administrator", "ana@example.org")
    output = capsys.readouterr()
    assert "/accounts/invitation/" in output.out and "pass the link on yourself" in output.err


def test_invited_person_joins_with_consent_and_lands_in_the_group(client, link):
    response = client.get(link, follow=True)
    assert "You are invited" in response.content.decode() and "ana@example.org" in response.content.decode()
    join(client)
    user = User.objects.get()
    assert groups_of(user) == ["Administrators"] and ConsentRecord.objects.filter(user=user).exists()
    assert not user.is_superuser
    follow_link_in_mail(client)
    assert client.get("/accounts/login/?next=/settings/").status_code == 302


def test_invited_person_is_no_staff_without_accepting(client, link):
    client.get(link)
    join(client, accept_policy=None)
    assert not User.objects.exists() and Invitation.objects.open().exists()


def test_invited_person_cannot_enter_before_the_address_is_confirmed(client, link):
    client.get(link)
    join(client)
    assert client.get("/admin/").url.startswith("/accounts/login/")


def test_another_address_does_not_take_it_up(client, link):
    client.get(link)
    assert "email" in join(client, email="milo@example.org").context["form"].errors
    assert not User.objects.exists()


def test_link_works_once(client, link):
    client.get(link)
    join(client)
    response = Client().get(link)
    assert response.status_code == 404 and "used before" in response.content.decode()


def test_link_expires(client, link):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(link).status_code == 404


def test_invented_link_is_nothing(client, link):
    assert client.get("/accounts/invitation/abc/").status_code == 404


def test_database_does_not_hold_the_token(link):
    assert link.strip("/").rsplit("/", 1)[1] not in str(Invitation.objects.values().get())


def test_new_invitation_ends_the_one_before(client, link):
    invite("ana@example.org", "Administrators", by=None)
    assert client.get(link).status_code == 404
    assert Invitation.objects.open().count() == 1


def test_member_takes_it_up_by_pressing_a_button(client, link):
    ana = a_member("ana", email="ana@example.org")
    client.force_login(ana)
    assert client.get(link).status_code == 200 and not groups_of(ana)
    assert client.post(link).url == "/admin/" and groups_of(ana) == ["Administrators"]


def test_member_with_another_address_does_not(client, link):
    milo = a_member("milo")
    client.force_login(milo)
    assert "another address" in client.post(link).content.decode()
    assert not groups_of(milo)


def test_member_who_is_not_signed_in_is_asked_to(client, link):
    a_member("ana", email="ana@example.org")
    assert client.get(link).url.startswith("/accounts/login/?next=/accounts/invitation/")


def test_only_administrators_invite():
    with pytest.raises(PermissionDenied):
        invite("ana@example.org", "Moderators", by=a_staff_member("Moderators"))
    invite("ana@example.org", "Moderators", by=a_staff_member("Administrators"))
    assert ModelLogEntry.objects.filter(action="pixlpix.invite").count() == 1


def test_unknown_group_is_refused():
    with pytest.raises(ValidationError):
        invite("ana@example.org", "Kings", by=None)


def test_there_are_no_superusers():
    with pytest.raises(CommandError, match="invite_administrator"):
        call_command("createsuperuser", "--noinput", username="root", email="root@example.org")
    assert not User.objects.exists()
