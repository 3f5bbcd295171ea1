"""Telling members: whom, of what, and what becomes of it when it is taken back."""

import pytest

from community.actions.block import block
from community.bell import mark_read, notifications_of, unread_count
from community.models import Block, Mute, Notification, Profile
from community.models.comments import Comment
from community.models.notifications import Kind
from community.notification_kinds import USUAL, Choice, choice_of, differing
from community.notifying import forget, notify
from community.telling import in_html, in_words
from gallery.actions.set_visibility import set_visibility
from gallery.actions.withdraw_post import withdraw_post
from gallery.states import Visibility
from tests.bell_world import comments, likes, likes_comment, unlikes
from tests.factories import a_member, a_post, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana", name="Ana")


@pytest.fixture
def milo():
    return a_member("milo", name="Milo")


@pytest.fixture
def post(ana):
    return a_post(ana, original=an_original())


def told(member):
    """What stands in the list of `member`, in words."""
    return [in_words(row) for row in notifications_of(member)]


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_a_member_is_told_who_did_what(ana, milo, post):
    notify(Kind.FOLLOW, ana, actor=milo)
    comments(milo, post)
    assert told(ana) == ["Milo commented on your post.", "Milo follows you now."]
    assert unread_count(ana) == 2 and told(milo) == []


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_has_words_and_a_usual_choice(ana, milo, post, kind):
    about = {"comment": Comment.objects.create(post=post, author=ana, text="x")} if kind == Kind.COMMENT_LIKE else {}
    if kind == Kind.LIKE:
        likes(milo, post)
    elif kind == Kind.COMMENT_LIKE:
        likes_comment(milo, about["comment"])
    else:
        notify(kind, ana, actor=milo, post=post)
    assert USUAL[kind].app and told(ana)[0].endswith(".") and "{" not in told(ana)[0]


def test_nobody_is_told_of_what_they_did_themselves(ana, post):
    assert likes(ana, post) is None and told(ana) == []


@pytest.mark.parametrize(
    "quiet",
    [
        lambda ana, milo: Mute.objects.create(muter=ana, muted=milo),
        lambda ana, milo: Block.objects.create(blocker=ana, blocked=milo),
        lambda ana, milo: Block.objects.create(blocker=milo, blocked=ana),
    ],
    ids=["muted", "blocked", "blocked by them"],
)
def test_a_mute_and_a_block_hold_when_it_is_told_and_when_it_is_shown(ana, milo, post, quiet):
    comments(milo, post)
    likes(milo, post)
    quiet(ana, milo)
    assert told(ana) == [] and unread_count(ana) == 0
    assert comments(milo, post) is None


def test_muting_is_not_told_and_takes_nothing_from_the_muted(ana, milo, post):
    Mute.objects.create(muter=ana, muted=milo)
    theirs = a_post(milo, original=an_original())
    likes(ana, theirs)
    assert told(milo) == ["Ana likes your post."]


def test_names_are_text_wherever_they_are_told(ana, milo):
    milo.name = "<b>{who}</b>"
    milo.save()
    notify(Kind.FOLLOW, ana, actor=milo)
    row = notifications_of(ana).items[0]
    assert in_html(row) == "<strong><bdi>&lt;b&gt;{who}&lt;/b&gt;</bdi></strong> follows you now."


def test_somebody_suspended_is_neither_told_nor_told_of(ana, milo, post):
    comments(milo, post)
    type(milo).objects.filter(pk=milo.pk).update(standing="suspended")
    milo.refresh_from_db()
    assert told(ana) == []
    assert notify(Kind.FOLLOW, milo, actor=ana) is None
    assert notify(Kind.MODERATION, milo, act="suspend", thing="member", reason="Spam")


# --- Choices ----------------------------------------------------------------------------------------------------------


def choose(member, **choices):
    chosen = {kind: {"app": app, "email": email} for kind, (app, email) in choices.items()}
    Profile.objects.filter(user=member).update(notification_choices=chosen)


def test_what_a_member_chose_not_to_hear_is_not_told_at_all(ana, milo, post):
    choose(ana, like=(False, False))
    assert likes(milo, post) is None and not Notification.objects.exists()


def test_what_is_only_mailed_does_not_stand_in_the_list(ana, milo, post):
    choose(ana, comment=(False, True))
    assert comments(milo, post).mail_due_at
    assert told(ana) == [] and unread_count(ana) == 0


def test_what_is_not_mailed_waits_for_no_mail(ana, milo):
    choose(ana, follow=(True, False))
    assert notify(Kind.FOLLOW, ana, actor=milo).mail_due_at is None


def test_decisions_of_the_team_cannot_be_turned_off():
    chosen = {Kind.MODERATION: {"app": False, "email": False}}
    assert choice_of(Kind.MODERATION, chosen) == Choice(app=True, email=True)


