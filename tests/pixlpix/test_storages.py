"""What the vault and the media storage promise, held to on folders and on a real S3 server alike."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from io import BytesIO

import pytest
import requests
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.urls import path
from django.utils.module_loading import import_string

from gallery.files import StorageUnavailable
from pixlpix.storages import LocalVault, S3Vault

ORIGINAL = "originals/ab/cd/" + "ab" * 32
PREFIX = "0123456789abcdef0123456789abcdef"
OTHER_PREFIX = "f" * 32
PUBLIC = f"{PREFIX}/photo/320.webp"

urlpatterns = [path("vault/<path:name>", lambda request, name: None, name="vault_file")]


@pytest.fixture
def vault(both_storages):
    return storages["vault"]


@pytest.fixture
def media(both_storages):
    return storages["media"]


def save(storage, name, data=b"bytes"):
    return storage.save(name, ContentFile(data))


def read(storage, name):
    with storage.open(name) as file:
        return file.read()


def names(storage, prefix=""):
    return sorted(name for name, _size, _modified in storage.list_names(prefix))


class BrokenOff(BytesIO):
    """A file whose second half never comes."""

    def read(self, size=-1):
        if self.tell() > 0:
            raise OSError("the connection was closed")
        return super().read(10)


class TestOriginals:
    def test_original_reads_back_as_it_was_saved(self, vault):
        assert save(vault, ORIGINAL, b"the photograph") == ORIGINAL
        assert read(vault, ORIGINAL) == b"the photograph"
        assert vault.exists(ORIGINAL)
        assert vault.size(ORIGINAL) == len(b"the photograph")

    def test_file_without_a_name_keeps_its_bytes(self, vault):
        """Django takes a file object without a name for false, and botocore a body that is false for an empty one."""
        vault.save(ORIGINAL, File(BytesIO(b"drawn by the demo")))
        assert read(vault, ORIGINAL) == b"drawn by the demo"

    def test_saving_an_original_again_keeps_the_first_bytes_and_the_name(self, vault):
        save(vault, ORIGINAL, b"first")
        assert save(vault, ORIGINAL, b"second") == ORIGINAL
        assert read(vault, ORIGINAL) == b"first"
        assert names(vault, "originals/") == [ORIGINAL]

    def test_of_many_writers_at_once_one_wins_and_none_fails(self, vault):
        failures = []

        def write(number):
            try:
                save(vault, ORIGINAL, f"writer {number}".encode() * 1000)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len({read(vault, ORIGINAL) for _ in range(3)}) == 1

    def test_original_that_appears_between_the_look_and_the_write_is_not_overwritten(self, vault, monkeypatch):
        save(vault, ORIGINAL, b"first")
        monkeypatch.setattr(type(vault), "exists", lambda self, name: False)
        monkeypatch.setattr(os.path, "exists", lambda path: False)
        assert save(vault, ORIGINAL, b"second") == ORIGINAL
        monkeypatch.undo()

    def test_delete_leaves_originals_and_the_ledger(self, vault, caplog):
        """Wagtail deletes the file of every image row that goes, and another row may share that original."""
        save(vault, ORIGINAL)
        save(vault, "ledger/20260101T000000Z-1")
        vault.delete(ORIGINAL)
        vault.delete("ledger/20260101T000000Z-1")
        assert vault.exists(ORIGINAL)
        assert vault.exists("ledger/20260101T000000Z-1")
        assert ORIGINAL in caplog.text

    def test_wagtails_task_for_deleting_files_leaves_an_original(self, vault):
        """Wagtail queues the deletion and builds the storage again from what `deconstruct()` says of it."""
        save(vault, ORIGINAL)
        rebuilt(vault).delete(ORIGINAL)
        assert vault.exists(ORIGINAL)

    def test_original_goes_by_remove_original_alone_and_the_log_says_why(self, vault, caplog):
        save(vault, ORIGINAL)
        vault.remove_original(ORIGINAL, why="erased by order of a court")
        assert not vault.exists(ORIGINAL)
        assert "erased by order of a court" in caplog.text

    @pytest.mark.parametrize("name", ["ledger/20260101T000000Z-1", "derived/a/1.webp", "originals"])
    def test_remove_original_refuses_what_is_no_original(self, vault, name):
        with pytest.raises(ValueError):
            vault.remove_original(name, why="a mistake")

    def test_upload_that_breaks_off_leaves_nothing(self, vault):
        with pytest.raises(OSError):
            vault.save(ORIGINAL, File(BrokenOff(b"x" * 100), name="photo.jpg"))
        assert names(vault) == []

    def test_files_cannot_be_opened_for_writing(self, vault):
        save(vault, ORIGINAL)
        with pytest.raises(ValueError):
            vault.open(ORIGINAL, "wb")

    def test_missing_file_is_not_found(self, vault):
        with pytest.raises(FileNotFoundError):
            vault.open(ORIGINAL)


class TestDerivedFiles:
    def test_delete_removes_a_derived_file(self, vault):
        save(vault, "derived/a/1.webp")
        vault.delete("derived/a/1.webp")
        assert not vault.exists("derived/a/1.webp")

    def test_deleting_what_is_not_there_is_no_error(self, vault):
        vault.delete("derived/a/never.webp")

    def test_saving_again_replaces_and_invents_no_other_name(self, vault):
        save(vault, "derived/a/1.webp", b"old")
        assert save(vault, "derived/a/1.webp", b"new") == "derived/a/1.webp"
        assert read(vault, "derived/a/1.webp") == b"new"

    def test_delete_prefix_removes_one_folder_and_counts(self, vault):
        for name in ("derived/a/1.webp", "derived/a/b/2.webp", "derived/ab/3.webp"):
            save(vault, name)
        assert vault.delete_prefix("derived/a/") == 2
        assert names(vault) == ["derived/ab/3.webp"]

    @pytest.mark.parametrize(
        "prefix", ["", "derived/", "derived", "derived/a", "originals/", "originals/ab/", "ledger/"]
    )
    def test_delete_prefix_is_only_for_folders_of_derived_files(self, vault, prefix):
        save(vault, ORIGINAL)
        with pytest.raises(ValueError):
            vault.delete_prefix(prefix)
        assert vault.exists(ORIGINAL)


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "../outside",
            "/etc/passwd",
            "derived/../originals/ab/cd/x",
            "derived/./x",
            "derived//x",
            "derived\\..\\x",
            "derived/x\0.webp",
            "",
        ],
    )
    @pytest.mark.parametrize("alias", ["vault", "media"])
    def test_names_that_lead_elsewhere_are_refused(self, both_storages, alias, name):
        storage = storages[alias]
        for act in (storage.open, storage.exists, storage.delete, storage.size, lambda name: save(storage, name)):
            with pytest.raises(SuspiciousFileOperation):
                act(name)

    @pytest.mark.parametrize("prefix", ["derived/../originals/", "../", "derived/a/../"])
    def test_prefixes_that_lead_elsewhere_are_refused(self, vault, prefix):
        with pytest.raises(SuspiciousFileOperation):
            vault.delete_prefix(prefix)
        with pytest.raises(SuspiciousFileOperation):
            list(vault.list_names(prefix))

    def test_a_name_too_long_for_its_column_is_refused_and_not_shortened(self, vault):
        with pytest.raises(SuspiciousFileOperation):
            vault.save(ORIGINAL, ContentFile(b"x"), max_length=40)

    def test_listing_tells_names_sizes_and_times_below_a_prefix(self, vault):
        before = time.time() - 5
        save(vault, ORIGINAL, b"12345")
        save(vault, "derived/a/1.webp")
        [(name, size, modified)] = vault.list_names("originals/")
        assert (name, size) == (ORIGINAL, 5)
        assert before < modified.timestamp() < time.time() + 5
        assert names(vault) == ["derived/a/1.webp", ORIGINAL]

    def test_listing_an_empty_storage_yields_nothing(self, vault):
        assert names(vault) == []
        assert names(vault, "originals/") == []


class TestAddresses:
    @pytest.mark.urls(__name__)
    @pytest.mark.parametrize("name", [ORIGINAL, "derived/a/1.webp"])
    def test_vault_address_is_the_view_that_checks_who_asks(self, vault, name):
        assert vault.url(name) == f"/vault/{name}"

    @pytest.mark.urls("django.conf.urls.i18n")
    def test_vault_has_no_address_where_the_site_has_no_such_view(self, vault):
        assert vault.url("derived/a/1.webp") == ""

    def test_scratch_files_have_no_address(self, both_storages):
        name = storages["default"].save("avatar.png", ContentFile(b"x"))
        assert storages["default"].url(name) == ""

    def test_scratch_keeps_both_of_two_files_with_one_name(self, both_storages):
        first = storages["default"].save("avatar.png", ContentFile(b"1"))
        second = storages["default"].save("avatar.png", ContentFile(b"2"))
        assert first != second
        assert read(storages["default"], first) == b"1"


class TestLedgerEntries:
    def test_entry_is_written_at_once_and_only_once(self, vault):
        vault.write_now("ledger/20260101T000000Z-1", b"first")
        vault.write_now("ledger/20260101T000000Z-1", b"second")
        assert read(vault, "ledger/20260101T000000Z-1") == b"first"


class TestMedia:
    def test_derived_file_is_copied_from_the_vault(self, vault, media):
        save(vault, "derived/a/320.webp", b"small picture")
        media.copy_from_vault("derived/a/320.webp", PUBLIC, content_type="image/webp")
        assert read(media, PUBLIC) == b"small picture"
        assert vault.exists("derived/a/320.webp")

    def test_original_is_never_copied(self, vault, media):
        save(vault, ORIGINAL)
        with pytest.raises(SuspiciousFileOperation):
            media.copy_from_vault(ORIGINAL, PUBLIC, content_type="image/jpeg")
        assert names(media) == []

    def test_copy_of_a_missing_file_is_not_found_and_leaves_nothing(self, media):
        with pytest.raises(FileNotFoundError):
            media.copy_from_vault("derived/a/gone.webp", PUBLIC, content_type="image/webp")
        assert names(media) == []

    def test_delete_prefix_removes_one_publication_and_counts(self, media):
        for number in range(12):
            save(media, f"{PREFIX}/photo/{number}.webp")
        save(media, f"{OTHER_PREFIX}/photo/1.webp")
        assert media.delete_prefix(f"{PREFIX}/") == 12
        assert names(media) == [f"{OTHER_PREFIX}/photo/1.webp"]
        assert media.delete_prefix(f"{PREFIX}/") == 0

    @pytest.mark.parametrize(
        "prefix", ["", "/", PREFIX, "short/", f"{PREFIX}/photo", "originals/", f"{PREFIX}/../", None]
    )
    def test_delete_prefix_refuses_what_is_no_publication(self, media, prefix):
        save(media, PUBLIC)
        with pytest.raises(ValueError):
            media.delete_prefix(prefix)
        assert media.exists(PUBLIC)

    def test_one_file_can_be_deleted(self, media):
        save(media, PUBLIC)
        media.delete(PUBLIC)
        media.delete(PUBLIC)
        assert not media.exists(PUBLIC)


class TestKeysStayOut:
    """Wagtail queues a storage's `deconstruct()`: keys in it would stand in the task table and in backups."""

    @pytest.mark.parametrize("alias", ["vault", "media", "default"])
    def test_storage_rebuilt_from_its_description_finds_the_same_files(self, both_storages, alias):
        name = storages[alias].save(PUBLIC, ContentFile(b"x"))
        assert rebuilt(storages[alias]).exists(name)

    @pytest.mark.parametrize("alias", ["vault", "media", "default"])
    def test_description_holds_no_secret_and_fits_into_a_task(self, both_storages, alias):
        description = json.dumps(storages[alias].deconstruct())
        assert "test-secret-key" not in description
        assert "test-access" not in description

    def test_location_that_is_no_string_is_refused_at_the_start(self, tmp_path):
        with pytest.raises(ImproperlyConfigured):
            LocalVault(location=tmp_path)


