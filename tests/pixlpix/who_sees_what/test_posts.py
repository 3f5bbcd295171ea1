"""A post at its own addresses: who reaches it, and who may do something with it."""

import pytest

from .table import ACTS_ON_A_POST, OF_A_POST, OF_ITS_AUTHOR
from .walking import address_of, tell, wrong_answer, wrong_at_posts, wrong_in_acts
from .world import GONE, HIDDEN, OTHERS, PEOPLE, SHOWN, STATES

pytestmark = pytest.mark.django_db
# What is hidden: nobody reaches more of it than one of these.
CELLS = [(state, who) for state in SHOWN for who in PEOPLE] + [(state, who) for state in HIDDEN for who in "VFAT"]
ACTED = [(state, who) for state in SHOWN for who in PEOPLE] + [(state, who) for state in HIDDEN for who in "FAT"]
OTHERS_CELLS = [(state, who) for state in (*SHOWN, "suspended", "left") for who in OTHERS]


def test_a_post_is_seen_at_its_addresses_by_whom_the_table_says(world):
    assert tell(wrong_at_posts(world, OF_A_POST, CELLS)) == []


def test_who_is_suspended_sees_nothing_who_left_is_a_visitor_and_who_is_muted_notices_nothing(world):
    wrong = wrong_at_posts(world, OF_A_POST, OTHERS_CELLS)
    wrong += wrong_in_acts(
        world, ACTS_ON_A_POST, [("public", "Q"), ("public", "X"), ("public", "L"), ("suspended", "X")]
    )
    assert tell(wrong) == []


def test_what_was_removed_says_so_to_whoever_does_not_see_it(world):
    for state, post in world.posts.items():
        told = {who for who in "VFAT" if world.clients[who].get(post.address()).status_code == 410}
        removed = "VFA" if state == "left" else "VF"
        assert told == (set(removed) if state in GONE else set()), state


def test_what_its_author_does_with_a_post_is_nobody_elses(world):
    wrong = []
    for name in OF_ITS_AUTHOR:
        for state in STATES:
            post = world.posts[state]
            url = address_of(name, post.short_id, world.photo(post).key)
            for who in "FT":
                if what := wrong_answer(world.clients[who], url, state, False, world.mark(state)):
                    wrong.append((name, state, who, what))
    assert tell(wrong) == []


def test_who_does_something_with_a_post_or_a_comment_must_see_the_post(world):
    assert tell(wrong_in_acts(world, ACTS_ON_A_POST, ACTED)) == []
