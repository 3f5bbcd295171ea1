"""An author takes the deletion of a post back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.utils import timezone
from wagtail.models import Page

from community.visibility import posts_for
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from tests import factories as f
from tests.traces import every_name, ledger_acts, member_acts, public_files

pytestmark = pytest.mark.django_db


def a_withdrawn_post(author=None, **fields):
    post = f.a_post(author, **fields)
    return withdraw_post(post, by=post.author)


def test_it_comes_back_under_new_rendition_names():
    post = f.a_post()
    before = every_name(post)
    withdraw_post(post, by=post.author)
    undo_withdrawal(post, by=post.author)
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()
    assert public_files()
    assert not public_files() & before


def test_it_keeps_its_place_among_the_others():
    post = f.a_post()
    published_at = post.published_at
    withdraw_post(post, by=post.author)
    assert undo_withdrawal(post, by=post.author).published_at == published_at


def test_the_act_stands_in_the_log_and_in_the_ledger():
    post = a_withdrawn_post()
    undo_withdrawal(post, by=post.author)
    assert member_acts(post.short_id)[-1] == "post.undone"
    assert ledger_acts(post.short_id) == ["post.withdrawn", "post.undone"]


def test_the_ledger_is_entered_after_the_commit(monkeypatch):
    post = a_withdrawn_post()

    def killed(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr("gallery.ledger.enter", killed)
    with pytest.raises(SystemExit):
        undo_withdrawal(post, by=post.author)
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()
    assert ledger_acts(post.short_id) == ["post.withdrawn"]


def test_it_can_be_undone_for_thirty_days():
    post = a_withdrawn_post()
    PostPage.objects.filter(pk=post.pk).update(withdrawn_at=timezone.now() - timedelta(days=29, hours=23))
    assert undo_withdrawal(PostPage.objects.get(pk=post.pk), by=post.author).is_visible


def test_after_thirty_days_it_stays_deleted():
    post = a_withdrawn_post()
    PostPage.objects.filter(pk=post.pk).update(withdrawn_at=timezone.now() - timedelta(days=30, minutes=1))
    with pytest.raises(PermissionDenied):
        undo_withdrawal(post, by=post.author)
    assert not posts_for(AnonymousUser()).exists()


def test_where_its_gallery_was_deleted_it_asks_for_another():
    author = f.a_member()
    gallery = f.a_gallery(author)
    post = a_withdrawn_post(author, gallery=gallery)
    delete_gallery(gallery, by=author)
    with pytest.raises(ValidationError) as asked:
        undo_withdrawal(post, by=author)
    assert asked.value.code == "gallery_needed"


def test_it_comes_back_in_another_gallery():
    author = f.a_member()
    gallery = f.a_gallery(author)
    post = f.a_post(author, gallery=gallery)
    delete_gallery(gallery, by=author)
    post = undo_withdrawal(post, by=author, gallery=f.first_gallery(author))
    assert post.gallery == f.first_gallery(author)
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()
    assert public_files(post)
    assert not any(Page.find_problems())


def test_it_does_not_come_back_into_somebody_elses_gallery():
    post = a_withdrawn_post()
    with pytest.raises(PermissionDenied):
        undo_withdrawal(post, by=post.author, gallery=f.first_gallery(f.a_member()))


def test_in_a_gallery_that_the_team_took_down_it_stays_hidden():
    author, moderator = f.a_member(), f.a_staff_member("Moderators")
    gallery = f.a_gallery(author)
    post = a_withdrawn_post(author, gallery=gallery)
    take_down_gallery(gallery, by=moderator, reason="Not theirs")
    undo_withdrawal(post, by=author)
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()
    restore_gallery(gallery, by=moderator)
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()
    assert public_files()


def test_undo_is_no_way_out_of_a_gallery_that_the_team_took_down():
    author, moderator = f.a_member(), f.a_staff_member("Moderators")
    gallery = f.a_gallery(author)
    post = a_withdrawn_post(author, gallery=gallery)
    take_down_gallery(gallery, by=moderator, reason="Not theirs")
    with pytest.raises(PermissionDenied):
        undo_withdrawal(post, by=author, gallery=f.first_gallery(author))
    assert not public_files()


def test_a_media_host_that_breaks_down_meanwhile_leaves_it_deleted(monkeypatch):
    post = a_withdrawn_post()

    def down(*args, **kwargs):
        raise OSError("down")

    monkeypatch.setattr(storages["media"], "copy_from_vault", down, raising=False)
    with pytest.raises(OSError, match="down"):
        undo_withdrawal(post, by=post.author)
    post.refresh_from_db()
    assert post.is_gone
    assert not public_files()
