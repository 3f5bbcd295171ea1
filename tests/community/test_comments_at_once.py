"""Comments and likes of comments by many at once: every number is right, and nobody waits for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.forget_comments import forget_comments
from community.actions.like_comment import like_comment, unlike_comment
from community.actions.remove_comment import remove_comment
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.models import Comment, CommentLike, PostCounts
from gallery.actions.withdraw_post import withdraw_post
from tests.factories import a_member, a_post, a_staff_member
from tests.racing import at_once

pytestmark = [
    pytest.mark.postgres,  # SQLite lets one write at a time
    pytest.mark.django_db(transaction=True),
]


def numbers(post, comment):
    """(comments counted, replies counted, likes counted) as the tables say, and as the rows say."""
    comment.refresh_from_db()
    counted = PostCounts.objects.get(post=post).comments, comment.replies, comment.likes
    rows = (
        Comment.objects.filter(post=post, removed_by="").count(),
        comment.answers.filter(removed_by="").count(),
        CommentLike.objects.filter(comment=comment).count(),
    )
    return counted, rows


def test_replies_removals_and_likes_at_once():
    post, people = a_post(), [a_member() for _ in range(5)]
    top = add_comment(post, "Top", by=people[0])

    def busy(member):
        for turn in range(4):
            reply = add_comment(post, f"Turn {turn}", by=member, reply_to=top)
            like_comment(top, by=member)
            if turn % 2:
                remove_comment(reply, by=member)
                unlike_comment(top, by=member)

    def work(member):
        return lambda: busy(member)

    assert at_once(*map(work, people)) == [None] * 5
    counted, rows = numbers(post, top)
    assert counted == rows == (11, 10, 0)


def test_the_same_comment_is_removed_once_and_liked_once():
    post, fan = a_post(), a_member()
    top = add_comment(post, "Top", by=fan)
    reply = add_comment(post, "Reply", by=fan, reply_to=top)
    assert at_once(*[lambda: like_comment(top, by=post.author)] * 4) == [None] * 4
    assert (
        at_once(*[lambda: remove_comment(reply, by=fan), lambda: remove_comment(reply, by=post.author)] * 2)
        == [None] * 4
    )
    counted, rows = numbers(post, top)
    assert counted == rows == (1, 0, 1)


def test_a_comment_that_is_taken_down_and_removed_at_once_is_counted_out_once():
    post, fan = a_post(), a_member()
    top = add_comment(post, "Top", by=fan)
    reply = add_comment(post, "Reply", by=fan, reply_to=top)
    works = [lambda: take_down_comment(reply, by=None, reason="Insults"), lambda: remove_comment(reply, by=fan)]
    assert at_once(*works * 2) == [None] * 4
    top.refresh_from_db()
    assert (PostCounts.objects.get(post=post).comments, top.replies) == (1, 0)


def test_what_is_restored_while_it_is_forgotten_stands_with_its_words_or_not_at_all():
    post, fan, moderator = a_post(), a_member(), a_staff_member("Moderators")
    for _ in range(5):
        comment = take_down_comment(add_comment(post, "Words", by=fan), by=None, reason="Insults")
        Comment.objects.filter(pk=comment.pk).update(removed_at=timezone.now() - timedelta(days=91))
        errors = at_once(forget_comments, lambda c=comment: restore_comment(c, by=moderator))
        assert errors[0] is None
        comment.refresh_from_db()
        assert comment.is_standing == (comment.text == "Words") == (errors[1] is None)


def test_a_post_that_goes_meanwhile_takes_no_further_comment():
    for _ in range(5):
        post, fan = a_post(), a_member()
        errors = at_once(lambda p=post: withdraw_post(p, by=p.author), lambda p=post, f=fan: add_comment(p, "Hi", by=f))
        assert errors[0] is None
        assert (errors[1] is None) == Comment.objects.filter(post=post).exists()
