"""Moving a post between its author's galleries."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from community.visibility import posts_for
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.move_post import move_post
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.models import FormerAddress, GalleryPage, PostPage
from tests import factories as f
from tests.traces import every_name, ledger_acts, member_acts, public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def post(ana):
    return f.a_post(ana)


@pytest.fixture
def iceland(ana):
    return f.a_gallery(ana, "Iceland")


def visible(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def test_it_stands_below_its_new_gallery_in_the_tree(ana, post, iceland):
    move_post(post, iceland, by=ana)
    post = PostPage.objects.get(pk=post.pk)
    assert post.gallery == iceland
    assert post.get_parent().pk == iceland.pk
    assert post.url_path == f"/home/members/ana/iceland/{post.short_id}/"
    assert GalleryPage.objects.get(pk=iceland.pk).numchild == 1
    assert f.first_gallery(ana).numchild == 0
    assert not any(Page.find_problems())


def test_its_short_id_its_place_in_time_and_its_files_stay(ana, post, iceland):
    files = public_files()
    moved = move_post(post, iceland, by=ana)
    assert (moved.short_id, moved.published_at) == (post.short_id, post.published_at)
    assert public_files() == files


def test_its_old_address_is_remembered(ana, post, iceland):
    move_post(post, iceland, by=ana)
    assert FormerAddress.objects.get().path == f"ana/photos/{post.short_id}"


def test_back_where_it_was_that_address_is_no_former_one(ana, post, iceland):
    post = move_post(post, iceland, by=ana)
    move_post(post, f.first_gallery(ana), by=ana)
    assert FormerAddress.objects.get().path == f"ana/iceland/{post.short_id}"


def test_the_act_stands_in_the_log(ana, post, iceland):
    move_post(post, iceland, by=ana)
    assert member_acts(post.short_id)[-1] == "post.moved"


def test_moving_to_where_it_is_changes_nothing(ana, post):
    move_post(post, f.first_gallery(ana), by=ana)
    assert not FormerAddress.objects.exists()
    assert member_acts(post.short_id) == ["post.published"]


def test_by_others_it_is_refused(post, iceland):
    with pytest.raises(PermissionDenied):
        move_post(post, iceland, by=f.a_member())


def test_into_somebody_elses_gallery_it_is_refused(ana, post):
    with pytest.raises(PermissionDenied):
        move_post(post, f.first_gallery(f.a_member()), by=ana)


def test_into_a_deleted_gallery_it_is_refused(ana, post, iceland):
    delete_gallery(iceland, by=ana)
    with pytest.raises(PermissionDenied):
        move_post(post, iceland, by=ana)


def test_a_page_that_was_read_before_somebody_else_moved_it_moves_from_where_it_is(ana, post, iceland):
    alps = f.a_gallery(ana, "Alps")
    stale = PostPage.objects.get(pk=post.pk)
    move_post(post, iceland, by=ana)
    move_post(stale, alps, by=ana)
    assert set(FormerAddress.objects.values_list("path", flat=True)) == {
        f"ana/photos/{post.short_id}",
        f"ana/iceland/{post.short_id}",
    }
    assert not any(Page.find_problems())


def test_nothing_leaves_a_gallery_that_the_team_took_down(ana, iceland):
    post, moderator = f.a_post(ana, gallery=iceland), f.a_staff_member("Moderators")
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    with pytest.raises(PermissionDenied):
        move_post(post, f.first_gallery(ana), by=ana)
    assert not visible(post)
    restore_gallery(iceland, by=moderator)
    assert visible(post)


def test_a_post_that_was_restored_in_a_deleted_gallery_is_seen_again_once_it_is_moved(ana, iceland):
    """It was taken down when its gallery was deleted, so it was not deleted with it in its author's name."""
    post, moderator = f.a_post(ana, gallery=iceland), f.a_staff_member("Moderators")
    take_down_post(post, by=moderator, reason="Not theirs")
    GalleryPage.objects.filter(pk=iceland.pk).update(author_state="withdrawn")
    restore_post(post, by=moderator)
    assert not visible(post)
    assert not public_files()
    move_post(post, f.first_gallery(ana), by=ana)
    assert visible(post)
    assert public_files() <= every_name(post)


def test_moving_enters_no_ledger(ana, post, iceland):
    """It changes nothing that a visitor may reach."""
    move_post(post, iceland, by=ana)
    assert ledger_acts(post.short_id) == []
