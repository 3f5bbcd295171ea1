"""What Wagtail and treebeard offer on any page, and what it comes to on members' pages."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction, CopyPagePermissionError
from wagtail.actions.create_alias import CreatePageAliasAction, CreatePageAliasPermissionError
from wagtail.actions.move_page import MovePageAction, MovePagePermissionError
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from community.visibility import posts_for
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, MemberPage, MembersPage, PostPage
from gallery.states import AuthorState, TeamState
from tests import factories as f
from tests.traces import public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return f.a_staff_member("Administrators")


@pytest.fixture
def post():
    return f.a_post()


def fresh(post):
    return PostPage.objects.get(pk=post.pk)


# --- Deleting: treebeard's cascade calls no model's `delete`, so that files would stay ---------------------------------


@pytest.mark.parametrize("model", [PostPage, GalleryPage, MemberPage, MembersPage])
def test_members_pages_are_never_deleted(post, model):
    with pytest.raises(ProtectedError):
        model.objects.first().delete()
    assert fresh(post).is_visible
    assert not any(Page.find_problems())


def test_deleting_the_base_page_is_refused_too_and_leaves_the_tree_whole(post):
    """Treebeard counts the child away before it finds out that it stays; Wagtail's views delete in a transaction."""
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.get(pk=post.pk).delete()
    assert fresh(post).is_visible
    assert not any(Page.find_problems())


def test_deleting_what_stands_above_is_refused(post):
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.filter(depth=2).delete()
    assert fresh(post).is_visible


@pytest.mark.parametrize("model", [GalleryPage, MemberPage])
def test_pages_that_nothing_points_at_are_not_deleted_in_bulk_either(model):
    """A queryset's deletion reaches no `delete` of ours, and no post stands in the way."""
    page = model.objects.get(author=f.a_member()) if model is GalleryPage else f.a_member().member_page
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.filter(pk=page.pk).delete()
    assert model.objects.filter(pk=page.pk).exists()
    assert not any(Page.find_problems())


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_saving_writes_no_column_of_the_tree(post):
    stale = fresh(post)
    before = (stale.path, stale.depth, stale.numchild)
    stale.path, stale.depth, stale.numchild = "00010099", 2, 7
    stale.save()
    assert (fresh(post).path, fresh(post).depth, fresh(post).numchild) == before


def test_saving_a_page_that_was_read_before_brings_no_state_back(post, staff):
    """Wagtail's actions save whole instances."""
    stale = fresh(post)
    withdraw_post(post, by=post.author)
    take_down_post(post, by=staff, reason="Not theirs")
    stale.title = "Saved by Wagtail"
    stale.save()
    found = fresh(post)
    assert found.title == "Saved by Wagtail"
    assert (found.author_state, found.team_state) == (AuthorState.WITHDRAWN, TeamState.TAKEN_DOWN)
    assert not found.live


def test_unpublishing_a_post_that_its_author_has_deleted_meanwhile_keeps_it_deleted(post, staff):
    stale = fresh(post)
    withdraw_post(post, by=post.author)
    UnpublishPageAction(stale, user=staff).execute()
    assert fresh(post).author_state == AuthorState.WITHDRAWN


def test_live_follows_the_states_whoever_set_it(post):
    post.live = False
    post.save()
    assert fresh(post).live
    take_down_post(post, by=None, reason="Removed")
    down = fresh(post)
    down.live = True
    down.save(update_fields=["live"])
    assert not fresh(post).live


# --- Revisions: publishing one overwrites columns with what they were when it was saved --------------------------------


def test_publishing_an_old_revision_brings_no_state_back(post, staff):
    revision = post.save_revision()
    take_down_post(post, by=staff, reason="Not theirs")
    revision.publish()
    found = fresh(post)
    assert found.team_state == TeamState.TAKEN_DOWN
    assert found.team_reason == "Not theirs"
    assert not found.live
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


def test_a_revision_brings_no_state_address_or_owner_of_a_gallery_or_a_members_page_back(post, staff):
    gallery, page, other = post.gallery, post.author.member_page, f.a_member()
    of_gallery, of_page = gallery.serializable_data(), page.serializable_data()
    of_gallery |= {"team_state": "none", "gallery_slug": "elsewhere", "visibility": "public", "author": other.pk}
    of_page |= {"user": other.pk}
    GalleryPage.objects.filter(pk=gallery.pk).update(team_state=TeamState.TAKEN_DOWN, visibility="unlisted")
    gallery.refresh_from_db()
    restored = gallery.with_content_json(of_gallery)
    assert (restored.team_state, restored.visibility) == (TeamState.TAKEN_DOWN, "unlisted")
    assert (restored.gallery_slug, restored.author_id) == (gallery.gallery_slug, post.author_id)
    assert page.with_content_json(of_page).user_id == post.author_id