def rebuilt(storage):
    dotted, args, kwargs = storage.deconstruct()
    return import_string(dotted)(*args, **kwargs)


class TestFolders:
    def test_vault_files_are_readable_by_their_owner_alone(self, local_storages):
        save(storages["vault"], ORIGINAL)
        file = local_storages / "vault" / ORIGINAL
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE((local_storages / "vault").stat().st_mode) == 0o700

    def test_media_files_are_readable_by_the_web_server(self, local_storages):
        save(storages["vault"], "derived/a/1.webp")
        storages["media"].copy_from_vault("derived/a/1.webp", PUBLIC, content_type="image/webp")
        assert stat.S_IMODE((local_storages / "media" / PUBLIC).stat().st_mode) == 0o644

    def test_media_address_is_below_its_base(self, local_storages):
        assert storages["media"].url(PUBLIC) == f"/media/{PUBLIC}"

    def test_writer_killed_half_way_leaves_no_file_under_the_name(self, local_storages):
        script = (
            "import os, sys; from pixlpix.storages.local import Folder\n"
            "folder = Folder(location=sys.argv[1])\n"
            "def fill(file): file.write(b'half'); file.flush(); os.kill(os.getpid(), 9)\n"
            "folder._write(sys.argv[2], fill)\n"
        )
        folder = str(local_storages / "vault")
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pixlpix.settings", "DEBUG": "1"}
        done = subprocess.run([sys.executable, "-c", script, folder, ORIGINAL], env=environment, capture_output=True)
        assert done.returncode == -9, done.stderr
        assert names(storages["vault"]) == []
        assert save(storages["vault"], ORIGINAL, b"whole") == ORIGINAL

    def test_what_killed_writers_left_is_removed_after_an_hour(self, local_storages):
        save(storages["vault"], ORIGINAL)
        old, new = (local_storages / "vault" / ".unfinished" / name for name in ("old", "new"))
        old.write_bytes(b"half")
        new.write_bytes(b"half")
        os.utime(old, (time.time() - 7200,) * 2)
        assert storages["vault"].remove_unfinished() == 1
        assert new.exists()

    def test_ledger_entry_that_the_disk_refuses_is_reported(self, local_storages):
        (local_storages / "vault").write_text("a file stands where the folder should be")
        with pytest.raises(StorageUnavailable):
            storages["vault"].write_now("ledger/1", b"x")


