"""A draft is published by itself when its time comes; whatever keeps it from that, its author sees."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.actions.suspend_member import lift_suspension, suspend_member
from gallery.actions.discard_draft import discard_draft
from gallery.actions.publish_draft import publish_draft
from gallery.actions.publish_due import publish_due
from gallery.actions.schedule_post import schedule_post
from gallery.actions.unschedule_post import unschedule_post
from gallery.models import Photo, PostPage
from gallery.states import AuthorState, ProcessingState
from gallery.sweep import sweep
from tests import factories as f

pytestmark = pytest.mark.django_db


def soon():
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def draft():
    return f.a_draft(f.a_member("ana"), caption="Later")


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def a_due_post(draft):
    schedule_post(draft, by=draft.author, at=soon())
    PostPage.objects.filter(pk=draft.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))
    return fresh(draft)


def test_it_is_published_when_its_time_comes_and_not_before(draft):
    schedule_post(draft, by=draft.author, at=soon())
    assert publish_due() == 0
    assert fresh(draft).is_scheduled
    a_due_post(draft)
    assert sweep()["scheduled_posts_published"] == 1
    post = fresh(draft)
    assert post.is_visible
    assert post.scheduled_for is None
    assert timezone.now() - post.published_at < timedelta(minutes=1)
    assert publish_due() == 0


@pytest.mark.parametrize("away", [-timedelta(minutes=1), timedelta(days=400), None])
def test_a_time_that_is_none_to_come_is_refused(draft, away):
    with pytest.raises(ValidationError):
        schedule_post(draft, by=draft.author, at=away and timezone.now() + away)
    assert fresh(draft).author_state == AuthorState.DRAFT


def test_what_could_not_be_published_cannot_be_scheduled():
    empty = f.a_draft(photos=0)
    with pytest.raises(ValidationError):
        schedule_post(empty, by=empty.author, at=soon())


def test_nobody_else_schedules_it(draft):
    for act in (lambda by: schedule_post(draft, by=by, at=soon()), lambda by: unschedule_post(draft, by=by)):
        with pytest.raises(PermissionDenied):
            act(f.a_member())


def test_its_time_is_changed_and_taken_back(draft):
    schedule_post(draft, by=draft.author, at=soon())
    later = soon() + timedelta(days=2)
    assert schedule_post(draft, by=draft.author, at=later).scheduled_for == later
    unscheduled = unschedule_post(a_due_post(draft), by=draft.author)
    assert (unscheduled.author_state, unscheduled.scheduled_for) == (AuthorState.DRAFT, None)
    assert publish_due() == 0


def test_it_can_be_published_or_discarded_before_its_time(draft):
    schedule_post(draft, by=draft.author, at=soon())
    other = f.a_draft(draft.author)
    schedule_post(other, by=other.author, at=soon())
    [post] = publish_draft(draft, by=draft.author)
    assert post.is_visible
    discard_draft(other, by=other.author)
    assert fresh(other).author_state == AuthorState.WITHDRAWN
    with pytest.raises(PermissionDenied):
        unschedule_post(post, by=post.author)


def test_one_whose_photo_failed_stays_and_its_author_sees_why(draft, client):
    post = a_due_post(draft)
    Photo.objects.filter(post=post).update(state=ProcessingState.FAILED, failure="The file breaks off.")
    other = a_due_post(f.a_draft(draft.author))
    assert publish_due() == 1
    assert fresh(other).is_visible
    assert fresh(post).is_scheduled
    client.force_login(post.author)
    assert "It could not be published when its time came" in client.get(post.address()).content.decode()


def test_one_of_a_suspended_member_waits_for_them(draft):
    moderator = f.a_staff_member("Moderators")
    post = a_due_post(draft)
    suspend_member(post.author, by=moderator, reason="No")
    assert publish_due() == 0
    lift_suspension(post.author, by=moderator)
    assert publish_due() == 1
    assert fresh(post).is_visible
