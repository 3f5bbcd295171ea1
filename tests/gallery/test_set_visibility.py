"""Whom a post is for: its files, the ledger, and moves between galleries that differ."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from community.visibility import posts_for
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.move_post import move_post
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import StorageUnavailable, media
from gallery.models import GalleryPage, LedgerEntry, PostPage, Purge, Rendition
from gallery.reconcile import reconcile
from gallery.states import Visibility
from gallery.sweep import sweep
from tests import factories as f
from tests.traces import every_name, ledger, ledger_acts, member_acts, public_files

pytestmark = pytest.mark.django_db
PUBLIC, UNLISTED, FOLLOWERS = Visibility.values


def narrow(post, visibility=FOLLOWERS):
    return set_visibility(post, by=post.author, visibility=visibility)


def a_gallery_for(author, visibility):
    gallery = f.a_gallery(author, visibility)
    GalleryPage.objects.filter(pk=gallery.pk).update(visibility=visibility)
    return GalleryPage.objects.get(pk=gallery.pk)


def seen(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


@pytest.mark.usefixtures("both_storages")
class TestFiles:
    def test_narrowed_to_followers_every_public_file_is_gone_when_it_returns(self):
        post, other = f.a_post(), f.a_post()
        narrow(post)
        assert public_files() == every_name(other)
        assert not Rendition.objects.filter(image__photo__post=post).exclude(public_name="").exists()
        assert not seen(post)

    def test_the_cdn_is_told_to_forget_its_prefix(self):
        post = f.a_post()
        prefix = post.publications.get().prefix
        narrow(post)
        assert Purge.objects.get().path == f"{prefix}/"

    def test_widened_again_it_gets_new_names(self):
        post = f.a_post()
        before = public_files()
        narrow(post)
        assert narrow(post, PUBLIC).is_visible
        assert public_files() and not public_files() & before
        assert seen(post)

    @pytest.mark.parametrize("visibilities", [(UNLISTED, PUBLIC)])
    def test_between_everyone_and_everyone_with_the_link_no_file_moves(self, visibilities):
        post = f.a_post()
        before = public_files()
        for visibility in visibilities:
            narrow(post, visibility)
            assert public_files() == before
            assert seen(post)

    def test_a_media_host_that_is_down_leaves_the_files_to_the_sweeper_and_the_post_narrowed(self, monkeypatch):
        post = f.a_post()
        with monkeypatch.context() as patch:

            def down(self, prefix):
                raise StorageUnavailable("down")

            patch.setattr(type(media()), "delete_prefix", down)
            narrow(post)
        assert not seen(post)
        sweep()
        assert public_files() == set()

    def test_a_post_that_is_narrowed_while_it_is_shown_again_stays_narrow(self, monkeypatch):
        post = f.a_post()
        withdraw_post(post, by=post.author)
        real, done = type(media()).copy_from_vault, []

        def copy(self, *args, **options):
            if not done:
                done.append(PostPage.objects.update(visibility=FOLLOWERS, effective_visibility=FOLLOWERS))
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        assert undo_withdrawal(post, by=post.author).is_visible
        assert done
        assert public_files() == set()


class TestStates:
    def test_the_narrower_of_post_and_gallery_holds(self):
        author = f.a_member()
        post = f.a_post(author, gallery=a_gallery_for(author, UNLISTED))
        post = narrow(post, PUBLIC)
        assert (post.visibility, post.effective_visibility) == (PUBLIC, UNLISTED)

    def test_a_draft_is_narrowed_without_a_word_in_the_ledger(self):
        draft = f.a_draft()
        narrow(draft)
        draft.refresh_from_db()
        assert draft.effective_visibility == FOLLOWERS
        assert ledger_acts(draft.short_id) == []

    def test_nobody_else_and_nothing_that_the_team_took_down(self):
        post = f.a_post()
        with pytest.raises(PermissionDenied):
            set_visibility(post, by=f.a_member(), visibility=FOLLOWERS)
        take_down_post(post, by=f.a_staff_member("Moderators"), reason="Not theirs")
        with pytest.raises(PermissionDenied):
            narrow(post)

    def test_what_is_no_visibility_is_refused(self):
        with pytest.raises(ValidationError):
            narrow(f.a_post(), "nobody")

    def test_nothing_differs_for_reconcile_afterwards(self):
        narrow(f.a_post())
        assert {kind for kind, count in reconcile(at_once=True)["found"].items() if count} == set()

    def test_a_post_narrowed_past_every_action_loses_its_public_files(self):
        f.a_post()
        PostPage.objects.update(visibility=FOLLOWERS, effective_visibility=FOLLOWERS)
        assert reconcile()["mended"]["publication_of_hidden_post"] == 1
        assert public_files() == set()


class TestLedger:
    @pytest.mark.parametrize("visibility", [UNLISTED, FOLLOWERS])
    def test_narrowing_is_entered_before_the_commit_and_widening_after_it(self, visibility, monkeypatch):
        post = f.a_post()
        narrow(post, visibility)
        narrow(post, PUBLIC)
        assert ledger_acts(post.short_id) == ["post.narrowed", "post.widened"]
        assert [entry["state"]["visibility"] for entry in ledger()] == [visibility, PUBLIC]

        def crash(*args, **kwargs):
            raise SystemExit

        monkeypatch.setattr("gallery.ledger.enter", crash)
        with pytest.raises(SystemExit):
            narrow(post, visibility)
        post.refresh_from_db()
        assert post.effective_visibility == PUBLIC  # nothing was committed

    def test_the_act_stands_in_the_members_log_once(self):
        post = f.a_post()
        narrow(post)
        narrow(post)
        assert member_acts(post.short_id) == ["post.published", "post.visibility_changed"]

    def test_a_vault_that_is_down_does_not_stop_it(self, vault_is_down):
        narrow(f.a_post())
        assert public_files() == set()
        assert LedgerEntry.objects.get().body["act"] == "post.narrowed"


class TestMoves:
    @pytest.fixture
    def ana(self):
        return f.a_member("ana")

    def test_into_a_gallery_for_followers_takes_the_public_files_away(self, ana):
        post = f.a_post(ana)
        move_post(post, a_gallery_for(ana, FOLLOWERS), by=ana)
        assert public_files() == set()
        assert not seen(post)
        assert ledger_acts(post.short_id) == ["post.narrowed"]

    def test_out_of_it_shows_the_post_under_new_names(self, ana):
        post = f.a_post(ana, gallery=a_gallery_for(ana, FOLLOWERS))
        post.visibility = PUBLIC
        PostPage.objects.update(visibility=PUBLIC)
        assert public_files() == set()
        move_post(post, f.first_gallery(ana), by=ana)
        assert public_files()
        assert seen(post)
        assert ledger_acts(post.short_id) == ["post.widened"]

    def test_of_all_posts_when_a_gallery_is_deleted_counts_as_well(self, ana):
        photos, secret = f.first_gallery(ana), a_gallery_for(ana, FOLLOWERS)
        f.a_post(ana, gallery=photos)
        delete_gallery(photos, by=ana, move_to=secret)
        assert public_files() == set()

    def test_of_a_deleted_post_touches_no_file(self, ana):
        post = f.a_post(ana)
        secret = a_gallery_for(ana, FOLLOWERS)
        withdraw_post(post, by=ana)
        assert undo_withdrawal(post, by=ana, gallery=secret).is_visible
        assert public_files() == set()
