"""Drafts: begun, kept to their author, published or discarded."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.utils import timezone
from wagtail.models import Page

from community.visibility import posts_for
from gallery.actions.add_photo import add_photo
from gallery.actions.create_draft import MOST_DRAFTS, create_draft
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.discard_draft import discard_draft
from gallery.actions.edit_post import edit_post
from gallery.actions.move_post import move_post
from gallery.actions.publish_draft import publish_draft
from gallery.actions.reorder_photos import reorder_photos
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Original, Photo, Picture, PostPage, Rendition, Upload
from gallery.permissions import may_edit, may_undo
from gallery.states import AuthorState, TeamState
from tests import factories as f
from tests.traces import ledger, member_acts, public_files

pytestmark = pytest.mark.django_db


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def visible(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def files_of_renditions():
    return {name for name, _size, _modified in storages["vault"].list_names("derived/")}


# --- Beginning one ----------------------------------------------------------------------------------------------------


def test_a_draft_stands_in_its_gallery_without_photos():
    ana = f.a_member("ana")
    draft = create_draft(ana, gallery=f.a_gallery(ana, "Iceland"))
    assert draft.is_draft
    assert draft.title == "Photo by Ana"
    assert draft.address() == f"/members/ana/iceland/{draft.short_id}/"
    assert not draft.photos.exists()
    assert not any(Page.find_problems())
    assert member_acts(draft.short_id) == ["post.drafted"]


def test_it_begins_in_the_gallery_where_its_author_posted_last():
    ana = f.a_member()
    assert create_draft(ana).gallery == f.first_gallery(ana)
    iceland = f.a_gallery(ana, "Iceland")
    f.a_post(ana, gallery=iceland)
    assert create_draft(ana).gallery == iceland


def test_where_that_gallery_is_closed_it_begins_in_the_first_open_one():
    ana = f.a_member()
    iceland = f.a_gallery(ana, "Iceland")
    f.a_post(ana, gallery=iceland)
    delete_gallery(iceland, by=ana)
    assert create_draft(ana).gallery == f.first_gallery(ana)


def test_without_an_open_gallery_its_author_is_told_to_make_one():
    ana = f.a_member()
    take_down_gallery(f.first_gallery(ana), by=None, reason="Not theirs")
    with pytest.raises(ValidationError) as refused:
        create_draft(ana)
    assert refused.value.code == "no_gallery"


def test_the_same_short_id_twice_is_the_same_draft():
    ana = f.a_member()
    one, other = (create_draft(ana, short_id="7Hq2mXk9Ta") for _ in range(2))
    assert one == other
    assert PostPage.objects.count() == 1


def test_a_short_id_that_somebody_else_used_is_no_way_to_theirs():
    theirs = create_draft(f.a_member(), short_id="7Hq2mXk9Ta")
    mine = create_draft(f.a_member(), short_id="7Hq2mXk9Ta")
    assert mine != theirs
    assert mine.short_id != theirs.short_id


def test_only_members_who_may_share_begin_drafts():
    with pytest.raises(PermissionDenied):
        create_draft(f.a_member(verified=False))
    with pytest.raises(PermissionDenied):
        create_draft(f.a_member(), gallery=f.first_gallery(f.a_member()))


def test_a_member_has_a_limited_number_of_drafts():
    ana = f.a_member()
    drafts = [create_draft(ana) for _ in range(MOST_DRAFTS)]
    with pytest.raises(ValidationError) as refused:
        create_draft(ana)
    assert refused.value.code == "too_many_drafts"
    discard_draft(drafts[0], by=ana)
    assert create_draft(ana).is_draft


# --- Private ----------------------------------------------------------------------------------------------------------


def test_nobody_reaches_a_draft_whose_photos_are_ready():
    draft = f.a_draft(caption="Not yet")
    assert draft.photos_ready
    assert not visible(draft)
    assert not draft.live
    assert draft.published_at is None
    assert not public_files()


def test_only_its_author_may_edit_and_publish_it():
    draft, other, moderator = f.a_draft(), f.a_member(), f.a_staff_member("Moderators")
    assert may_edit(draft.author, draft)
    for somebody in (other, moderator, AnonymousUser()):
        assert not may_edit(somebody, draft)
        for act in (publish_draft, discard_draft, edit_post):
            with pytest.raises(PermissionDenied):
                act(draft, by=somebody)
    assert fresh(draft).is_draft


def test_a_draft_that_staff_took_down_and_restored_is_a_draft_still():
    draft, moderator = f.a_draft(), f.a_staff_member("Moderators")
    take_down_post(draft, by=moderator, reason="Not theirs")
    with pytest.raises(PermissionDenied):
        publish_draft(draft, by=draft.author)
    restore_post(draft, by=moderator)
    assert fresh(draft).is_draft
    assert not public_files()


def test_a_draft_moves_to_another_gallery_as_a_draft():
    draft = f.a_draft()
    iceland = f.a_gallery(draft.author, "Iceland")
    move_post(draft, iceland, by=draft.author)
    assert fresh(draft).gallery == iceland
    assert fresh(draft).is_draft


# --- Publishing -------------------------------------------------------------------------------------------------------


def test_a_published_draft_is_seen_at_once_where_its_photos_are_ready():
    draft = f.a_draft(caption="Dawn", photos=2)
    (post,) = publish_draft(draft, by=draft.author)
    assert post.pk == draft.pk
    assert visible(post)
    assert post.title == "Dawn"
    names = {r.public_name for photo in post.photos.all() for r in photo.picture.renditions.all()}
    assert public_files() == names
    assert member_acts(post.short_id)[-1] == "post.published"
    assert not ledger()


def test_it_is_new_as_of_now_however_long_it_was_a_draft():
    draft, before = f.a_draft(), timezone.now()
    PostPage.objects.filter(pk=draft.pk).update(created_at=before - timedelta(days=40))
    (post,) = publish_draft(draft, by=draft.author)
    assert post.created_at >= before
    assert post.published_at >= before


@pytest.mark.queued
def test_it_is_seen_once_the_photos_that_it_waits_for_are_ready(run_tasks):
    draft = f.a_draft(photos=2)
    (post,) = publish_draft(draft, by=draft.author)
    assert not visible(post)
    run_tasks()
    assert visible(post)


def test_without_photos_it_is_refused():
    draft = f.a_draft(photos=0, caption="Words alone")
    with pytest.raises(ValidationError) as refused:
        publish_draft(draft, by=draft.author)
    assert refused.value.code == "no_photos"


def test_with_a_photo_that_failed_it_is_refused_and_says_which():
    draft = f.a_draft()
    add_photo(draft, f.an_original(f.a_broken_picture()), by=draft.author)
    with pytest.raises(ValidationError, match="Photo 2 could not be processed") as refused:
        publish_draft(draft, by=draft.author)
    assert refused.value.code == "photo_failed"
    assert fresh(draft).is_draft


def test_in_a_gallery_that_the_team_took_down_it_is_refused():
    draft = f.a_draft()
    take_down_gallery(draft.gallery, by=None, reason="Not theirs")
    with pytest.raises(ValidationError) as refused:
        publish_draft(draft, by=draft.author)
    assert refused.value.code == "gallery_closed"


def test_published_twice_it_is_one_post_with_one_publication():
    draft = f.a_draft()
    publish_draft(draft, by=draft.author)
    before = public_files()
    (post,) = publish_draft(draft, by=draft.author, separately=True)
    assert post.publications.count() == 1
    assert public_files() == before
    assert member_acts(post.short_id).count("post.published") == 1


def test_a_process_killed_before_it_shows_the_post_loses_nothing_but_time(monkeypatch):
    from gallery.sweep import sweep

    draft = f.a_draft()
    with monkeypatch.context() as killed:
        killed.setattr("gallery.actions.publish_draft.show_when_ready", lambda post: None)
        publish_draft(draft, by=draft.author)
    assert not fresh(draft).live  # nothing counts as visible before its files are public
    PostPage.objects.update(created_at=timezone.now() - timedelta(minutes=3))
    assert sweep()["posts_shown"] == 1
    assert visible(draft)


# --- A post each ------------------------------------------------------------------------------------------------------


@pytest.fixture
def separate():
    """Three posts that came from one draft, each with one photo, in the photos' order."""
    draft = f.a_draft(caption="Three of a kind", photos=3)
    keys = [photo.key for photo in draft.photos.order_by("position")]
    for number, key in enumerate(keys, start=1):
        edit_post(draft, by=draft.author, alt_texts={key: f"Lighthouse {number}"})
    edit_post(draft, by=draft.author, sensitive=True, sensitive_reason="Blood", allow_download=True)
    posts = publish_draft(draft, by=draft.author, separately=True)
    assert posts[0].pk == draft.pk
    assert [photo.key for post in posts for photo in post.photos.all()] == keys
    return posts


