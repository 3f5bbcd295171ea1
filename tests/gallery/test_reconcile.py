"""What `reconcile_media` finds and mends, on folders and on the S3 server."""

import io
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.core.management import call_command
from django.utils import timezone

from gallery.actions.receive_upload import begin_upload
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import media, vault
from gallery.models import GalleryPage, LedgerEntry, Original, Photo, PostPage, Publication, Purge, Rendition
from gallery.reconcile import KINDS, paired, reconcile
from gallery.states import AuthorState, HiddenBy, ProcessingState, TeamState
from tests.factories import a_further_photo, a_member, a_post, an_original
from tests.uploading import in_scratch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_storages")]

STRAY = "f" * 32


def names(storage, prefix=""):
    return {name for name, _size, _modified in storage.list_names(prefix)}


def public_names():
    return set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))


def of(counts):
    """The kinds with a count other than 0."""
    return {kind: count for kind, count in counts.items() if count}


@pytest.fixture
def post():
    return a_post()


class TestNothingToDo:
    def test_a_healthy_site_shows_no_finding(self, post):
        a_post(photos=2)
        assert of(reconcile(mend=True, at_once=True)["found"]) == {}
        assert names(media()) == public_names() != set()

    def test_an_empty_site_shows_no_finding(self):
        assert of(reconcile(mend=True, at_once=True)["found"]) == {}

    def test_command_prints_every_kind_as_json(self, post):
        out = StringIO()
        call_command("reconcile_media", stdout=out)
        counts = json.loads(out.getvalue())
        assert set(counts["found"]) == set(counts["mended"]) == set(KINDS)


class TestPublicFilesOfWhatIsNotPublic:
    @pytest.mark.parametrize(
        "states",
        [
            {"team_state": TeamState.TAKEN_DOWN},
            {"team_state": TeamState.HELD},
            {"author_state": AuthorState.WITHDRAWN},
            {"hidden_by": int(HiddenBy.AUTHOR_SUSPENDED)},
            {"photos_ready": False},
        ],
    )
    def test_post_hidden_past_every_action_loses_its_public_files(self, post, states):
        PostPage.objects.filter(pk=post.pk).update(live=False, **states)
        Photo.objects.filter(post=post, post__photos_ready=False).update(state=ProcessingState.FAILED)
        assert of(reconcile()["mended"]) == {"publication_of_hidden_post": 1}
        assert names(media()) == set() == public_names()

    def test_post_of_a_suspended_author_loses_its_public_files(self, post):
        type(post.author).objects.filter(pk=post.author_id).update(standing="suspended")
        assert reconcile()["mended"]["publication_of_hidden_post"] == 1
        assert names(media()) == set()

    def test_post_in_a_closed_gallery_loses_its_public_files(self, post):
        GalleryPage.objects.filter(pk=post.gallery_id).update(team_state=TeamState.TAKEN_DOWN)
        mended = reconcile()["mended"]
        assert mended["publication_of_hidden_post"] == mended["closed_gallery_with_visible_posts"] == 1
        assert names(media()) == set()
        assert not PostPage.objects.visible().filter(pk=post.pk).exists()

    def test_other_posts_keep_theirs(self, post):
        other = a_post()
        PostPage.objects.filter(pk=post.pk).update(team_state=TeamState.TAKEN_DOWN, live=False)
        reconcile()
        prefix = Publication.objects.get(post=other, state="open").prefix
        assert names(media()) == names(media(), f"{prefix}/") != set()

    @pytest.mark.parametrize("state", ["opening", "closing"])
    def test_publication_that_a_killed_process_left_is_closed(self, post, state):
        left = Publication.objects.create(post=post, state=state, prefix=STRAY)
        Publication.objects.filter(pk=left.pk).update(changed_at=timezone.now() - timedelta(minutes=5))
        media().save(f"{STRAY}/a/1.webp", ContentFile(b"x"))
        assert of(reconcile()["mended"]) == {"unfinished_publication": 1}
        assert names(media()) == public_names()
        left.refresh_from_db()
        assert left.state == "closed"

    def test_publication_that_is_being_opened_is_left_alone(self, post):
        Publication.objects.create(post=post, state="opening", prefix=STRAY)
        media().save(f"{STRAY}/a/1.webp", ContentFile(b"x"))
        assert of(reconcile(mend=True)["found"]) == {}
        assert f"{STRAY}/a/1.webp" in names(media())

    def test_files_of_a_closed_publication_go_at_once(self, post):
        name = min(public_names())
        withdraw_post(post, by=post.author)
        media().save(name, ContentFile(b"x"))
        assert of(reconcile()["mended"]) == {"public_file_without_open_publication": 1}
        assert names(media()) == set()

    def test_files_that_no_publication_knows_go_when_they_are_old_enough(self, post):
        """After a roll-back of the database its rows are older than the files."""
        media().save(f"{STRAY}/a/1.webp", ContentFile(b"x"))
        assert of(reconcile()["found"]) == {}
        assert of(reconcile(at_once=True)["mended"]) == {"public_file_without_open_publication": 1}
        assert names(media()) == public_names()

    def test_file_with_an_odd_name_goes_too(self, post):
        media().save("odd.webp", ContentFile(b"x"))
        reconcile(at_once=True)
        assert "odd.webp" not in names(media())

    def test_file_of_an_open_publication_that_no_row_names_goes(self, post):
        prefix = Publication.objects.get(post=post).prefix
        media().save(f"{prefix}/{STRAY}/1.webp", ContentFile(b"x"))
        assert of(reconcile(at_once=True)["mended"]) == {"public_file_without_row": 1}
        assert names(media()) == public_names() != set()


