"""A takedown and a publication at the same moment: the takedown wins, whichever was first."""

import threading

import pytest
from django.db import OperationalError, connection, connections, transaction

from gallery.actions.withdraw_post import withdraw_post
from gallery.files import media
from gallery.models import Original, Photo, PostPage, Publication, Rendition
from gallery.publication import NotVisible, open_publication, show_when_ready
from gallery.tasks import process_photo
from tests.factories import a_post


class Nothing:
    def enqueue(self, *args):
        pass


def public_files():
    return [name for name, _size, _modified in media().list_names()]


def hidden_for_good(post):
    post.refresh_from_db()
    assert not post.is_visible
    assert public_files() == []
    assert not Rendition.objects.exclude(public_name="").exists()
    assert not Publication.objects.exclude(state="closed").exists()


@pytest.mark.django_db
class TestTakedownBetweenTheStepsOfAPublication:
    """Wagtail inserts a rendition a second after it looked at the state: a takedown in between would lose."""

    @pytest.fixture
    def post(self, both_storages, monkeypatch):
        """A post that is not processed yet."""
        with monkeypatch.context() as patch:
            patch.setattr("gallery.actions.publish_post.process_photo", Nothing())
            return a_post()

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_while_files_are_copied(self, post, monkeypatch, number):
        real, calls = type(media()).copy_from_vault, []

        def copy(self, *args, **options):
            calls.append(1)
            if len(calls) == number:
                withdraw_post(post, by=post.author)
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        process_photo.func(Photo.objects.get().pk)
        assert len(calls) >= number
        hidden_for_good(post)

    def test_after_the_last_file_and_before_the_commit(self, post, monkeypatch):
        from gallery import publication

        real = publication.copy_renditions

        def copy(*args):
            copies = real(*args)
            withdraw_post(post, by=post.author)
            return copies

        monkeypatch.setattr(publication, "copy_renditions", copy)
        process_photo.func(Photo.objects.get().pk)
        hidden_for_good(post)

    def test_while_its_renditions_are_made(self, post, monkeypatch):
        from gallery import imaging

        real = imaging.render
        monkeypatch.setattr(imaging, "render", lambda file: (withdraw_post(post, by=post.author), real(file))[1])
        process_photo.func(Photo.objects.get().pk)
        hidden_for_good(post)
        assert Rendition.objects.exists()


@pytest.mark.postgres  # SQLite lets one write at a time
@pytest.mark.django_db(transaction=True)
class TestTakedownAtTheSameTime:
    def test_takedown_wins_against_publications_that_run_beside_it(self, both_storages):
        post = a_post()
        begun, failures = threading.Event(), []

        def publish_again():
            try:
                for _ in range(5):
                    begun.set()
                    open_publication(PostPage.objects.get(pk=post.pk), lambda locked: None)
            except NotVisible:
                pass
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=publish_again) for _ in range(2)]
        for thread in threads:
            thread.start()
        begun.wait(10)
        withdraw_post(post, by=post.author)
        for thread in threads:
            thread.join(60)
        assert failures == []
        hidden_for_good(post)

    def test_nothing_is_shown_while_somebody_holds_its_original(self):
        """A takedown holds it from its look at who shows it until its commit."""
        post, outcome = a_post(), []

        def publish_again():
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '200ms'")
                outcome.append(open_publication(PostPage.objects.get(pk=post.pk), lambda locked: None))
            except OperationalError as error:
                outcome.append(str(error))
            finally:
                connections.close_all()

        before = public_files()
        with transaction.atomic():
            Original.objects.select_for_update().get()
            thread = threading.Thread(target=publish_again)
            thread.start()
            thread.join(60)
        assert "lock timeout" in outcome[0]
        assert public_files() == before

    def test_two_workers_with_one_photo_end_with_one_publication(self, both_storages):
        post = a_post()
        Publication.objects.update(state="closing")
        PostPage.objects.filter(pk=post.pk).update(photos_ready=False, live=False)
        failures = []

        def show():
            try:
                show_when_ready(PostPage.objects.get(pk=post.pk))
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=show) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failures == []
        assert Publication.objects.filter(state="open").count() == 1
        open_prefix = Publication.objects.get(state="open").prefix
        assert {name.split("/")[0] for name in Rendition.objects.values_list("public_name", flat=True)} == {open_prefix}
