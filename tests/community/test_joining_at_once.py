"""Two people join with one name at the same moment."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from community.actions.create_account import create_account
from community.models import ConsentRecord, PolicyVersion, TakenName, User
from gallery.models import MemberPage, MembersPage
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres  # SQLite lets one write at a time
def test_one_of_two_wins_the_name_and_the_other_leaves_nothing():
    policy, together, outcomes = PolicyVersion.objects.current(), threading.Barrier(4), []

    def one_of_them(number):
        try:
            together.wait(10)
            create_account(
                username="ana",
                email=f"ana{number}@example.org",
                name="Ana",
                password=PASSWORD,
                policy=policy,
                confirmed_age=16,
            )
            outcomes.append("joined")
        except ValidationError as refusal:
            outcomes.append(sorted(refusal.message_dict))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one_of_them, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes, key=str) == [["username"]] * 3 + ["joined"]
    assert [model.objects.count() for model in (User, TakenName, ConsentRecord, MemberPage)] == [1, 1, 1, 1]
    assert MembersPage.objects.get().numchild == 1
    assert not any(MembersPage.find_problems())


def test_account_that_fails_half_way_leaves_nothing(monkeypatch):
    def fail(user):
        raise RuntimeError("killed")

    monkeypatch.setattr("community.actions.create_account.add_pages", fail)
    with pytest.raises(RuntimeError):
        create_account(
            username="ana",
            email="ana@example.org",
            name="Ana",
            password=PASSWORD,
            policy=PolicyVersion.objects.current(),
            confirmed_age=16,
        )
    assert [model.objects.count() for model in (User, TakenName, ConsentRecord, MemberPage)] == [0, 0, 0, 0]


def test_password_is_hashed_and_no_mail_is_sent_while_the_members_page_is_locked(monkeypatch):
    """Sign-up locks the members page from the insert into the tree to the commit: nothing slow may stand in between."""
    order = []
    from community.actions import create_account as module

    add_pages, set_password = module.add_pages, User.set_password
    monkeypatch.setattr(User, "set_password", lambda user, raw: (order.append("hashed"), set_password(user, raw)))
    monkeypatch.setattr(module, "add_pages", lambda user: (order.append("tree"), add_pages(user)))
    module.create_account(
        username="ana",
        email="ana@example.org",
        name="Ana",
        password=PASSWORD,
        policy=PolicyVersion.objects.current(),
        confirmed_age=16,
    )
    assert order == ["hashed", "tree"]
