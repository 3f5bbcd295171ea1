"""Two things at the same moment about accounts and shared galleries, on a database that lets them run at once."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from community.actions import invite_contributor as inviting
from community.actions.answer_gallery_invitation import decline_gallery, join_gallery
from community.actions.change_username import change_username
from community.actions.empty_account import empty_account
from community.actions.erase_account import erase_accounts
from community.actions.follow import follow
from community.actions.gallery_entries import add_to_gallery
from community.actions.invite_contributor import invite_contributor
from community.actions.leave import leave
from community.actions.leave_gallery import leave_gallery
from community.actions.like_post import like_post
from community.models import Comment, Device, Follow, Like, MemberCounts, Notification, PostCounts, TakenName, User
from gallery.files import vault
from gallery.models import Contributor, GalleryEntry, GalleryPage, MemberAct, Original, PostPage
from tests.factories import a_gallery, a_member, a_post, an_avatar, an_original
from tests.galleries_world import a_contributor, an_entry
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]  # SQLite lets one write at a time


def ago(user, **times):
    User.objects.filter(pk=user.pk).update(**{name: timezone.now() - timedelta(days=n) for name, n in times.items()})
    return User.objects.get(pk=user.pk)


def test_of_members_who_want_one_username_one_gets_it():
    people = [a_member() for _ in range(4)]
    names = [person.username for person in people]
    errors = at_once(*(lambda person=person: change_username(person, "bea") for person in people))
    assert [type(error) for error in errors if error is not None] == [ValidationError] * 3
    [winner] = User.objects.filter(username="bea")
    assert TakenName.objects.get(username="bea").user == winner
    assert sorted(User.objects.values_list("username", flat=True)) == sorted(
        ["bea", *(name for person, name in zip(people, names, strict=True) if person != winner)]
    )
    assert MemberAct.objects.filter(act="member.username_changed").count() == 1


def test_one_who_changes_their_name_twice_at_once_changes_it_once():
    ana = a_member("ana")
    errors = at_once(lambda: change_username(ana, "bea"), lambda: change_username(ana, "cleo"))
    assert sorted(error is None for error in errors) == [False, True]
    assert TakenName.objects.filter(user=ana).count() == 2


def test_look_alikes_of_one_name_are_not_given_to_two():
    ana, milo = a_member("ana"), a_member("milo")
    errors = at_once(lambda: change_username(ana, "bella"), lambda: change_username(milo, "be-lla"))
    assert sorted(error is None for error in errors) == [False, True]


def test_several_sweepers_empty_one_account_once():
    ana, milo = a_member("ana"), a_member("milo")
    post = a_post(milo)
    like_post(post, by=ana), follow(ana, milo), follow(milo, ana), an_avatar(ana)
    gallery = a_gallery(ana, "Birds")
    a_contributor(gallery, "zoe")
    leave(ana)
    ago(ana, standing_since=31)
    assert at_once(*[lambda: empty_account(ana)] * 4) == [None] * 4
    assert User.objects.get(pk=ana.pk).emptied_at
    assert not Like.objects.exists() and not Follow.objects.exists()
    assert PostCounts.objects.get(pk=post.pk).likes == 0
    assert set(MemberCounts.objects.filter(pk__in=[ana.pk, milo.pk]).values_list("followers", "following")) == {(0, 0)}
    assert MemberAct.objects.filter(act="member.emptied").count() == 1
    assert GalleryPage.objects.filter(author__username="zoe", title="Birds").count() == 1


def test_several_sweepers_erase_one_account_once(settings):
    settings.KEEP_LEFT_ACCOUNTS_DAYS = 1
    ana = a_member("ana")
    shared = an_original(by=ana)
    a_post(ana, original=shared), a_post(ana), an_avatar(ana)
    theirs = a_post(a_member("milo"), original=shared)
    Comment.objects.create(post=theirs, author=ana, text="Hm")
    leave(ana)
    ago(ana, standing_since=40)
    assert empty_account(ana)
    ago(ana, emptied_at=2)
    at_once(*[erase_accounts] * 4)
    erase_accounts()
    assert not User.objects.filter(pk=ana.pk).exists()
    assert [original.pk for original in Original.objects.all()] == [shared.pk] and vault().exists(shared.name)
    assert not any(GalleryPage.find_problems())


def test_who_posts_an_original_while_it_is_erased_has_it(settings):
    settings.KEEP_LEFT_ACCOUNTS_DAYS = 1
    for _round in range(3):
        ana, milo = a_member(), a_member()
        original = an_original(by=ana)
        a_post(ana, original=original)
        leave(ana)
        ago(ana, standing_since=40)
        assert empty_account(ana)
        ago(ana, emptied_at=2)
        with vault().open(original.name) as file:
            content = file.read()
        errors = at_once(erase_accounts, lambda m=milo, c=content: post_again(m, c))
        assert errors[0] is None
        for post in PostPage.objects.of(milo):
            assert vault().exists(post.photos.get().picture.original.name)
        assert errors[1] is None or not PostPage.objects.of(milo).exists()


def post_again(member, content):
    return a_post(member, original=an_original(io.BytesIO(content), by=member))


def test_a_gallery_has_no_more_contributors_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(inviting, "MOST", 3)
    ana = a_member("ana")
    iceland, people = a_gallery(ana), [a_member() for _ in range(6)]
    errors = at_once(*(lambda person=person: invite_contributor(iceland, person, by=ana) for person in people))
    assert [type(error) for error in errors if error] == [ValidationError] * 3
    assert Contributor.objects.filter(gallery=iceland).count() == 3


def test_one_invited_twice_at_once_is_told_once():
    ana, milo = a_member("ana"), a_member("milo")
    iceland = a_gallery(ana)
    assert at_once(*[lambda: invite_contributor(iceland, milo, by=ana)] * 4) == [None] * 4
    assert Contributor.objects.count() == Notification.objects.filter(recipient=milo).count() == 1


def test_who_accepts_and_declines_at_once_is_in_or_out():
    ana, milo = a_member("ana"), a_member("milo")
    iceland = a_gallery(ana)
    invite_contributor(iceland, milo, by=ana)
    errors = at_once(lambda: join_gallery(iceland, by=milo), lambda: decline_gallery(iceland, by=milo))
    assert all(error is None or isinstance(error, PermissionDenied) for error in errors)
    assert (errors[0] is None) == Contributor.objects.filter(accepted_at__isnull=False).exists()


def test_post_that_is_added_twice_at_once_stands_there_once():
    iceland = a_gallery(a_member("ana"))
    milo = a_contributor(iceland, "milo")
    post = a_post(milo)
    assert at_once(*[lambda: add_to_gallery(post, iceland, by=milo)] * 4) == [None] * 4
    assert GalleryEntry.objects.count() == 1


def test_nothing_of_one_who_leaves_while_they_add_stays_behind():
    iceland = a_gallery(a_member("ana"))
    milo = a_contributor(iceland, "milo")
    an_entry(iceland, milo)
    post = a_post(milo)
    errors = at_once(lambda: add_to_gallery(post, iceland, by=milo), lambda: leave_gallery(iceland, milo, by=milo))
    assert errors[1] is None and (errors[0] is None or isinstance(errors[0], PermissionDenied))
    assert not GalleryEntry.objects.exists() and not Contributor.objects.exists()


def test_who_signs_out_twice_at_once_is_out_and_other_devices_go_on():
    ana = a_member("ana")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(ana)
        client.get("/settings/devices/")
    same = Client()
    same.cookies = here.cookies
    answers = []
    assert (
        at_once(*(lambda c=c: answers.append(c.post("/accounts/logout/").status_code) for c in (here, same)))
        == [None] * 2
    )
    assert answers == [302, 302] and Device.objects.count() == 1
    assert here.get("/settings/").status_code == 302 and elsewhere.get("/settings/").status_code == 200


def test_two_devices_that_end_each_other_at_once_both_are_out_or_one_stays():
    ana = a_member("ana")
    one, other = Client(), Client()
    for client in (one, other):
        client.force_login(ana)
        client.get("/settings/devices/")
    answers = []
    assert (
        at_once(*(lambda c=c: answers.append(c.post("/settings/devices/").status_code) for c in (one, other)))
        == [None] * 2
    )
    assert set(answers) <= {200, 302, 303} and Device.objects.count() <= 1
