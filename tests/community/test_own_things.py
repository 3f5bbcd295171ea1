"""Staff decide on nothing of their own: neither against themselves nor in their own favour."""

import pytest
from django.core.exceptions import PermissionDenied

from community.actions.add_comment import add_comment
from community.actions.suspend_member import suspend_member
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.actions.take_down_comment import restore_comment, take_down_comment
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_in_admin import take_down_in_admin
from gallery.actions.take_down_post import take_down_post
from gallery.models import PostPage
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_avatar
from tests.traces import staff_acts

pytestmark = pytest.mark.django_db

ACTS = {
    "post": (a_post, take_down_post, restore_post),
    "gallery": (a_gallery, take_down_gallery, restore_gallery),
    "comment": (lambda author: add_comment(a_post(), "Well.", by=author), take_down_comment, restore_comment),
    "profile picture": (an_avatar, take_down_avatar, restore_avatar),
}


@pytest.fixture
def moderator():
    return a_staff_member("Moderators", "moira")


@pytest.fixture
def other():
    return a_staff_member("Administrators", "ada")


@pytest.mark.parametrize("kind", ACTS)
def test_neither_taking_down_nor_restoring_what_is_ones_own(moderator, other, kind):
    make, take_down, restore = ACTS[kind]
    thing = make(moderator)
    with pytest.raises(PermissionDenied, match="your own"):
        take_down(thing, by=moderator, reason="A reason.")
    down = take_down(thing, by=other, reason="A reason.")
    down = down[0] if kind == "post" else down
    with pytest.raises(PermissionDenied, match="your own"):
        restore(down, by=moderator)
    restore(down, by=other)


def test_not_even_along_with_somebody_elses(moderator):
    post, own = a_post(a_member()), a_post(moderator)
    with pytest.raises(PermissionDenied, match="your own"):
        take_down_post(post, by=moderator, reason="A reason.", also=[own])
    assert PostPage.objects.get(pk=post.pk).is_visible


def test_nobody_suspends_themselves(other):
    with pytest.raises(PermissionDenied):
        suspend_member(other, by=other, reason="A reason.")


def test_deleting_ones_own_in_wagtail_is_the_systems_takedown(moderator):
    post = a_post(moderator)
    take_down_in_admin(post, by=moderator)
    assert ("pixlpix.take_down", None) in staff_acts(post)