@pytest.mark.s3
class TestAnonymousPeople:
    def get(self, server, bucket, name):
        return requests.get(f"{server.endpoint}/{bucket}/{name}", timeout=10)

    @pytest.mark.parametrize("name", [ORIGINAL, "derived/a/1.webp", "ledger/1"])
    def test_nobody_reads_the_vault(self, s3_storages, name):
        save(storages["vault"], name)
        assert self.get(s3_storages, "pixlpix-vault", name).status_code == 403

    @pytest.mark.parametrize("bucket", ["pixlpix-vault", "pixlpix-media"])
    def test_nobody_lists_a_bucket(self, s3_storages, bucket):
        save(storages["media"], PUBLIC)
        assert PREFIX not in self.get(s3_storages, bucket, "").text
        assert self.get(s3_storages, bucket, "?list-type=2").status_code == 403

    def test_everybody_reads_a_public_file_with_its_type_and_its_caching(self, s3_storages):
        save(storages["vault"], "derived/a/1.webp", b"picture")
        storages["media"].copy_from_vault("derived/a/1.webp", PUBLIC, content_type="image/webp")
        answer = requests.get(storages["media"].url(PUBLIC), timeout=10)
        assert answer.status_code == 200
        assert answer.content == b"picture"
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"

    def test_saved_public_file_has_type_and_caching_too(self, s3_storages):
        save(storages["media"], PUBLIC)
        answer = requests.get(storages["media"].url(PUBLIC), timeout=10)
        assert answer.headers["Content-Type"] == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]

    def test_nobody_reads_a_public_file_after_its_prefix_was_deleted(self, s3_storages):
        addresses = []
        for number in range(10):
            save(storages["media"], f"{PREFIX}/photo/{number}.webp")
            addresses.append(storages["media"].url(f"{PREFIX}/photo/{number}.webp"))
        assert {requests.get(address, timeout=10).status_code for address in addresses} == {200}
        storages["media"].delete_prefix(f"{PREFIX}/")
        assert {requests.get(address, timeout=10).status_code for address in addresses} <= {403, 404}

    def test_nobody_writes_or_deletes(self, s3_storages):
        save(storages["media"], PUBLIC)
        address = storages["media"].url(PUBLIC)
        assert requests.put(address, data=b"other", timeout=10).status_code == 403
        assert requests.delete(address, timeout=10).status_code == 403
        assert read(storages["media"], PUBLIC) == b"bytes"


