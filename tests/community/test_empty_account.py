"""Thirty days after leaving: what was theirs alone is deleted for good, and a numbered shell stays."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from community.actions import empty_account as emptying
from community.actions.change_username import change_username
from community.actions.empty_account import accounts_to_empty, empty_account, empty_accounts
from community.actions.leave import leave
from community.actions.request_export import request_export
from community.counters import change
from community.models import (
    Block,
    Comment,
    CommentLike,
    ConsentRecord,
    Export,
    Follow,
    HashtagFollow,
    Invitation,
    Like,
    MemberCounts,
    Mention,
    Mute,
    Notification,
    PostCounts,
    Profile,
    Save,
    SaveList,
    TakenName,
    User,
)
from community.sweep import sweep_people
from gallery.files import vault
from gallery.models import Contributor, GalleryEntry, Hashtag, MemberPage, PostPage
from tests.bell_world import likes
from tests.community.joining import sign_in
from tests.factories import a_gallery, a_member, a_post, an_avatar, an_original

pytestmark = pytest.mark.django_db

# What may still name somebody after it: the table of taken names, addresses that answer "gone", logs of what was done.
KEPT = {"TakenName", "MemberAct", "FormerAddress", "PageLogEntry", "ModelLogEntry", "DBTaskResult", "Task"}


@pytest.fixture
def milo():
    return a_member("milo")


@pytest.fixture
def ana():
    return a_member("anaduarte", name="Ana Duarte", email="ana.duarte@example.org")


@pytest.fixture
def busy(ana, milo):
    """Ana has done a bit of everything with Milo, and left 31 days ago."""
    post = a_post(milo, original=an_original())
    comment = Comment.objects.create(post=post, author=milo, text="Mine", likes=1)
    Like.objects.create(user=ana, post=post)
    CommentLike.objects.create(user=ana, comment=comment)
    change(PostCounts, post.pk, likes=3)
    now = timezone.now()
    Follow.objects.create(follower=ana, followed=milo, accepted_at=now)
    Follow.objects.create(follower=milo, followed=ana, accepted_at=now)
    Follow.objects.create(follower=ana, followed=a_member("cleo"))
    for member in (ana, milo):
        change(MemberCounts, member.pk, followers=1, following=1)
    saves = SaveList.objects.create(user=ana, key="abcdefghjk", name="Later")
    Save.objects.create(list=saves, post=post)
    Block.objects.create(blocker=ana, blocked=a_member("bert"))
    Mute.objects.create(muter=milo, muted=ana)
    HashtagFollow.objects.create(user=ana, hashtag=Hashtag.objects.create(name="dawn"))
    Notification.objects.create(recipient=ana, kind="follow", actor=milo)
    Notification.objects.create(recipient=milo, kind="like", actor=ana, post=post)
    Mention.objects.create(user=ana, name="anaduarte", post=post)
    Comment.objects.create(post=post, author=ana, text="Lovely light")
    Profile.objects.filter(user=ana).update(biography="I am Ana Duarte", pronouns="she", link="https://ana.example")
    Authenticator.objects.create(user=ana, type="recovery_codes", data={})
    Invitation.objects.create(email=ana.email, token_sha256="x", expires_at=now, group_id=1, used_by=ana)
    request_export(ana)
    left(ana)
    return post


def left(user, days=31):
    leave(user)
    User.objects.filter(pk=user.pk).update(standing_since=timezone.now() - timedelta(days=days))
    return User.objects.get(pk=user.pk)


def test_everything_of_theirs_alone_is_gone(ana, busy):
    assert empty_accounts() == 1
    for rows in (
        Like.objects.filter(user=ana),
        CommentLike.objects.filter(user=ana),
        Follow.objects.filter(follower=ana) | Follow.objects.filter(followed=ana),
        SaveList.objects.filter(user=ana),
        Block.objects.filter(blocker=ana),
        Mute.objects.filter(muted=ana),
        HashtagFollow.objects.filter(user=ana),
        Notification.objects.all(),
        Mention.objects.filter(user=ana),
        EmailAddress.objects.filter(user=ana),
        Authenticator.objects.filter(user=ana),
        Export.objects.filter(user=ana),
    ):
        assert not rows.exists(), rows.model
    assert list(vault().list_names("derived/exports/")) == []


def test_others_who_liked_the_same_are_still_told_of(ana, milo):
    zoe = a_member("zoe")
    post = a_post(milo)
    for person in (zoe, ana):
        likes(person, post)
    left(ana)
    assert empty_account(ana)
    assert Notification.objects.get(recipient=milo, kind="like").actor == zoe


def test_numbers_go_with_what_they_counted(ana, milo, busy):
    empty_accounts()
    assert PostCounts.objects.get(pk=busy.pk).likes == 2
    assert Comment.objects.get(author=milo).likes == 0
    assert set(MemberCounts.objects.values_list("followers", "following")) == {(0, 0)}


def test_shell_is_a_number_without_name_address_password_or_words(ana, busy):
    empty_accounts()
    shell = User.objects.get(pk=ana.pk)
    assert (shell.username, shell.name, shell.standing) == (f"former-member-{ana.pk}", "", "left")
    assert "ana" not in shell.email and not shell.has_usable_password() and not shell.is_active
    assert shell.emptied_at and shell.last_login is None
    profile = Profile.objects.get(user=ana)
    assert (profile.biography, profile.pronouns, profile.link) == ("", "", "")
    assert MemberPage.objects.get(user=ana).title == MemberPage.objects.get(user=ana).slug == shell.username


def test_no_other_table_still_names_them(ana, busy):
    from django.apps import apps

    a_post_without_words = a_post(User.objects.get(username="milo"), original=an_original())
    PostPage.objects.filter(pk=a_post_without_words.pk).update(author=ana, caption="", title="Photo by Ana Duarte")
    PostPage.objects.filter(pk=a_post_without_words.pk).update(draft_title="Photo by Ana Duarte")
    empty_accounts()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model.__name__ not in KEPT:
            for row in model._base_manager.values():
                words = " ".join(map(str, row.values())).lower()
                assert "ana.duarte" not in words and "ana duarte" not in words, model
                assert "anaduarte" not in words or model.__name__ in ("Mention",), (model, words)


def test_comments_consent_original_and_post_stay(ana, milo):
    original = an_original(by=ana)
    post = a_post(ana, original=original)
    Comment.objects.create(post=a_post(milo, original=an_original()), author=ana, text="Lovely light")
    left(ana)
    empty_accounts()
    assert Comment.objects.get(author=ana).text == "Lovely light"
    assert ConsentRecord.objects.filter(user=ana).exists()
    assert PostPage.objects.get(pk=post.pk).author_id == ana.pk and vault().exists(original.name)


def test_their_posts_are_gone_at_every_name_that_they_had(client, ana):
    post = a_post(ana)
    left(change_username(ana, "bea-outdoors"))
    empty_accounts()
    for name in ("anaduarte", "bea-outdoors", f"former-member-{ana.pk}"):
        assert client.get(f"/members/{name}/photos/{post.short_id}/").status_code == 410, name
        assert client.get(f"/members/{name}/").status_code == 404, name


def test_names_are_still_never_given_out_and_the_address_is_free(ana):
    left(ana)
    empty_accounts()
    assert not TakenName.is_free("anaduarte")
    assert a_member("anew", email="ana.duarte@example.org").pk != ana.pk


def test_nobody_signs_in_with_it(client, ana):
    left(ana)
    empty_accounts()
    for login in ("anaduarte", "ana.duarte@example.org", f"former-member-{ana.pk}"):
        assert sign_in(client, login).status_code == 200


def test_profile_picture_is_theirs_no_more_and_its_original_kept(ana):
    avatar = an_avatar(ana)
    left(ana)
    empty_accounts()
    avatar.refresh_from_db()
    assert avatar.removed_at and vault().exists(avatar.picture.original.name)


def test_shared_gallery_goes_to_its_longest_standing_contributor_with_its_address(client, ana, milo):
    gallery = a_gallery(ana, "Birds")
    post = a_post(milo, original=an_original())
    Contributor.objects.create(gallery=gallery, user=milo, accepted_at=timezone.now())
    GalleryEntry.objects.create(gallery=gallery, post=post, added_by=milo, published_at=post.published_at)
    left(ana)
    empty_accounts()
    response = client.get("/members/anaduarte/birds/")
    assert (response.status_code, response["Location"]) == (301, "/members/milo/birds/")
    assert GalleryEntry.objects.get().gallery.author_id == milo.pk


def test_before_the_time_nothing_is_touched(ana):
    left(ana, days=29)
    assert empty_accounts() == 0 and not empty_account(ana)
    assert User.objects.get(pk=ana.pk).email == "ana.duarte@example.org"


def test_who_is_here_or_suspended_is_never_emptied(ana):
    User.objects.filter(pk=ana.pk).update(standing_since=timezone.now() - timedelta(days=99))
    assert not accounts_to_empty().exists() and not empty_account(ana)
    User.objects.filter(pk=ana.pk).update(standing="suspended")
    assert not accounts_to_empty().exists() and not empty_account(ana)


def test_killed_half_way_it_goes_on_and_nobody_comes_back_in_between(client, ana, busy, settings):
    assert not empty_account(ana, most=1)
    half = User.objects.get(pk=ana.pk)
    assert half.emptied_at is None and not half.has_usable_password()
    assert sign_in(client, "anaduarte").status_code == 200
    for _round in range(20):
        if empty_account(ana, most=2):
            break
    assert User.objects.get(pk=ana.pk).emptied_at
    assert PostCounts.objects.get(pk=busy.pk).likes == 2
    assert not empty_account(ana), "a second time there is nothing to do"


def test_one_account_that_fails_hinders_no_other(ana, milo, monkeypatch):
    left(ana), left(milo, days=40)
    shelve = emptying.become_shell

    def fail(user):
        if user.pk == milo.pk:
            raise RuntimeError("a defect")
        return shelve(user)

    monkeypatch.setattr(emptying, "become_shell", fail)
    assert empty_accounts() == 1 and User.objects.get(pk=ana.pk).emptied_at


def test_sweeper_does_it(ana):
    left(ana)
    assert sweep_people()["accounts_emptied"] == 1
    assert sweep_people()["accounts_emptied"] == 0
