"""What each act makes of a post, in every pair of states: the author's side and the team's never touch the other's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from community.visibility import posts_for
from gallery.actions.edit_post import edit_post
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.hiding import hide
from gallery.models import PostPage
from gallery.states import AuthorState, TeamState
from tests import factories as f
from tests.traces import public_files

pytestmark = pytest.mark.django_db

PUBLISHED, WITHDRAWN = AuthorState.PUBLISHED, AuthorState.WITHDRAWN
NONE, HELD, TAKEN_DOWN, ERASED = TeamState.NONE, TeamState.HELD, TeamState.TAKEN_DOWN, TeamState.ERASED
REFUSED = "refused"


@pytest.fixture
def moderator():
    return f.a_staff_member("Moderators")


def a_post_in(author_state, team_state, moderator):
    """A post that came into these states as a site would bring it there."""
    post = f.a_post()
    if team_state in (TAKEN_DOWN, ERASED):
        take_down_post(post, by=moderator, reason="Not theirs")
    if team_state in (HELD, ERASED):

        def change(locked):
            locked.team_state = team_state

        hide(post, change, act="post.held")
    if author_state == WITHDRAWN:
        withdraw_post(post, by=post.author)
    return PostPage.objects.select_related("author").get(pk=post.pk)


ACTS = {
    "withdraw": lambda post, moderator: withdraw_post(post, by=post.author),
    "undo": lambda post, moderator: undo_withdrawal(post, by=post.author),
    "take down": lambda post, moderator: take_down_post(post, by=moderator, reason="Not theirs"),
    "restore": lambda post, moderator: restore_post(post, by=moderator),
    "edit": lambda post, moderator: edit_post(post, by=post.author, caption="Other words"),
}

# act, author's state, team's state → both afterwards, or refused
TABLE = [
    ("withdraw", PUBLISHED, NONE, (WITHDRAWN, NONE)),
    ("withdraw", PUBLISHED, HELD, (WITHDRAWN, HELD)),
    ("withdraw", PUBLISHED, TAKEN_DOWN, (WITHDRAWN, TAKEN_DOWN)),
    ("withdraw", PUBLISHED, ERASED, (WITHDRAWN, ERASED)),
    ("withdraw", WITHDRAWN, NONE, REFUSED),
    ("withdraw", WITHDRAWN, TAKEN_DOWN, REFUSED),
    ("undo", PUBLISHED, NONE, REFUSED),
    ("undo", PUBLISHED, TAKEN_DOWN, REFUSED),
    ("undo", WITHDRAWN, NONE, (PUBLISHED, NONE)),
    ("undo", WITHDRAWN, HELD, (PUBLISHED, HELD)),
    ("undo", WITHDRAWN, TAKEN_DOWN, (PUBLISHED, TAKEN_DOWN)),
    ("undo", WITHDRAWN, ERASED, REFUSED),
    ("take down", PUBLISHED, NONE, (PUBLISHED, TAKEN_DOWN)),
    ("take down", PUBLISHED, HELD, (PUBLISHED, TAKEN_DOWN)),
    ("take down", PUBLISHED, TAKEN_DOWN, (PUBLISHED, TAKEN_DOWN)),
    ("take down", PUBLISHED, ERASED, REFUSED),
    ("take down", WITHDRAWN, NONE, (WITHDRAWN, TAKEN_DOWN)),
    ("take down", WITHDRAWN, TAKEN_DOWN, (WITHDRAWN, TAKEN_DOWN)),
    ("restore", PUBLISHED, NONE, REFUSED),
    ("restore", PUBLISHED, HELD, (PUBLISHED, NONE)),
    ("restore", PUBLISHED, TAKEN_DOWN, (PUBLISHED, NONE)),
    ("restore", PUBLISHED, ERASED, REFUSED),
    ("restore", WITHDRAWN, NONE, REFUSED),
    ("restore", WITHDRAWN, TAKEN_DOWN, (WITHDRAWN, NONE)),
    ("restore", WITHDRAWN, ERASED, REFUSED),
    ("edit", PUBLISHED, NONE, (PUBLISHED, NONE)),
    ("edit", PUBLISHED, HELD, REFUSED),
    ("edit", PUBLISHED, TAKEN_DOWN, REFUSED),
    ("edit", WITHDRAWN, NONE, REFUSED),
]


@pytest.mark.parametrize(("act", "author_state", "team_state", "expected"), TABLE)
def test_what_each_act_makes_of_each_state(act, author_state, team_state, expected, moderator):
    post = a_post_in(author_state, team_state, moderator)
    if expected == REFUSED:
        with pytest.raises(PermissionDenied):
            ACTS[act](post, moderator)
        expected = (author_state, team_state)
    else:
        ACTS[act](post, moderator)
    post.refresh_from_db()
    assert (post.author_state, post.team_state) == expected
    # And nothing is in reach but what both sides let be seen.
    in_reach = expected == (PUBLISHED, NONE)
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists() == in_reach
    assert post.live == in_reach
    assert bool(public_files()) == in_reach


def test_staffs_restore_never_republishes_what_its_author_deleted(moderator):
    post = a_post_in(WITHDRAWN, TAKEN_DOWN, moderator)
    restore_post(post, by=moderator)
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


def test_an_authors_undo_never_brings_back_what_staff_took_down(moderator):
    post = a_post_in(WITHDRAWN, TAKEN_DOWN, moderator)
    undo_withdrawal(post, by=post.author)
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


def test_when_both_have_taken_back_what_they_did_it_is_visible_again(moderator):
    post = a_post_in(WITHDRAWN, TAKEN_DOWN, moderator)
    undo_withdrawal(post, by=post.author)
    restore_post(post, by=moderator)
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()
    assert public_files()


@pytest.mark.parametrize("act", ["withdraw", "undo", "edit"])
def test_the_authors_acts_are_refused_to_others(act, moderator):
    post = f.a_post()
    if act == "undo":
        withdraw_post(post, by=post.author)
    other = f.a_member()
    acts = {"withdraw": withdraw_post, "undo": undo_withdrawal, "edit": edit_post}
    for somebody in (other, moderator, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            acts[act](post, by=somebody)


@pytest.mark.parametrize("group", [None, "Curators"])
def test_only_moderators_and_administrators_take_down_and_restore(group, moderator):
    somebody = f.a_staff_member(group) if group else f.a_member()
    post, down = f.a_post(), f.a_post()
    take_down_post(down, by=moderator, reason="Not theirs")
    with pytest.raises(PermissionDenied):
        take_down_post(post, by=somebody, reason="I do not like it")
    with pytest.raises(PermissionDenied):
        restore_post(down, by=somebody)
