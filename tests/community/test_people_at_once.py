"""People who follow, unfollow and block each other at the same moment: numbers stay what the rows say, nobody is stuck."""

import pytest

from community.actions.block import block, unblock
from community.actions.follow import follow, unfollow
from community.models import Block, Follow
from tests.factories import a_member
from tests.people_world import numbers, rows
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]  # SQLite lets one write at a time


def test_numbers_are_right_after_people_follow_and_unfollow_each_other_at_once():
    people = [a_member() for _ in range(4)]

    def busy(me):
        def work():
            for turn in range(6):
                for other in people:
                    if other.pk != me.pk:
                        (follow if turn % 3 < 2 else unfollow)(me, other)
            follow(me, people[0 if me.pk != people[0].pk else 1])

        return work

    # Each twice, so that the same two rows are wanted by two at a time as well.
    assert at_once(*map(busy, people), *map(busy, people)) == [None] * 8
    assert [numbers(person) for person in people] == [rows(person) for person in people]
    assert Follow.objects.exists()


def test_who_blocks_while_the_other_follows_is_not_followed():
    for _round in range(5):
        ana, milo = a_member(), a_member()
        errors = at_once(lambda a=ana, m=milo: block(a, m), lambda a=ana, m=milo: follow(m, a))
        assert errors[0] is None
        assert not Follow.objects.filter(follower=milo).exists()
        assert (numbers(ana), numbers(milo)) == ((0, 0), (0, 0))
    assert Block.objects.count() == 5


def test_two_who_block_each_other_at_once_wait_and_do_not_cross():
    ana, milo = a_member(), a_member()
    follow(ana, milo), follow(milo, ana)
    assert at_once(lambda: block(ana, milo), lambda: block(milo, ana)) == [None, None]
    assert Block.objects.count() == 2 and numbers(ana) == numbers(milo) == (0, 0)
    assert at_once(lambda: unblock(ana, milo), lambda: unblock(milo, ana)) == [None, None]
