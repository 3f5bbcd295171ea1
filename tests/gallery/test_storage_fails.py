"""Storages that fail in the middle of coming and going: what is out of reach stays so, nothing is half-public, and the
sweeper finishes it once they are back."""

import errno
import shutil
import socket
from contextlib import contextmanager
from datetime import timedelta

import pytest
from botocore.config import Config
from django.core.files.storage import storages
from django.utils import timezone

from gallery.actions.remove_photo import remove_photo
from gallery.actions.set_visibility import set_visibility
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import StorageUnavailable
from gallery.models import Photo, PostPage, Publication, Purge, Rendition
from gallery.photo_publication import show_photo
from gallery.sweep import sweep
from pixlpix.storages import S3Media, S3Vault
from tests.factories import a_further_photo, a_post
from tests.traces import every_name, public_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("local_storages")]


@pytest.fixture
def no_server(monkeypatch):
    """The address of a port where nobody listens, and of one that takes connections and never answers."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refused = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        yield {"stopped": refused, "slow": f"http://127.0.0.1:{silent.getsockname()[1]}"}


@pytest.fixture
def failing(no_server, monkeypatch):
    """`with failing("media", "stopped")`: that storage is an S3 server which does not answer, or not in time."""

    # A copy is asked for by the names of both buckets; here the sound storages are folders.
    monkeypatch.setattr(storages["vault"], "bucket_name", "nowhere", raising=False)
    monkeypatch.setattr(storages["vault"], "_normalize_name", str, raising=False)

    @contextmanager
    def fail(alias, how):
        options = {"endpoint_url": no_server[how], "region_name": "us-east-1", "addressing_style": "path"}
        broken = {"media": S3Media, "vault": S3Vault}[alias](bucket_name="nowhere", **options)
        limits = Config(connect_timeout=0.2, read_timeout=0.2, retries={"mode": "standard", "total_max_attempts": 1})
        broken.client_config = broken.client_config.merge(limits)
        sound = storages[alias]
        storages._storages[alias] = broken
        try:
            yield
        finally:
            storages._storages[alias] = sound

    return fail


def named():
    return set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))


def later(minutes=10):
    """Let so much time pass for everything that waits."""
    now = timezone.now() - timedelta(minutes=minutes)
    Photo.objects.filter(retry_at__isnull=False).update(retry_at=now)
    Purge.objects.update(retry_at=now)
    Publication.objects.update(changed_at=now)
    PostPage.objects.update(created_at=now)


HOW = pytest.mark.parametrize("how", ["stopped", "slow"])


@HOW
class TestTheMediaHostFails:
    def test_a_post_that_is_to_be_shown_waits_and_is_shown_later(self, failing, how):
        with failing("media", how):
            post = a_post()
            assert not PostPage.objects.visible().exists()
            assert named() == set()
        later()
        sweep()
        later()
        sweep()
        assert PostPage.objects.visible().get() == post
        assert public_files() == named() != set()

    def test_a_photo_that_is_to_be_shown_waits_and_the_others_stay(self, failing, how):
        added = a_further_photo(a_post())
        before = public_files()
        with failing("media", how), pytest.raises(StorageUnavailable):
            show_photo(added)
        assert public_files() == before == named()
        later()
        sweep()
        assert public_files() == named() > before

    @pytest.mark.parametrize("act", ["withdraw", "narrow", "remove"])
    def test_what_hides_holds_at_once_and_its_files_go_once_it_is_back(self, failing, how, act):
        post = a_post(photos=2)
        photo = post.photos.get(position=0)
        gone = every_name(post)
        with failing("media", how):
            if act == "withdraw":
                withdraw_post(post, by=post.author)
            elif act == "narrow":
                set_visibility(post, by=post.author, visibility="followers")
            else:
                gone = set(photo.picture.renditions.values_list("public_name", flat=True))
                remove_photo(photo, by=post.author)
            assert not named() & gone
            sweep()  # in vain, and without harm
        assert public_files() >= gone
        later()
        sweep()
        assert not public_files() & gone
        assert not Purge.objects.filter(files_gone_at=None).exists()

    def test_undo_says_that_it_failed_and_can_be_tried_again(self, failing, how):
        post = a_post()
        withdraw_post(post, by=post.author)
        with failing("media", how), pytest.raises(StorageUnavailable):
            undo_withdrawal(post, by=post.author)
        post.refresh_from_db()
        assert post.is_gone
        assert public_files() == named() == set()
        assert undo_withdrawal(post, by=post.author).is_visible


@HOW
class TestTheVaultFails:
    def test_a_post_waits_for_its_original_and_is_shown_later(self, failing, how, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("gallery.tasks.make_renditions", lambda photo: None)
            post = a_post()
        later()
        with failing("vault", how):
            sweep()
            assert Photo.objects.get().state == "pending"
        later()
        sweep()
        assert PostPage.objects.visible().get() == post

    def test_a_takedown_goes_on_without_it(self, failing, how):
        post = a_post()
        with failing("vault", how):
            withdraw_post(post, by=post.author)
        assert public_files() == named() == set()


def test_a_disk_that_is_full_while_files_are_copied_leaves_no_part_of_them(monkeypatch):
    added = a_further_photo(a_post())
    before = public_files()
    real, calls = shutil.copyfileobj, []

    def full(source, target, *args):
        calls.append(1)
        if len(calls) > 1:
            target.write(b"half a file")
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(source, target, *args)

    with monkeypatch.context() as patch:
        patch.setattr("pixlpix.storages.local.shutil.copyfileobj", full)
        with pytest.raises(OSError, match="No space left"):
            show_photo(added)
    assert public_files() == before == named()
    later()
    sweep()
    assert public_files() == named() > before
