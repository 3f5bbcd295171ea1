"""Likes told at the same moment, on a database that lets transactions run at once: one notification, and a right one."""

import pytest

from community.bell import mark_read, notifications_of
from community.models import Notification
from community.telling import in_words
from tests.bell_world import likes, unlikes
from tests.factories import a_member, a_post, an_original
from tests.racing import at_once

pytestmark = [
    pytest.mark.postgres,  # SQLite lets one write at a time
    pytest.mark.django_db(transaction=True),
]


def test_likes_at_once_are_one_notification_with_the_newest_in_front():
    ana, people = a_member("ana"), [a_member() for _ in range(6)]
    post = a_post(ana, original=an_original())
    assert at_once(*[lambda p=person: likes(p, post) for person in people]) == [None] * 6
    row = Notification.objects.get()
    newest = post.likes.order_by("-created_at").first()
    assert (row.actor, row.created_at) == (newest.user, newest.created_at)
    assert row.since == post.likes.order_by("created_at").first().created_at
    assert in_words(notifications_of(ana).items[0]).endswith("and 5 others like your post.")


def test_likes_unlikes_and_reading_at_once_never_fail_nor_leave_what_nobody_did():
    ana, people = a_member("ana"), [a_member() for _ in range(3)]
    post = a_post(ana, original=an_original())
    for _ in range(5):
        works = [lambda p=person: (likes(p, post), unlikes(p, post)) for person in people]
        assert at_once(*works, lambda: mark_read(ana)) == [None] * 4
        assert list(notifications_of(ana)) == []
    likes(people[0], post)
    mark_read(ana)
    likes(people[1], post)
    assert [len(row.people) for row in notifications_of(ana)] == [1, 1]
