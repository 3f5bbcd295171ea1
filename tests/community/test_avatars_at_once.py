"""Profile pictures on a database that lets acts run at once: one is shown, or none where an act hides."""

import pytest

from community.actions.leave import leave
from community.actions.remove_avatar import remove_avatar
from community.actions.set_avatar import set_avatar
from community.actions.suspend_member import lift_suspension, suspend_member
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.models import Avatar, User
from community.tasks import process_avatar
from gallery.models import Publication
from gallery.purging import purge_due
from gallery.reconcile import reconcile
from tests.factories import a_member, a_staff_member, an_avatar, an_original
from tests.racing import at_once
from tests.traces import public_files

pytestmark = [
    pytest.mark.postgres,  # SQLite lets one write at a time
    pytest.mark.queued,
    pytest.mark.django_db(transaction=True),
]

TIMES = 8


def shown(user):
    user = User.objects.get(pk=user.pk)
    return {user.avatar_small, user.avatar_large} - {""}


def check_in_step(user):
    """What is shown of `user` is all that lies on the media host, and no row says otherwise."""
    assert public_files() == shown(user) != set()
    purge_due()  # a task, which waits in the queue here
    found = reconcile(at_once=True)["found"]
    assert {kind: count for kind, count in found.items() if count} == {}


def made(avatar):
    """Work: what the worker does about one."""
    return lambda: process_avatar.func(avatar.pk)


def test_two_new_pictures_at_once_end_with_one_shown():
    ana, originals = a_member("ana"), [an_original() for _ in range(3)]
    for _ in range(TIMES):
        assert at_once(*[lambda o=original: set_avatar(ana, o) for original in originals[:2]]) == [None, None]
        waiting = Avatar.objects.filter(user=ana, state="pending")
        assert at_once(*[made(avatar) for avatar in waiting]) == [None] * len(waiting)
        newest = Avatar.objects.filter(user=ana).latest("pk")
        assert newest.is_in_place and shown(ana)
        assert shown(ana) <= set(newest.picture.renditions.values_list("public_name", flat=True))
        check_in_step(ana)


def test_two_workers_with_one_picture_show_it_once():
    ana = a_member("ana")
    for _ in range(TIMES):
        avatar = an_avatar(ana, an_original())
        assert at_once(made(avatar), made(avatar)) == [None, None]
        check_in_step(ana)
        assert Publication.objects.filter(state=Publication.State.OPEN).count() == 1


@pytest.mark.parametrize("how", ["suspended", "taken down", "removed"])
def test_an_act_that_hides_wins_against_a_publication_beside_it(how):
    ana, moderator = a_member("ana"), a_staff_member("Moderators")
    for _ in range(TIMES):
        avatar = an_avatar(ana, an_original())
        hide = {
            "suspended": lambda: suspend_member(ana, by=moderator, reason="Spam"),
            "taken down": lambda a=avatar: take_down_avatar(a, by=moderator, reason="Spam"),
            "removed": lambda: remove_avatar(ana),
        }[how]
        assert at_once(made(avatar), hide) == [None, None]
        assert shown(ana) == set() == public_files()
        if how == "suspended":
            lift_suspension(ana, by=moderator)
            check_in_step(ana)


def test_leaving_while_one_is_restored():
    ana, moderator = a_member("ana"), a_staff_member("Moderators")
    avatar = an_avatar(ana, an_original())
    process_avatar.func(avatar.pk)
    take_down_avatar(avatar, by=moderator, reason="Spam")
    avatar = Avatar.objects.select_related("user", "picture__original").get(pk=avatar.pk)
    assert at_once(lambda: restore_avatar(avatar, by=moderator), lambda: leave(ana)) == [None, None]
    assert shown(ana) == set() == public_files()


def test_one_original_that_several_people_and_staff_act_on_at_once_never_crosses():
    original, moderator = an_original(), a_staff_member("Moderators")
    people = [a_member("ana"), a_member("milo")]
    for _ in range(TIMES):
        avatars = [an_avatar(person, original) for person in people]
        other = an_original()
        errors = at_once(
            *[made(avatar) for avatar in avatars],
            lambda a=avatars[0]: take_down_avatar(a, by=moderator, reason="Spam"),
            lambda o=other: set_avatar(people[1], o),
        )
        assert errors == [None] * 4
        for avatar in Avatar.objects.filter(state="pending"):
            process_avatar.func(avatar.pk)
        assert public_files() == shown(people[0]) | shown(people[1])
        assert shown(people[1])