def test_publishing_an_old_revision_of_a_gallery_shows_nothing_again(post, staff):
    revision = post.gallery.save_revision()
    UnpublishPageAction(post.gallery, user=staff).execute()
    revision.publish()
    assert GalleryPage.objects.get(pk=post.gallery_id).team_state == TeamState.TAKEN_DOWN
    assert not GalleryPage.objects.get(pk=post.gallery_id).live
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


# --- The clock --------------------------------------------------------------------------------------------------------


def test_a_scheduled_revision_does_not_undo_a_takedown(post, staff):
    post.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    take_down_post(post, by=staff, reason="Not theirs")
    call_command("publish_scheduled")
    assert not fresh(post).live
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


def test_a_page_that_expires_is_taken_down(post):
    """The scheduler works on the base page: neither `unpublish` nor `save` of a post is reached, only a signal."""
    Page.objects.filter(pk=post.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert fresh(post).team_state == TeamState.TAKEN_DOWN
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


def test_a_gallery_that_expires_takes_its_posts_along(post):
    Page.objects.filter(pk=post.gallery_id).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


# --- Wagtail's actions ------------------------------------------------------------------------------------------------


def test_unpublishing_is_a_takedown(post, staff):
    UnpublishPageAction(post, user=staff).execute()
    assert fresh(post).team_state == TeamState.TAKEN_DOWN
    assert not public_files()


def test_a_lock_is_no_obstacle_to_a_takedown(post, staff):
    """Wagtail refuses to unpublish a page that somebody else has locked."""
    Page.objects.filter(pk=post.pk).update(locked=True, locked_by=f.a_staff_member("Moderators"))
    UnpublishPageAction(fresh(post), user=staff).execute()
    assert fresh(post).team_state == TeamState.TAKEN_DOWN
    assert not public_files()


def test_unpublishing_a_gallery_hides_its_posts(post, staff):
    """Wagtail leaves pages below one that is not live in reach."""
    UnpublishPageAction(post.gallery, user=staff).execute()
    assert not posts_for(AnonymousUser()).exists()
    assert not public_files()


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        (lambda page, user: CopyPageAction(page, user=user), CopyPagePermissionError),
        (lambda page, user: CreatePageAliasAction(page, user=user), CreatePageAliasPermissionError),
        (
            lambda page, user: MovePageAction(page, page.get_parent(), pos="last-child", user=user),
            MovePagePermissionError,
        ),
    ],
    ids=["copy", "alias", "move"],
)
def test_copies_aliases_and_moves_of_staffs_are_refused(post, staff, action, refused):
    """A copy and an alias stay live on the same picture after the post is gone."""
    with pytest.raises(refused):
        action(post, staff).execute()
    assert PostPage.objects.count() == 1


COPIES = {
    "copy": lambda page, to: page.copy(to=to, update_attrs={"slug": "copy", "short_id": "7Hq2mXk9Ta"}),
    "copy, permissions skipped": lambda page, to: CopyPageAction(
        page, to=to, update_attrs={"slug": "copy", "short_id": "7Hq2mXk9Ta"}
    ).execute(skip_permission_checks=True),
    "alias": lambda page, to: page.create_alias(parent=to, update_slug="alias"),
    "alias, permissions skipped": lambda page, to: CreatePageAliasAction(page, parent=to, update_slug="alias").execute(
        skip_permission_checks=True
    ),
    "copy of the base page": lambda page, to: Page.objects.get(pk=page.pk).copy(
        to=to, update_attrs={"slug": "copy", "short_id": "7Hq2mXk9Ta"}
    ),
}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("model", [PostPage, GalleryPage, MemberPage, MembersPage])
def test_nothing_of_members_is_copied_or_aliased_by_code_that_asks_nobody(post, model, way):
    """A copy stays live on the same pictures after the post is gone, and a second members page stops all joining."""
    page = model.objects.first()
    before = Page.objects.count()
    with pytest.raises(PermissionDenied), transaction.atomic():
        COPIES[way](page, page.get_parent())
    assert Page.objects.count() == before


def test_members_pages_offer_no_privacy_of_wagtails():
    """A page behind Wagtail's password or login would say that something is there, and the files stay public anyway."""
    assert {model: list(model.private_page_options) for model in (PostPage, GalleryPage, MemberPage)} == {
        PostPage: [],
        GalleryPage: [],
        MemberPage: [],
    }