class TestPhotosOfVisiblePosts:
    @pytest.mark.parametrize(
        "change",
        [{"removed_at": timezone.now()}, {"team_state": TeamState.TAKEN_DOWN}, {"state": ProcessingState.FAILED}],
    )
    def test_photo_hidden_past_every_action_loses_its_public_files_and_the_others_keep_theirs(self, change):
        post = a_post(photos=2)
        photo, other = post.photos.order_by("position")
        Photo.objects.filter(pk=photo.pk).update(**change)
        assert of(reconcile()["mended"]) == {"public_file_of_hidden_photo": 1}
        kept = set(other.picture.renditions.values_list("public_name", flat=True))
        assert names(media()) == public_names() == kept
        assert of(reconcile(at_once=True)["found"]) == {}

    @pytest.mark.parametrize("state", [ProcessingState.PENDING, ProcessingState.FAILED])
    def test_photo_that_waits_or_failed_brings_no_new_publication(self, post, state):
        added = a_further_photo(post)
        Photo.objects.filter(pk=added.pk).update(state=state)
        before = names(media())
        found = of(reconcile()["found"])
        assert "rendition_without_public_file" not in found
        assert names(media()) == before

    def test_ready_photo_whose_worker_died_is_shown(self, post):
        added = a_further_photo(post)
        Photo.objects.filter(pk=added.pk).update(retry_at=timezone.now() - timedelta(seconds=1))
        assert of(reconcile()["mended"]) == {"ready_photo_not_shown": 1}
        assert added.picture.renditions.exclude(public_name="").exists()
        assert names(media()) == public_names()

    def test_ready_photo_that_nobody_looks_after_is_published_with_its_post(self, post):
        added = a_further_photo(post)
        assert of(reconcile()["mended"]) == {"rendition_without_public_file": 1}
        assert added.picture.renditions.exclude(public_name="").exists()
        assert names(media()) == public_names()

    def test_folder_that_was_never_emptied_is_and_the_cdn_is_asked(self, post):
        prefix = Publication.objects.get(post=post).prefix
        folder = f"{prefix}/{STRAY}/"
        media().save(f"{folder}1.webp", ContentFile(b"x"))
        Purge.objects.create(path=folder)
        Purge.objects.update(created_at=timezone.now() - timedelta(hours=2))
        assert of(reconcile()["mended"]) == {"overdue_purge": 1}
        assert names(media()) == public_names()
        assert Purge.objects.get().purged_at


