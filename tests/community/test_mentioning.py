"""Mentions in captions: whom the rows name, when they are told, and where the words lead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.actions.come_back import come_back
from community.actions.leave import leave
from community.actions.suspend_member import lift_suspension, suspend_member
from community.models import Follow, Mention, Notification, User
from gallery.actions.edit_post import edit_post
from gallery.actions.publish_draft import publish_draft
from gallery.actions.publish_due import publish_due
from gallery.actions.restore_post import restore_post
from gallery.actions.schedule_post import schedule_post
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from tests.factories import a_draft, a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def milo():
    return a_member("milo")


def told(member):
    return list(Notification.objects.filter(recipient=member).values_list("kind", flat=True))


def test_who_is_mentioned_in_a_caption_is_told_once_it_can_be_seen(client, milo):
    draft = a_draft(caption="With @Milo and @nobody-else")
    assert told(milo) == []
    post = publish_draft(draft, by=draft.author)[0]
    assert told(milo) == ["mention"]
    assert '<a href="/members/milo/">@Milo</a>' in client.get(post.address()).content.decode()
    edit_post(post, by=post.author, caption="With @milo, later")
    assert told(milo) == ["mention"]


def test_who_may_not_see_the_post_is_told_when_they_may(milo):
    draft = a_draft(caption="@milo")
    PostPage.objects.filter(pk=draft.pk).update(visibility=Visibility.FOLLOWERS)
    post = publish_draft(draft, by=draft.author)[0]
    assert told(milo) == []
    Follow.objects.create(follower=milo, followed=post.author, accepted_at=timezone.now())
    edit_post(post, by=post.author, caption="@milo!")
    assert told(milo) == ["mention"]


def test_the_scheduler_tells_who_is_mentioned(milo):
    draft = a_draft(caption="@milo")
    schedule_post(draft, by=draft.author, at=timezone.now() + timedelta(days=1))
    PostPage.objects.filter(pk=draft.pk).update(scheduled_for=timezone.now())
    assert told(milo) == []
    assert publish_due() == 1
    assert told(milo) == ["mention"]


WAYS = {
    "takedown": (
        lambda post: take_down_post(post, by=None, reason="Look"),
        lambda post: restore_post(post, by=a_staff_member("Moderators")),
    ),
    "gallery's takedown": (
        lambda post: take_down_gallery(post.gallery, by=None, reason="Look"),
        lambda post: restore_gallery(post.gallery, by=a_staff_member("Moderators")),
    ),
    "suspension": (
        lambda post: suspend_member(post.author, by=None, reason="Look"),
        lambda post: lift_suspension(post.author, by=None),
    ),
    "deletion": (
        lambda post: withdraw_post(post, by=post.author),
        lambda post: undo_withdrawal(post, by=post.author),
    ),
    "leaving": (lambda post: leave(post.author), lambda post: come_back(post.author)),
    "visibility": (
        lambda post: set_visibility(post, by=post.author, visibility="followers"),
        lambda post: set_visibility(post, by=post.author, visibility="public"),
    ),
    "gallery's visibility": (
        lambda post: set_gallery_visibility(post.gallery, by=post.author, visibility="followers"),
        lambda post: set_gallery_visibility(post.gallery, by=post.author, visibility="unlisted"),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_brings_a_post_into_reach_tells_who_was_not_told_and_nobody_twice(milo, way):
    hide, show = WAYS[way]
    post = a_post(caption="@milo")
    hide(post)
    show(post)
    assert told(milo) == ["mention"]
    hide(post)
    # As if it had never been in reach since it mentions somebody.
    Mention.objects.update(told_at=None)
    Notification.objects.filter(recipient=milo).delete()
    show(post)
    assert told(milo) == ["mention"]


def test_who_is_mentioned_by_two_names_is_told_once_and_forgotten_with_the_last(milo):
    post = a_post(caption="@milo")
    User.objects.filter(pk=milo.pk).update(username="milo-outdoors")
    edit_post(post, by=post.author, caption="@milo, now @milo-outdoors")
    assert told(milo) == ["mention"]
    edit_post(post, by=post.author, caption="@milo-outdoors")
    assert told(milo) == ["mention"]
    edit_post(post, by=post.author, caption="nobody")
    assert told(milo) == []


def test_who_has_read_of_a_mention_is_not_told_when_it_goes_and_comes_again(milo):
    post = a_post(caption="@milo")
    Notification.objects.update(read_at=timezone.now())
    edit_post(post, by=post.author, caption="nobody")
    edit_post(post, by=post.author, caption="@milo")
    assert told(milo) == ["mention"]


def test_editing_a_caption_forgets_whom_it_no_longer_mentions(milo):
    post = a_post(caption="@milo")
    sol = a_member("sol")
    edit_post(post, by=post.author, caption="@sol")
    assert (told(milo), told(sol)) == ([], ["mention"])
    assert post.mentions.get().user == sol


def test_a_renamed_member_is_still_linked(client, milo):
    post = a_post(caption="@milo")
    User.objects.filter(pk=milo.pk).update(username="milo-outdoors")
    assert 'href="/members/milo-outdoors/">@milo</a>' in client.get(post.address()).content.decode()
