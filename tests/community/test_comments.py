"""Comments: writing, replying, changing, removing, liking; whom they tell, and what they count."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.edit_comment import edit_comment
from community.actions.like_comment import like_comment, unlike_comment
from community.actions.remove_comment import remove_comment
from community.models import Block, Comment, Follow, Mention, Notification, PostCounts
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.models.acts import MemberAct
from gallery.states import Visibility
from tests.factories import a_member, a_post
from tests.traces import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def milo():
    return a_member("milo")


@pytest.fixture
def post(ana):
    return a_post(ana)


def told(member):
    """What `member` was told: [(kind, by whom)]."""
    rows = Notification.objects.filter(recipient=member).order_by("pk")
    return list(rows.values_list("kind", "actor__username"))


def comments_counted(post):
    return PostCounts.objects.filter(post=post).values_list("comments", flat=True).first() or 0


def for_followers(post):
    PostPage.objects.filter(pk=post.pk).update(visibility=Visibility.FOLLOWERS, effective_visibility="followers")


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_a_comment_is_kept_clean_counted_written_down_and_told_to_the_posts_author(post, ana, milo):
    comment = add_comment(post, " Lovely\x00 haze.\r\nTruly. ", by=milo)
    assert comment.text == "Lovely haze.\nTruly."
    assert comments_counted(post) == 1
    assert told(ana) == [("comment", "milo")]
    assert MemberAct.objects.get(act="comment.added").details == {"comment": comment.key}


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u2060", "a" * 2001])
def test_a_comment_says_something_in_at_most_2000_characters(post, milo, text):
    with pytest.raises(ValidationError) as refusal:
        add_comment(post, text, by=milo)
    assert "text" in refusal.value.message_dict
    assert not Comment.objects.exists()


def test_an_emoji_or_2000_characters_are_a_comment(post, milo):
    add_comment(post, "🌄", by=milo)
    add_comment(post, "ö" * 2000, by=milo)
    assert comments_counted(post) == 2


def test_a_reply_to_a_reply_joins_the_comment_on_top(post, ana, milo):
    top = add_comment(post, "One", by=milo)
    reply = add_comment(post, "Two", by=ana, reply_to=top)
    further = add_comment(post, "Three", by=milo, reply_to=reply)
    assert (reply.parent, further.parent) == (top, top)
    top.refresh_from_db()
    assert (top.replies, comments_counted(post)) == (2, 3)
    assert told(milo) == [("reply", "ana")]
    assert told(ana) == [("comment", "milo"), ("reply", "milo")]


@pytest.mark.parametrize("why", ["comments off", "unverified", "blocked", "withdrawn", "for followers"])
def test_nobody_comments_where_they_may_not(post, ana, milo, why):
    if why == "comments off":
        PostPage.objects.filter(pk=post.pk).update(comments_off=True)
    elif why == "unverified":
        milo = a_member("nils", verified=False)
    elif why == "blocked":
        Block.objects.create(blocker=ana, blocked=milo)
    elif why == "withdrawn":
        withdraw_post(post, by=ana)
    else:
        for_followers(post)
    with pytest.raises(PermissionDenied):
        add_comment(post, "Hello", by=milo)
    assert not Comment.objects.exists()


def test_a_follower_comments_on_what_is_for_followers(post, ana, milo):
    for_followers(post)
    Follow.objects.create(follower=milo, followed=ana, accepted_at=timezone.now())
    add_comment(post, "Hello", by=milo)
    assert comments_counted(post) == 1


@pytest.mark.parametrize("blocker", ["sol", "milo"])
def test_nobody_replies_across_a_block(post, milo, blocker):
    sol = a_member("sol")
    comment = add_comment(post, "One", by=milo)
    people = {"sol": sol, "milo": milo}
    Block.objects.create(blocker=people[blocker], blocked=people["milo" if blocker == "sol" else "sol"])
    with pytest.raises(PermissionDenied):
        add_comment(post, "Two", by=sol, reply_to=comment)


def test_a_reply_stands_under_a_comment_on_the_same_post_that_stands(post, ana, milo):
    elsewhere = add_comment(a_post(ana), "Elsewhere", by=milo)
    removed = add_comment(post, "Removed", by=milo)
    remove_comment(removed, by=milo)
    for target in (elsewhere, removed):
        with pytest.raises(PermissionDenied):
            add_comment(post, "Hello", by=ana, reply_to=target)


# --- Mentions ---------------------------------------------------------------------------------------------------------


def test_who_is_mentioned_is_told_once_and_only_if_they_exist_and_may_be_seen(post, ana, milo):
    sol, hidden = a_member("sol"), a_member("june")
    Block.objects.create(blocker=hidden, blocked=milo)
    comment = add_comment(post, "@Sol and @ana and @june and @nobody-there, @sol!", by=milo)
    assert set(comment.mentions.values_list("name", "user__username")) == {("sol", "sol"), ("ana", "ana")}
    assert told(sol) == [("mention", "milo")]
    assert told(ana) == [("comment", "milo")]
    assert told(hidden) == []


def test_nobody_is_told_of_a_mention_under_a_post_that_they_may_not_see(post, ana):
    sol = a_member("sol")
    for_followers(post)
    comment = add_comment(post, "@sol should see this", by=ana)
    assert comment.mentions.get().user == sol
    assert told(sol) == []


# --- Changing ---------------------------------------------------------------------------------------------------------


def test_ones_own_comment_can_be_changed_for_15_minutes(post, milo):
    comment = add_comment(post, "Lovly", by=milo)
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(minutes=14, seconds=30))
    comment = edit_comment(comment, "Lovely", by=milo)
    assert comment.text == "Lovely" and comment.edited_at
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(minutes=15))
    with pytest.raises(PermissionDenied):
        edit_comment(comment, "Lovelier", by=milo)


def test_nobody_changes_somebody_elses_comment_or_a_removed_one(post, ana, milo):
    comment = add_comment(post, "Lovely", by=milo)
    with pytest.raises(PermissionDenied):
        edit_comment(comment, "Horrid", by=ana)
    remove_comment(comment, by=ana)
    with pytest.raises(PermissionDenied):
        edit_comment(comment, "Horrid", by=milo)


def test_changing_a_comment_tells_who_is_new_in_it_and_not_who_is_gone(post, milo):
    sol, june, iris = a_member("sol"), a_member("june"), a_member("iris")
    comment = add_comment(post, "@sol @june", by=milo)
    edit_comment(comment, "@june @iris", by=milo)
    assert (told(sol), told(june), told(iris)) == ([], [("mention", "milo")], [("mention", "milo")])


# --- Removing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "by"), [("milo", "author"), ("ana", "post_author")])
def test_its_author_and_the_posts_author_remove_a_comment(post, ana, milo, who, by):
    comment = add_comment(post, "Lovely @sol", by=milo)
    remove_comment(comment, by={"ana": ana, "milo": milo}[who])
    remove_comment(comment, by=milo)  # once more: nothing happens
    comment.refresh_from_db()
    assert (comment.removed_by, comment.text, comments_counted(post)) == (by, "Lovely @sol", 0)
    assert told(ana) == [] and not Mention.objects.exists()
    entry = next(entry for entry in ledger() if entry["act"] == "comment.removed")
    assert entry["key"] == post.short_id and entry["state"] == {"comment": comment.key, "removed_by": by}


def test_nobody_else_removes_a_comment(post, milo):
    comment = add_comment(post, "Lovely", by=milo)
    with pytest.raises(PermissionDenied):
        remove_comment(comment, by=a_member("sol"))


def test_removing_counts_replies_too(post, ana, milo):
    top = add_comment(post, "One", by=milo)
    reply = add_comment(post, "Two", by=ana, reply_to=top)
    add_comment(post, "Three", by=ana, reply_to=top)
    remove_comment(reply, by=ana)
    remove_comment(top, by=milo)
    top.refresh_from_db()
    assert (top.replies, comments_counted(post)) == (1, 1)


# --- Liking -----------------------------------------------------------------------------------------------------------


def test_a_like_counts_once_and_can_be_taken_back(post, ana, milo):
    comment = add_comment(post, "Lovely", by=milo)
    assert like_comment(comment, by=ana) and not like_comment(comment, by=ana)
    comment.refresh_from_db()
    assert comment.likes == 1 and told(milo) == [("comment_like", "ana")]
    assert unlike_comment(comment, by=ana) and not unlike_comment(comment, by=ana)
    comment.refresh_from_db()
    assert comment.likes == 0 and told(milo) == []


def test_nobody_likes_what_is_removed_or_across_a_block(post, ana, milo):
    comment = add_comment(post, "Lovely", by=milo)
    sol = a_member("sol")
    Block.objects.create(blocker=sol, blocked=milo)
    with pytest.raises(PermissionDenied):
        like_comment(comment, by=sol)
    remove_comment(comment, by=milo)
    with pytest.raises(PermissionDenied):
        like_comment(comment, by=ana)