@pytest.mark.s3
class TestBigFolders:
    def test_more_files_than_one_call_deletes_all_go(self, s3_storages, monkeypatch):
        monkeypatch.setattr("pixlpix.storages.s3.DELETED_AT_ONCE", 4)
        for number in range(11):
            save(storages["media"], f"{PREFIX}/photo/{number}.webp")
        assert storages["media"].delete_prefix(f"{PREFIX}/") == 11
        assert names(storages["media"]) == []


class TestServiceThatIsDown:
    """A takedown never waits long for a store that is down."""

    @pytest.fixture(autouse=True)
    def _keys(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test-access")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test-secret-key")

    def vault_at(self, port):
        return S3Vault(bucket_name="vault", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1")

    def test_ledger_gives_up_in_time_when_nothing_answers(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            vault = self.vault_at(silent.getsockname()[1])
            begun = time.monotonic()
            with pytest.raises(StorageUnavailable):
                vault.write_now("ledger/1", b"x", timeout=0.5)
            assert time.monotonic() - begun < 20  # botocore alone would wait a minute, five times

    def test_ledger_gives_up_when_the_connection_is_refused(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            vault = self.vault_at(closed.getsockname()[1])
            with pytest.raises(StorageUnavailable):
                vault.write_now("ledger/1", b"x", timeout=0.5)

    @pytest.mark.s3
    def test_refusal_of_the_service_is_storage_unavailable(self, s3_storages, monkeypatch):
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another key")
        vault = rebuilt(storages["vault"])
        for act in (
            lambda: vault.write_now("ledger/1", b"x"),
            lambda: save(vault, "derived/a/1.webp"),
            lambda: names(vault),
            lambda: vault.delete("derived/a/1.webp"),
        ):
            with pytest.raises(StorageUnavailable):
                act()