class TestVisibleWithoutPublicFiles:
    def test_missing_public_file_brings_a_new_publication(self, post):
        media().delete(min(public_names()))
        assert reconcile()["mended"]["rendition_without_public_file"] == 1
        assert names(media()) == public_names() != set()

    def test_visible_post_without_a_publication_gets_one(self, post):
        Publication.objects.filter(post=post).update(state="closing")
        Rendition.objects.update(public_name="")
        assert of(reconcile()["mended"]) == {"unfinished_publication": 1, "shown_post_without_publication": 1}
        assert names(media()) == public_names() != set()

    def test_post_whose_worker_died_before_the_last_step_is_shown(self, post):
        Publication.objects.filter(post=post).update(state="closing")
        Rendition.objects.update(public_name="")
        PostPage.objects.filter(pk=post.pk).update(photos_ready=False, live=False)
        assert reconcile(at_once=True)["mended"]["ready_post_not_shown"] == 1
        assert PostPage.objects.visible().get().live
        assert names(media()) == public_names() != set()


class TestStates:
    @pytest.mark.parametrize("live", [True, False])
    def test_live_follows_the_states_again_after_raw_sql(self, post, live):
        """Wagtail expires pages on the base model, and raw SQL reaches neither our save nor any signal."""
        hidden = {} if not live else {"team_state": TeamState.TAKEN_DOWN}
        PostPage.objects.filter(pk=post.pk).update(**hidden)
        PostPage.objects.filter(pk=post.pk).update(live=live)
        assert reconcile()["mended"]["live_differs_from_states"] == 1
        post.refresh_from_db()
        assert post.live is not live

    def test_posts_of_a_restored_gallery_are_shown_when_the_task_was_lost(self, post):
        PostPage.objects.filter(pk=post.pk).update(hidden_by=int(HiddenBy.GALLERY_TAKEN_DOWN), live=False)
        assert reconcile()["mended"]["open_gallery_with_hidden_posts"] == 1
        assert PostPage.objects.visible().filter(pk=post.pk).exists()

    def test_pending_ledger_entries_are_written_out(self):
        LedgerEntry.objects.create(name="ledger/20260101T000000Z-1", body={"act": "post.taken_down"})
        assert of(reconcile()["mended"]) == {"pending_ledger_entry": 1}
        with vault().open("ledger/20260101T000000Z-1") as entry:
            assert json.loads(entry.read()) == {"act": "post.taken_down"}
        assert not LedgerEntry.objects.exists()


class TestOriginals:
    def test_file_without_a_row_is_found_and_only_with_mend_adopted(self):
        original = an_original()
        Original.objects.all().delete()
        assert of(reconcile(at_once=True)["found"]) == {"original_without_row": 1}
        assert not Original.objects.exists()
        assert of(reconcile(at_once=True, mend=True)["mended"]) == {"original_without_row": 1}
        adopted = Original.objects.get()
        assert (adopted.sha256, adopted.size, adopted.mime) == (original.sha256, original.size, original.mime)

    def test_young_file_without_a_row_is_left_alone(self):
        an_original()
        Original.objects.all().delete()
        assert of(reconcile(mend=True)["found"]) == {}

    def test_file_without_a_row_that_is_no_picture_is_adopted_too(self):
        sha256 = "ab" * 32
        vault().save(f"originals/ab/ab/{sha256}", ContentFile(b"no picture"))
        reconcile(at_once=True, mend=True)
        assert Original.objects.get().mime == "application/octet-stream"

    def test_original_of_other_bytes_than_its_name_says_is_found_by_verifying(self, post, caplog):
        kept, lost = Original.objects.get(), "ab" * 32
        vault().save(f"originals/ab/ab/{lost}", ContentFile(b"other bytes"))
        assert reconcile()["found"]["damaged_original"] == 0
        out = StringIO()
        call_command("reconcile_media", "--verify", stdout=out)
        counts = json.loads(out.getvalue())
        assert (counts["found"]["damaged_original"], counts["mended"]["damaged_original"]) == (1, 0)
        assert f"originals/ab/ab/{lost} is damaged" in caplog.text
        assert f"{kept.name} is damaged" not in caplog.text

    def test_stranger_among_the_originals_is_named_and_left(self, caplog):
        vault().save("originals/readme.txt", ContentFile(b"hello"))
        counts = reconcile(at_once=True, mend=True)
        assert (counts["found"]["original_without_row"], counts["mended"]["original_without_row"]) == (1, 0)
        assert "originals/readme.txt" in caplog.text

    def test_row_without_a_file_is_named_and_stays(self, post, caplog):
        original = Original.objects.get()
        vault().remove_original(original.name, why="a test")
        counts = reconcile(mend=True)
        assert (counts["found"]["original_without_file"], counts["mended"]["original_without_file"]) == (1, 0)
        assert f"{original.name} is lost" in caplog.text

    def test_original_that_was_never_attached_goes_after_7_days_with_mend(self):
        original = an_original()
        Original.objects.update(first_seen_at=timezone.now() - timedelta(days=7, minutes=1))
        assert of(reconcile()["found"]) == {"unattached_original": 1}
        assert vault().exists(original.name)
        reconcile(mend=True)
        assert not Original.objects.exists()
        assert not vault().exists(original.name)

    @pytest.mark.parametrize("attached", [True, False])
    def test_original_that_is_young_or_in_use_stays(self, attached):
        original = a_post().photos.get().picture.original if attached else an_original()
        if attached:
            Original.objects.update(first_seen_at=timezone.now() - timedelta(days=100), attached_at=None)
        assert of(reconcile(mend=True)["found"]) == {}
        assert vault().exists(original.name)


