"""What was removed or taken down is kept for the team for 90 days, and forgotten then."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.like_comment import like_comment
from community.actions.remove_comment import remove_comment
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.models import Comment, CommentLike, Mention
from community.sweep import sweep_people
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db

WAYS = {
    "its author": lambda comment: remove_comment(comment, by=comment.author),
    "the post's author": lambda comment: remove_comment(comment, by=comment.post.author),
    "the team": lambda comment: take_down_comment(comment, by=None, reason="Insults"),
}


@pytest.fixture
def post():
    return a_post()


def long_ago(comment, days):
    """`comment`, which was removed just now, as if that had been so many days ago."""
    Comment.objects.filter(pk=comment.pk).update(removed_at=F("removed_at") - timedelta(days=days))
    return comment


def gone(post, days, way="its author"):
    """A liked comment that mentions somebody and was removed that many days ago."""
    comment = add_comment(post, f"Words for @{a_member().username}", by=a_member())
    like_comment(comment, by=post.author)
    WAYS[way](comment)
    return long_ago(comment, days)


def texts():
    return dict(Comment.objects.values_list("key", "text"))


@pytest.mark.parametrize("way", WAYS)
def test_the_sweeper_forgets_the_words_of_what_was_removed_90_days_ago_by_anybody(post, way):
    old, new, standing = gone(post, 91, way), gone(post, 89, way), add_comment(post, "Stays", by=post.author)
    assert sweep_people()["comments_forgotten"] == 1
    assert sweep_people()["comments_forgotten"] == 0
    assert texts() == {old.key: "", new.key: new.text, standing.key: "Stays"}
    assert set(CommentLike.objects.values_list("comment__key", flat=True)) == {new.key}
    assert not Mention.objects.filter(comment=old).exists()


def test_the_days_run_from_when_it_was_first_gone_whoever_came_second(post):
    removed, taken_down = gone(post, 91), gone(post, 91, "the team")
    WAYS["the team"](removed)
    WAYS["its author"](taken_down)
    sweep_people()
    assert set(texts().values()) == {""}


def test_what_was_restored_keeps_its_words_and_begins_anew_when_it_is_taken_down_again(post):
    comment = gone(post, 80, "the team")
    comment = restore_comment(comment, by=a_staff_member("Moderators"))
    # As if that had stayed: what stands is never forgotten.
    Comment.objects.update(removed_at=timezone.now() - timedelta(days=91))
    sweep_people()
    Comment.objects.update(removed_at=None)
    take_down_comment(comment, by=None, reason="Again")
    sweep_people()
    assert texts() == {comment.key: comment.text}