def test_each_photo_becomes_a_visible_post_with_the_same_words_and_choices(separate):
    assert len(separate) == 3
    for post in separate:
        assert visible(post)
        assert (post.caption, post.title) == ("Three of a kind", "Three of a kind")
        assert (post.sensitive, post.sensitive_reason, post.allow_download) == (True, "Blood", True)
        assert member_acts(post.short_id)[-1] == "post.published"
    assert len({post.gallery_id for post in separate}) == 1
    assert not any(Page.find_problems())


def test_alternative_texts_go_along_and_so_does_search(separate):
    assert [post.photos.get().alt_text for post in separate] == ["Lighthouse 1", "Lighthouse 2", "Lighthouse 3"]
    assert all("lighthouse" in post.tokens.split() for post in separate)
    assert [post.tokens.split()[-1] for post in separate] == ["1", "2", "3"]


def test_each_has_files_of_its_own(separate):
    publications = [post.publications.get() for post in separate]
    assert len({publication.prefix for publication in publications}) == 3
    withdraw_post(separate[1], by=separate[1].author)
    assert {name.split("/")[0] for name in public_files()} == {publications[0].prefix, publications[2].prefix}


@pytest.mark.queued
def test_photos_that_are_processed_after_they_went_show_the_posts_that_they_went_to(run_tasks):
    draft = f.a_draft(photos=3)
    posts = publish_draft(draft, by=draft.author, separately=True)
    run_tasks()
    assert all(visible(post) for post in posts)