class TestDerivedFiles:
    def test_file_without_a_row_goes_with_mend(self, post):
        before = names(vault(), "derived/")
        vault().save("derived/a/1.webp", ContentFile(b"x"))
        assert of(reconcile(at_once=True)["found"]) == {"derived_file_without_row": 1}
        assert of(reconcile(at_once=True, mend=True)["mended"]) == {"derived_file_without_row": 1}
        assert names(vault(), "derived/") == before

    def test_rendition_whose_file_is_gone_is_made_again_and_published(self, post):
        rendition = post.photos.get().picture.renditions.get(filter_spec="width-320")
        vault().delete(rendition.file.name)
        assert reconcile(mend=True)["mended"]["rendition_without_file"] == 1
        reconcile(at_once=True)
        again = post.photos.get().picture.renditions.get(filter_spec="width-320")
        assert vault().exists(again.file.name)
        assert names(media()) == public_names()
        assert again.public_name in names(media())


def test_walking_two_sorted_lists_side_by_side_pairs_what_is_equal():
    left, right = [("a", 1), ("c", 2), ("d", 3)], [("b", 4), ("c", 5)]
    assert list(paired(left, right)) == [("a", 1, None), ("b", None, 4), ("c", 2, 5), ("d", 3, None)]
    assert list(paired([], right)) == [("b", None, 4), ("c", None, 5)]


class TestPartsOfUploads:
    @pytest.fixture
    def begun(self):
        return begin_upload(a_member(), 10_000_000, io.BytesIO(bytes(50)), 50)

    def stray(self, key):
        """A part that no row names: its request was killed, or lost a race."""
        return storages["default"].save(f"uploads/{key}-50-0123", ContentFile(b"bytes"))

    @pytest.mark.parametrize("whose", ["of an upload that is gone", "of one that goes on"])
    def test_a_part_that_no_row_names_goes(self, begun, whose):
        self.stray(begun.key if whose == "of one that goes on" else "f" * 32)
        result = reconcile(at_once=True)
        assert of(result["found"]) == of(result["mended"]) == {"upload_part_without_row": 1}
        assert in_scratch() == begun.parts

    def test_one_of_today_may_still_get_its_row(self):
        self.stray("f" * 32)
        assert of(reconcile()["found"]) == {}
        assert len(in_scratch()) == 1

    def test_what_others_put_into_the_scratch_storage_is_left_alone(self):
        name = storages["default"].save("wagtail_uploads/x.jpg", ContentFile(b"bytes"))
        assert of(reconcile(at_once=True, mend=True)["found"]) == {}
        assert storages["default"].exists(name)

    def test_a_scratch_storage_that_cannot_list_is_left_alone(self, monkeypatch):
        monkeypatch.setattr("gallery.reconcile.scratch", InMemoryStorage)
        assert of(reconcile(at_once=True)["found"]) == {}
