"""The sweeper repeats what was left half-done, and leaves alone what is only under way."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from gallery import imaging, sweep
from gallery.files import StorageUnavailable, media, vault
from gallery.models import GalleryPage, LedgerEntry, Photo, PostPage, Publication
from gallery.states import AuthorState, ProcessingState, TeamState
from gallery.tasks import MOST_ATTEMPTS, make_renditions
from tests.factories import a_post

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
        for age in (timedelta(minutes=4), timedelta(hours=3)):
            overdue(created_at=timezone.now() - age)
            sweep.sweep()
            wait = Photo.objects.get().retry_at - timezone.now()
            assert abs(wait - age) < timedelta(seconds=5)

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
        make_renditions(Photo.objects.select_related("picture__original", "post").get())
        PostPage.objects.update(created_at=timezone.now() - timedelta(minutes=3))
        assert sweep.sweep()["posts_shown"] == 1
        assert PostPage.objects.visible().filter(pk=lost.pk).exists()


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
    assert json.loads(out.getvalue())["photos_queued_again"] == 0