# --- Discarding -------------------------------------------------------------------------------------------------------


def test_discarding_leaves_nothing_of_it_but_a_page_without_words():
    draft = f.a_draft(caption="Not this", photos=2)
    names = list(Original.objects.values_list("sha256", flat=True))
    assert files_of_renditions()
    gone = discard_draft(draft, by=draft.author)
    assert gone.author_state == AuthorState.WITHDRAWN
    assert (gone.caption, gone.tokens) == ("", "")
    for model in (Photo, Picture, Rendition, Original):
        assert not model.objects.exists()
    assert not files_of_renditions()
    assert len(names) == 2
    assert not list(storages["vault"].list_names("originals/"))


def test_there_is_no_undo():
    draft = f.a_draft()
    gone = discard_draft(draft, by=draft.author)
    assert not may_undo(draft.author, gone)


def test_deleting_a_draft_as_one_deletes_a_post_discards_it():
    """Undo of a deletion publishes: of a draft it would publish what its author never did."""
    draft = f.a_draft()
    gone = withdraw_post(draft, by=draft.author)
    assert not may_undo(draft.author, gone)
    assert not Photo.objects.exists()


def test_deleting_its_gallery_discards_it():
    draft = f.a_draft(gallery=None)
    f.a_gallery(draft.author, "Another")
    delete_gallery(draft.gallery, by=draft.author)
    assert fresh(draft).author_state == AuthorState.WITHDRAWN
    assert not Photo.objects.exists()


def test_an_original_that_another_post_shows_stays():
    draft = f.a_draft(photos=0)
    original = f.an_original(by=draft.author)
    f.a_post(original=original)
    add_photo(draft, original, by=draft.author)
    discard_draft(draft, by=draft.author)
    assert storages["vault"].exists(original.name)


def test_an_original_that_somebody_else_has_just_uploaded_stays_and_expires_like_any_that_nothing_uses():
    draft = f.a_draft()
    original = Original.objects.get()
    upload = Upload.objects.create(owner=f.a_member(), size=5, offset=5, original=original)
    own = Upload.objects.create(owner=draft.author, size=5, offset=5, original=original)
    discard_draft(draft, by=draft.author)
    assert storages["vault"].exists(original.name)
    assert Original.objects.get().attached_at is None
    assert Upload.objects.get() == upload != own


def test_a_published_post_is_not_discarded():
    post = f.a_post()
    with pytest.raises(PermissionDenied):
        discard_draft(post, by=post.author)
    assert fresh(post).team_state == TeamState.NONE
    assert visible(post)


def test_reordered_photos_are_published_in_their_new_order():
    draft = f.a_draft(photos=3)
    keys = [photo.key for photo in draft.photos.order_by("position")]
    reorder_photos(draft, keys[::-1], by=draft.author)
    (post,) = publish_draft(draft, by=draft.author)
    assert [photo.key for photo in post.photos_in_order] == keys[::-1]