def test_only_what_differs_from_the_usual_is_kept():
    choices = {**USUAL, Kind.LIKE: Choice(False, False), Kind.MODERATION: Choice(False, False)}
    assert differing(choices) == {"like": {"app": False, "email": False}}


# --- Likes are one notification ---------------------------------------------------------------------------------------


def test_likes_of_a_post_are_one_notification_while_it_is_unread(ana, post):
    words = []
    for name in ("bo", "cy", "di", "ed"):
        likes(a_member(name + name, name=name.title()), post)
        words += told(ana)
    assert words == [
        "Bo likes your post.",
        "Cy and Bo like your post.",
        "Di and 2 others like your post.",
        "Ed and 3 others like your post.",
    ]
    assert unread_count(ana) == 1


def test_the_next_like_after_reading_begins_another(ana, milo, post):
    likes(milo, post)
    mark_read(ana)
    likes(a_member("zoe", name="Zoe"), post)
    assert told(ana) == ["Zoe likes your post.", "Milo likes your post."]
    assert unread_count(ana) == 1


def test_a_group_moves_to_the_top_of_the_list(ana, milo, post):
    likes(milo, post)
    notify(Kind.FOLLOW, ana, actor=milo)
    likes(a_member("zoe", name="Zoe"), post)
    assert told(ana) == ["Zoe and Milo like your post.", "Milo follows you now."]


def test_a_group_stays_right_when_likes_are_taken_back(ana, milo, post):
    zoe = a_member("zoe", name="Zoe")
    likes(milo, post)
    likes(zoe, post)
    unlikes(zoe, post)
    assert told(ana) == ["Milo likes your post."]
    unlikes(milo, post)
    assert told(ana) == [] and not Notification.objects.exists()


def test_a_group_leaves_out_whom_the_member_muted_or_blocked(ana, milo, post):
    zoe = a_member("zoe", name="Zoe")
    likes(milo, post)
    likes(zoe, post)
    Mute.objects.create(muter=ana, muted=zoe)
    assert told(ana) == ["Milo likes your post."]
    Block.objects.create(blocker=milo, blocked=ana)
    assert told(ana) == [] and unread_count(ana) == 0


def test_when_the_newest_liker_is_blocked_the_others_are_still_told_of(ana, milo, post):
    zoe, bea = a_member("zoe", name="Zoe"), a_member("bea", name="Bea")
    for person in (zoe, bea, milo):
        likes(person, post)
    block(ana, milo)
    assert told(ana) == ["Bea and Zoe like your post."] and unread_count(ana) == 1
    block(bea, ana)
    assert told(ana) == ["Zoe likes your post."]
    likes(a_member("kim", name="Kim"), post)
    assert told(ana) == ["Kim and Zoe like your post."] and Notification.objects.count() == 1
    block(ana, zoe)
    assert told(ana) == ["Kim likes your post."]


def test_likes_of_two_posts_are_two_notifications(ana, milo, post):
    likes(milo, post)
    likes(milo, a_post(ana, original=an_original()))
    assert told(ana) == ["Milo likes your post."] * 2


def test_likes_of_a_comment_are_grouped_as_well(ana, milo, post):
    comment = Comment.objects.create(post=post, author=milo, text="What a light!")
    likes_comment(ana, comment)
    likes_comment(a_member("zoe", name="Zoe"), comment)
    assert told(milo) == ["Zoe and Ana like your comment."]
    forget(Kind.COMMENT_LIKE, milo, actor=ana, comment=comment)
    assert Notification.objects.filter(recipient=milo).count() == 1


# --- What is taken back or can be seen no more ------------------------------------------------------------------------


def test_what_was_taken_back_is_forgotten_unless_it_was_read(ana, milo):
    notify(Kind.FOLLOW, ana, actor=milo)
    forget(Kind.FOLLOW, ana, actor=milo)
    assert told(ana) == []
    notify(Kind.FOLLOW, ana, actor=milo)
    mark_read(ana)
    forget(Kind.FOLLOW, ana, actor=milo)
    assert told(ana) == ["Milo follows you now."]


def test_nothing_is_told_of_a_post_that_was_withdrawn(ana, milo, post):
    likes(milo, post)
    comments(milo, post)
    withdraw_post(post, by=ana)
    assert told(ana) == [] and unread_count(ana) == 0


def test_nothing_is_told_of_a_post_that_the_recipient_may_no_longer_see(ana, milo):
    theirs = a_post(milo, original=an_original())
    notify(Kind.MENTION, ana, actor=milo, post=theirs)
    assert told(ana) == ["Milo mentioned you in a caption."]
    set_visibility(theirs, by=milo, visibility=Visibility.FOLLOWERS)
    assert told(ana) == [] and unread_count(ana) == 0


def test_nothing_is_told_of_a_comment_that_was_removed(ana, milo, post):
    comments(milo, post)
    Comment.objects.update(removed_by="author")
    assert told(ana) == [] and unread_count(ana) == 0
