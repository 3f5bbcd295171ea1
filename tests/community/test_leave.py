"""Leaving: closed at once, everything public gone; the team keeps it."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from community.actions import leave as leaving
from community.actions.leave import leave
from community.actions.suspend_member import lift_suspension, suspend_member
from community.models import TakenName, User
from community.models.users import Standing
from community.tasks import follow_member
from community.visibility import posts_for
from gallery.files import media, vault
from gallery.models import GalleryPage, MemberAct, MemberPage, PostPage, Publication
from gallery.states import HiddenBy
from tests.community.joining import join
from tests.factories import PASSWORD, a_member, a_post, first_gallery

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def public_files():
    return [name for names in Publication.objects.values_list("names", flat=True) for name in names]


def ledger():
    return [vault().open(f"ledger/{name}").read().decode() for name in sorted(vault().listdir("ledger")[1])]


def test_nothing_of_theirs_is_in_reach_at_the_commit_before_any_post_was_touched(ana, monkeypatch):
    post = a_post(ana)
    monkeypatch.setattr(leaving, "bring_posts_in_step", lambda user, most: 0)
    monkeypatch.setattr(leaving, "follow_member", SimpleNamespace(enqueue=lambda user_id: None))
    leave(ana)
    assert again(post).hidden_by == 0, "this test is about the time before"
    assert not posts_for(AnonymousUser()).exists() and not User.objects.members().exists()


def test_posts_are_flagged_and_their_public_files_deleted(ana):
    post = a_post(ana)
    assert public_files() and all(media().exists(name) for name in public_files())
    leave(ana)
    post = again(post)
    assert post.hidden_by == HiddenBy.AUTHOR_LEFT and post.is_gone and not post.live
    assert not any(media().exists(name) for name in public_files())


def test_the_team_keeps_the_original(ana):
    post = a_post(ana)
    leave(ana)
    assert vault().exists(post.photos.get().picture.original.name)


def test_pages_are_no_longer_live(ana):
    leave(ana)
    assert not MemberPage.objects.get(user=ana).live and not GalleryPage.objects.get(author=ana).live


def test_more_posts_than_go_at_once_follow_as_a_task(ana, monkeypatch):
    monkeypatch.setattr(leaving, "INLINE", 1)
    posts = [a_post(ana) for _ in range(3)]
    leave(ana)
    assert {again(post).hidden_by for post in posts} == {HiddenBy.AUTHOR_LEFT}


def test_task_may_run_twice(ana):
    post = a_post(ana)
    leave(ana)
    follow_member.func(ana.pk)
    assert again(post).hidden_by == HiddenBy.AUTHOR_LEFT


def test_it_stands_in_the_log_and_the_ledger(ana):
    leave(ana)
    assert MemberAct.objects.filter(act="member.left", actor=ana, key="ana").exists()
    assert any('"member.left"' in entry and '"ana"' in entry for entry in ledger())


def test_every_session_ends(ana):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(ana)
    leave(ana)
    assert all(client.get("/settings/").url.startswith("/accounts/login/") for client in (here, elsewhere))


def test_name_is_never_given_out_again(client, ana):
    leave(ana)
    assert "username" in join(client, email="other@example.org").context["form"].errors
    assert TakenName.objects.filter(username="ana").exists()


def test_leaving_twice_is_refused(ana):
    leave(ana)
    with pytest.raises(PermissionDenied):
        leave(ana)


def test_suspended_member_can_leave_and_no_staff_brings_them_back(ana):
    suspend_member(ana, by=None, reason="Spam")
    leave(ana)
    with pytest.raises(Exception, match="not suspended"):
        lift_suspension(ana, by=None)
    assert again(ana).standing == Standing.LEFT


def test_other_peoples_posts_stay(ana):
    other = a_post(a_member("milo"))
    leave(ana)
    assert list(posts_for(AnonymousUser())) == [other]


def test_page_asks_for_the_password(client, ana):
    client.force_login(ana)
    response = client.post(reverse("leave"), {"password": "wrong"})
    assert response.status_code == 200 and "password" in response.context["form"].errors
    assert again(ana).standing == Standing.ACTIVE


def test_page_closes_the_account_and_says_goodbye(client, ana):
    client.force_login(ana)
    response = client.post(reverse("leave"), {"password": PASSWORD}, follow=True)
    assert "Your account is closed" in response.content.decode()
    assert again(ana).standing == Standing.LEFT and "_auth_user_id" not in client.session


def test_one_without_a_password_types_their_username(client, ana):
    ana.set_unusable_password()
    ana.save()
    client.force_login(ana)
    assert "username" in client.post(reverse("leave"), {"username": "milo"}).context["form"].errors
    client.post(reverse("leave"), {"username": "Ana"})
    assert again(ana).standing == Standing.LEFT


def test_looking_at_the_page_closes_nothing(client, ana):
    client.force_login(ana)
    assert client.get(reverse("leave")).status_code == 200
    assert again(ana).standing == Standing.ACTIVE


def test_who_left_publishes_nothing_more(ana):
    gallery = first_gallery(ana)
    leave(ana)
    with pytest.raises(PermissionDenied):
        a_post(again(ana), gallery=gallery)
    assert not PostPage.objects.exists()
