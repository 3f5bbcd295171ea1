"""Accounts whose address was never confirmed go entirely after some days, and their name is free again."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from community.actions.drop_unverified import drop_unverified_accounts
from community.models import ConsentRecord, TakenName, User
from gallery.models import GalleryPage, MemberAct, MemberPage, MembersPage
from tests.community.joining import join, sign_in
from tests.factories import a_member

pytestmark = pytest.mark.django_db


def later(days):
    return timezone.now() + timedelta(days=days)


def test_every_row_of_it_goes(client):
    join(client)
    assert drop_unverified_accounts(now=later(8)) == 1
    for model in (User, TakenName, ConsentRecord, MemberPage, GalleryPage, MemberAct, EmailAddress):
        assert not model.objects.exists(), model


def test_tree_is_intact_afterwards(client):
    a_member("milo")
    join(client)
    drop_unverified_accounts(now=later(8))
    a_member("june")
    assert not any(MembersPage.find_problems())
    assert MembersPage.objects.get().numchild == 2


def test_its_name_and_address_are_free_again(client):
    join(client)
    drop_unverified_accounts(now=later(8))
    assert join(client).status_code == 302
    assert User.objects.get().username == "ana"


def test_it_stays_while_there_is_time(client):
    join(client)
    assert drop_unverified_accounts(now=later(6)) == 0
    assert User.objects.exists()


def test_verified_account_stays(client):
    a_member()
    assert drop_unverified_accounts(now=later(800)) == 0


def test_command_says_how_many_went(client, capsys):
    join(client)
    User.objects.update(date_joined=later(-8))
    call_command("drop_unverified")
    assert "1 accounts removed" in capsys.readouterr().out


def test_one_who_signed_in_to_get_another_mail_goes_too(client):
    join(client)
    sign_in(client, "ana")
    assert drop_unverified_accounts(now=later(8)) == 1


def test_in_a_wave_of_sign_ups_the_command_need_not_wait_for_days(client, capsys, monkeypatch):
    """However many there are; who joined within the hours that are named has still time to confirm."""
    monkeypatch.setattr("community.actions.drop_unverified.AT_ONCE", 2)
    for number in range(5):
        User.objects.create(username=f"wave{number}", email=f"wave{number}@spam.example", name="")
    User.objects.filter(username__startswith="wave").update(date_joined=timezone.now() - timedelta(hours=4))
    join(client)
    call_command("drop_unverified", "--older-than", "3")
    assert list(User.objects.values_list("username", flat=True)) == ["ana"]
    assert "5 accounts removed." in capsys.readouterr().out
