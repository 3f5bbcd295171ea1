"""The numbers are what they count; `check_counters` proves it and mends what something else has spoiled."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from community import listed_counts
from community.actions.like_post import like_post
from community.actions.suspend_member import suspend_member
from community.models import Comment, CommentLike, Follow, MemberCounts, PostCounts
from gallery.actions.create_draft import create_draft
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.publish_draft import publish_draft
from gallery.actions.restore_post import restore_post
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from tests import factories as f

pytestmark = pytest.mark.django_db


def check(**options):
    """What the command prints."""
    said = io.StringIO()
    call_command("check_counters", stdout=said, **options)
    return said.getvalue()


def posts_of(member):
    return MemberCounts.objects.filter(user=member).values_list("posts", flat=True).first() or 0


@pytest.fixture
def ana():
    return f.a_member("ana")


def test_listed_posts_are_counted_through_everything_that_can_happen_to_a_post(ana):
    moderator = f.a_staff_member("Moderators")
    post = f.a_post(ana)
    assert posts_of(ana) == 1
    post = set_visibility(post, by=ana, visibility=Visibility.UNLISTED)
    assert posts_of(ana) == 0
    post = set_visibility(post, by=ana, visibility=Visibility.FOLLOWERS)
    post = set_visibility(post, by=ana, visibility=Visibility.PUBLIC)
    assert posts_of(ana) == 1
    withdraw_post(post, by=ana)
    assert posts_of(ana) == 0
    undo_withdrawal(post, by=ana)
    assert posts_of(ana) == 1
    take_down_post(post, by=moderator, reason="No")
    assert posts_of(ana) == 0
    restore_post(post, by=moderator)
    assert posts_of(ana) == 1
    assert "All right" in check()


def test_drafts_count_once_they_are_published(ana):
    draft = f.a_draft(ana, photos=2)
    assert posts_of(ana) == 0
    publish_draft(draft, by=ana, separately=True)
    assert posts_of(ana) == 2
    create_draft(ana)
    assert posts_of(ana) == 2


def test_a_gallery_and_a_standing_take_their_posts_along(ana):
    iceland = f.a_gallery(ana)
    f.a_post(ana, gallery=iceland)
    f.a_post(ana)
    delete_gallery(iceland, by=ana)
    assert posts_of(ana) == 1
    suspend_member(ana, by=f.a_staff_member("Moderators"), reason="No")
    assert posts_of(ana) == 0


def test_what_writes_rows_past_the_actions_is_counted_too(ana):
    post = f.a_post(ana)
    PostPage.objects.filter(pk=post.pk).update(photos_ready=False)
    assert posts_of(ana) == 0
    PostPage.objects.filter(pk=post.pk).update(photos_ready=True, caption="Anew")
    assert posts_of(ana) == 1


def test_a_wrong_number_never_keeps_a_post_in_reach(ana):
    post = f.a_post(ana)
    MemberCounts.objects.filter(user=ana).update(posts=0)
    withdraw_post(post, by=ana)
    assert posts_of(ana) == 0


@pytest.mark.sqlite
def test_triggers_that_a_migration_dropped_are_put_back_and_the_posts_counted_again(ana):
    listed_counts.remove(connection)
    f.a_post(ana)
    assert posts_of(ana) == 0
    listed_counts.mend_after_migrate(using="default")
    assert posts_of(ana) == 1
    f.a_post(ana)
    assert posts_of(ana) == 2


def test_it_says_what_is_wrong_and_mends_it_when_asked(ana):
    milo, post = f.a_member("milo"), f.a_post(ana)
    like_post(post, by=milo)
    Follow.objects.create(follower=milo, followed=ana, accepted_at=timezone.now())
    comment = Comment.objects.create(post=post, author=milo, text="Lovely")
    Comment.objects.create(post=post, author=ana, text="Thanks", parent=comment)
    CommentLike.objects.create(user=ana, comment=comment)
    PostCounts.objects.filter(post=post).update(likes=7)
    MemberCounts.objects.filter(user=ana).update(posts=4)
    with pytest.raises(CommandError) as failure:
        check()
    assert failure.value.returncode == 1
    said = check(mend=True)
    for number in (
        "likes of posts",
        "comments on posts",
        "likes of comments",
        "replies",
        "followers",
        "followed members",
    ):
        assert number in said
    assert f"listed posts: community.MemberCounts {ana.pk} says 4, there are 1 (corrected)" in said
    assert "All right" in check()
    counts = PostCounts.objects.get(post=post)
    assert (counts.likes, counts.comments) == (1, 2)


def test_it_is_exact_across_chunks(ana, monkeypatch):
    monkeypatch.setattr("community.counting.CHUNK", 3)
    posts = [f.a_post(ana, original=f.an_original(by=ana)) for _number in range(5)]
    for post in posts:
        like_post(post, by=ana)
    assert "All right" in check()
    PostCounts.objects.filter(post=posts[4]).delete()
    assert "likes of posts" in check(mend=True)
    assert PostCounts.objects.get(post=posts[4]).likes == 1
