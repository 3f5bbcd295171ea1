"""The sweeper repeats what was left half-done, and leaves alone what is only under way."""

import io
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from gallery import imaging, sweep
from gallery.actions.add_photo import add_photo
from gallery.actions.discard_draft import discard_draft
from gallery.actions.edit_post import edit_post
from gallery.actions.receive_upload import begin_upload
from gallery.actions.remove_upload import expire_upload
from gallery.files import StorageUnavailable, media, vault
from gallery.models import GalleryPage, LedgerEntry, Original, Photo, PostPage, Publication, Upload
from gallery.processing import MOST_ATTEMPTS, process
from gallery.states import AuthorState, ProcessingState, TeamState
from gallery.tasks import process_photo
from tests.factories import a_draft, a_member, a_post, an_original
from tests.uploading import in_scratch

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(monkeypatch):
    """A post whose task was lost before it began: the worker was killed, and the queue forgets."""
    with monkeypatch.context() as patch:
        patch.setattr("gallery.actions.publish_post.process_photo", Nothing())
        return a_post()


class Nothing:
    def enqueue(self, *args):
        pass


def overdue(**fields):
    Photo.objects.update(retry_at=timezone.now() - timedelta(seconds=1), **fields)


class TestPhotos:
    def test_photo_past_its_deadline_is_processed_and_its_post_shown(self, lost):
        overdue()
        assert sweep.sweep()["photos_queued_again"] == 1
        assert PostPage.objects.visible().filter(pk=lost.pk).exists()

    def test_photo_before_its_deadline_is_left_to_the_queue(self, lost):
        assert sweep.sweep()["photos_queued_again"] == 0

    def test_photo_that_never_got_a_deadline_is_found_too(self, lost):
        Photo.objects.update(retry_at=None, created_at=timezone.now() - timedelta(minutes=10))
        assert sweep.sweep()["photos_queued_again"] == 1

    @pytest.mark.queued
    def test_each_time_it_waits_longer(self, lost):
        for age in (timedelta(minutes=4), timedelta(minutes=50)):
            overdue(created_at=timezone.now() - age)
            sweep.sweep()
            wait = Photo.objects.get().retry_at - timezone.now()
            assert abs(wait - age) < timedelta(seconds=5)

    @pytest.mark.queued
    def test_an_old_one_that_is_tried_again_does_not_wait_as_long_as_it_is_old(self, lost):
        overdue(created_at=timezone.now() - timedelta(days=9))
        sweep.sweep()
        assert Photo.objects.get().retry_at - timezone.now() < timedelta(minutes=65)

    def test_photo_that_fails_again_and_again_is_given_up_with_a_reason_for_its_author(self, lost, caplog):
        overdue(attempts=MOST_ATTEMPTS)
        assert sweep.sweep()["photos_queued_again"] == 0
        photo = Photo.objects.get()
        assert photo.state == ProcessingState.FAILED
        assert "could not be processed" in photo.failure
        assert "given up" in caplog.text

    def test_vault_that_is_down_for_a_while_loses_no_photo(self, lost, monkeypatch):
        with monkeypatch.context() as patch:

            def down(file):
                raise StorageUnavailable("down")

            patch.setattr(imaging, "render", down)
            overdue()
            sweep.sweep()
        photo = Photo.objects.get()
        assert (photo.state, photo.attempts) == (ProcessingState.PENDING, 1)
        overdue()
        sweep.sweep()
        assert PostPage.objects.visible().filter(pk=lost.pk).exists()

    def test_post_whose_photos_are_all_ready_is_shown(self, lost):
        process(Photo.objects.select_related("picture__original", "post").get(), imaging.render)
        PostPage.objects.update(created_at=timezone.now() - timedelta(minutes=3))
        assert sweep.sweep()["posts_shown"] == 1
        assert PostPage.objects.visible().filter(pk=lost.pk).exists()

    @pytest.mark.queued
    def test_photo_whose_worker_was_killed_before_its_visible_post_showed_it_is_shown(self, monkeypatch, run_tasks):
        post = a_post()
        run_tasks()
        photo = add_photo(post, an_original(), by=post.author)

        def killed(photo):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("gallery.tasks.show_photo", killed)
            process_photo.func(photo.pk)
        assert sweep.sweep()["photos_shown"] == 0  # not before its deadline
        Photo.objects.filter(pk=photo.pk).update(retry_at=timezone.now() - timedelta(seconds=1))
        assert sweep.sweep()["photos_shown"] == 1
        assert PostPage.objects.get().photos_in_order[-1] == photo
        assert sweep.sweep()["photos_shown"] == 0

    def test_photo_of_a_draft_is_queued_again_like_any_other_and_shows_nothing(self, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("gallery.actions.add_photo.process_photo", Nothing())
            draft = a_draft()
        overdue()
        assert sweep.sweep()["photos_queued_again"] == 1
        assert draft.photos.get().is_ready
        assert not PostPage.objects.visible().exists()


class TestDrafts:
    @pytest.fixture
    def old_drafts(self):
        """Drafts that were begun eight days ago: an empty one, one with words, one with a photo."""
        author = a_member()
        drafts = [a_draft(author, photos=0), a_draft(author, photos=0, caption="Words"), a_draft(author)]
        PostPage.objects.update(created_at=timezone.now() - timedelta(days=8))
        return drafts

    def test_only_what_was_begun_and_left_empty_is_discarded(self, old_drafts):
        assert sweep.sweep()["empty_drafts_discarded"] == 1
        states = [PostPage.objects.get(pk=draft.pk).author_state for draft in old_drafts]
        assert states == [AuthorState.WITHDRAWN, AuthorState.DRAFT, AuthorState.DRAFT]
        assert sweep.sweep()["empty_drafts_discarded"] == 0

    def test_a_fresh_one_is_left_alone(self):
        a_draft(photos=0)
        assert sweep.sweep()["empty_drafts_discarded"] == 0

    def test_one_that_its_author_goes_on_with_at_that_moment_is_left_alone(self, old_drafts):
        """Between the look and the lock a word came in."""
        empty = sweep.empty_drafts()[0]
        edit_post(empty, by=empty.author, caption="Words after all")
        with pytest.raises(PermissionDenied):
            discard_draft(empty, by=None)
        assert PostPage.objects.get(pk=empty.pk).is_draft


class TestPublications:
    def test_publication_left_closing_loses_its_files(self, local_storages, monkeypatch):
        """The media host was down when the post was taken down."""
        post = a_post()
        publication = Publication.objects.get(post=post)
        PostPage.objects.filter(pk=post.pk).update(team_state=TeamState.TAKEN_DOWN, live=False)
        with monkeypatch.context() as patch:

            def down(prefix):
                raise StorageUnavailable("down")

            patch.setattr(media(), "delete_prefix", down, raising=False)
            Publication.objects.update(state="closing")
            assert sweep.sweep()["publications_closed"] == 0
        assert list(media().list_names(f"{publication.prefix}/"))
        assert sweep.sweep()["publications_closed"] == 1
        assert not list(media().list_names())

    def test_publication_that_is_being_opened_is_left_alone_until_its_deadline(self):
        post = a_post()
        publication = Publication.objects.create(post=post)
        assert sweep.sweep()["publications_closed"] == 0
        Publication.objects.filter(pk=publication.pk).update(changed_at=timezone.now() - timedelta(minutes=3))
        assert sweep.sweep()["publications_closed"] == 1


class TestGalleries:
    @pytest.mark.parametrize("closed", [{"team_state": TeamState.TAKEN_DOWN}, {"author_state": AuthorState.WITHDRAWN}])
    def test_posts_of_a_closed_gallery_follow_when_the_task_was_lost(self, closed):
        post = a_post()
        GalleryPage.objects.filter(pk=post.gallery_id).update(**closed)
        assert sweep.sweep()["galleries_followed"] == 1
        assert not PostPage.objects.visible().exists()
        assert not list(media().list_names())
        assert sweep.sweep()["galleries_followed"] == 0


class TestLedger:
    def test_entries_that_the_vault_did_not_take_are_written(self):
        LedgerEntry.objects.create(name="ledger/1", body={"act": "post.withdrawn"})
        assert sweep.sweep()["ledger_entries_written"] == 1
        assert vault().exists("ledger/1")


def test_step_that_fails_hinders_no_other(monkeypatch, caplog):
    LedgerEntry.objects.create(name="ledger/1", body={})

    def broken(**options):
        raise RuntimeError("a defect")

    monkeypatch.setattr(sweep, "finish_publications", broken)
    done = sweep.sweep()
    assert (done["publications_closed"], done["ledger_entries_written"]) == (0, 1)
    assert "publications_closed" in caplog.text


def test_command_prints_what_was_done():
    out = StringIO()
    call_command("sweep", stdout=out)
    done = json.loads(out.getvalue())
    assert done["photos_queued_again"] == done["accounts_emptied"] == 0, "of pictures and of people"


class TestUploads:
    @pytest.fixture
    def begun(self):
        """An upload whose first part has come."""
        return begin_upload(a_member(), 10_000_000, io.BytesIO(bytes(50)), 50)

    def last_changed(self, **ago):
        Upload.objects.update(changed_at=timezone.now() - timedelta(**ago))

    def test_one_that_nobody_continued_for_a_day_goes_with_its_parts(self, begun):
        self.last_changed(hours=25)
        assert sweep.sweep()["uploads_expired"] == 1
        assert (Upload.objects.count(), in_scratch()) == (0, [])

    def test_one_of_today_stays(self, begun):
        self.last_changed(hours=23)
        assert sweep.sweep()["uploads_expired"] == 0
        assert in_scratch() == begun.parts

    @pytest.mark.parametrize("refusal", ["", "This is a letter."])
    def test_a_finished_or_refused_one_stays_a_week(self, refusal):
        original = None if refusal else an_original()
        Upload.objects.create(owner=a_member(), size=9, offset=0 if refusal else 9, original=original, refusal=refusal)
        self.last_changed(days=6, hours=23)
        assert sweep.sweep()["uploads_expired"] == 0
        self.last_changed(days=7, hours=1)
        assert sweep.sweep()["uploads_expired"] == 1

    def test_its_original_stays_as_long_as_any(self):
        Upload.objects.create(owner=a_member(), size=9, offset=9, original=an_original())
        self.last_changed(days=8)
        sweep.sweep()
        assert Original.objects.exists()

    def test_one_that_is_continued_at_this_moment_stays(self, begun):
        self.last_changed(hours=25)
        found = Upload.objects.get()
        self.last_changed(hours=0)
        assert not expire_upload(found)
        assert in_scratch() == begun.parts
