"""The sweeper finds members whose task was lost, and accounts that were never confirmed."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from community.actions import leave as leaving
from community.actions.leave import leave
from community.models import User
from community.sweep import members_out_of_step, sweep_people
from gallery.states import HiddenBy
from tests.community.joining import join
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_of_one_whose_task_was_lost(monkeypatch):
    post = a_post(a_member("ana"))
    with monkeypatch.context() as patch:
        patch.setattr(leaving, "bring_posts_in_step", lambda user, most: 0)
        patch.setattr(leaving, "follow_member", SimpleNamespace(enqueue=lambda user_id: None))
        leave(post.author)
    return post


def minutes_later(minutes):
    User.objects.update(standing_since=timezone.now() - timedelta(minutes=minutes))


def test_lost_task_is_queued_again(post_of_one_whose_task_was_lost):
    minutes_later(5)
    assert sweep_people()["members_followed"] == 1
    post = type(post_of_one_whose_task_was_lost).objects.get()
    assert post.hidden_by == HiddenBy.AUTHOR_LEFT and not post.live
    assert sweep_people()["members_followed"] == 0


def test_task_that_is_not_due_yet_is_left_alone(post_of_one_whose_task_was_lost):
    minutes_later(1)
    assert sweep_people()["members_followed"] == 0


def test_members_in_step_are_not_looked_at_again():
    ana = a_member("ana")
    a_post(ana)
    leave(ana)
    a_post(a_member("milo"))
    minutes_later(5)
    assert not members_out_of_step().exists()


def test_accounts_never_confirmed_go(client):
    join(client)
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    assert sweep_people()["accounts_dropped"] == 1
    assert not User.objects.exists()


def test_step_that_fails_hinders_no_other(monkeypatch, post_of_one_whose_task_was_lost):
    def fail():
        raise RuntimeError("out of memory")

    monkeypatch.setattr("community.sweep.drop_unverified_accounts", fail)
    minutes_later(5)
    done = sweep_people()
    assert (done["accounts_dropped"], done["members_followed"]) == (0, 1)
