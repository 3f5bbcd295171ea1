"""Receiving a file in parts: storages that fail, requests that cross, connections that break, on folders and on S3."""

import errno
import hashlib
import io
import threading
import tracemalloc
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.db import IntegrityError, connections
from django.utils import timezone

from gallery import parts
from gallery.actions import receive_upload
from gallery.actions.expire_unattached_original import expire_unattached_original
from gallery.actions.receive_upload import BrokeOff, Lost, TooLarge, WrongOffset, begin_upload, receive_part, taken
from gallery.actions.remove_upload import cancel_upload
from gallery.actions.store_original import store_original
from gallery.files import StorageUnavailable
from gallery.imaging import Facts
from gallery.models import Original, Upload
from tests import factories as f
from tests.pictures import photo
from tests.uploading import in_scratch, in_the_vault

CONTENT = photo(600, 400)
HALF = len(CONTENT) // 2


@pytest.fixture
def ana(db):
    return f.a_member("ana")


def half_way(owner):
    return begin_upload(owner, len(CONTENT), io.BytesIO(CONTENT[:HALF]), HALF)


def the_rest(upload, by=None):
    return receive_part(upload, HALF, io.BytesIO(CONTENT[HALF:]), by=by or upload.owner)


class Breaks(io.BytesIO):
    """A connection that breaks after its bytes."""

    def read(self, size=-1):
        if piece := super().read(size):
            return piece
        raise ConnectionResetError


@pytest.mark.usefixtures("both_storages")
class TestOnBothStorages:
    def test_the_parts_become_the_very_file_that_was_sent(self, ana, monkeypatch):
        monkeypatch.setattr(parts, "IN_MEMORY", 1000)
        upload = half_way(ana)
        assert [storages["default"].open(name).read() for name in upload.parts] == [CONTENT[:HALF]]
        original = the_rest(upload).original
        assert original.sha256 == hashlib.sha256(CONTENT).hexdigest()
        assert storages["vault"].open(original.name).read() == CONTENT
        assert in_scratch() == []

    def test_the_whole_never_lies_in_memory(self, ana, monkeypatch):
        facts = Facts("JPEG", "image/jpeg", "jpg", 4000, 3000)
        for module in ("receive_upload", "store_original"):
            monkeypatch.setattr(f"gallery.actions.{module}.inspect", lambda file: facts)
        part = bytes(3_000_000)
        upload = begin_upload(ana, 5 * len(part))
        [
            storages[alias].exists("x") for alias in ("default", "vault")
        ]  # what a client loads at its first call is not ours
        tracemalloc.start()
        for number in range(5):
            upload = receive_part(upload, number * len(part), io.BytesIO(part), by=ana)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert upload.is_complete
        assert peak < 2 * len(part)

    def test_a_cancelled_upload_leaves_nothing(self, ana):
        assert cancel_upload(half_way(ana), by=ana)
        assert (in_scratch(), Upload.objects.count()) == ([], 0)

    def test_a_part_that_is_gone_ends_the_upload(self, ana, caplog):
        upload = half_way(ana)
        storages["default"].delete(upload.parts[0])
        with pytest.raises(Lost, match="begin anew"):
            the_rest(upload)
        assert (Upload.objects.count(), in_the_vault()) == (0, [])
        assert upload.key in caplog.text


@pytest.mark.s3
class TestServerThatIsStopped:
    """The real client against an endpoint that refuses connections."""

    @pytest.fixture
    def stop(self, s3_storages, monkeypatch):
        def stop(alias):
            settings = s3_storages.settings[alias]
            options = {**settings["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
            monkeypatch.setitem(storages._storages, alias, type(storages[alias])(**options))

        return stop

    def test_a_part_is_not_counted_and_can_be_sent_again(self, ana, stop, s3_storages):
        upload = begin_upload(ana, len(CONTENT))
        up = storages["default"]
        stop("default")
        with pytest.raises(StorageUnavailable):
            receive_part(upload, 0, io.BytesIO(CONTENT[:HALF]), by=ana)
        assert Upload.objects.get().offset == 0
        storages._storages["default"] = up
        assert receive_part(upload, 0, io.BytesIO(CONTENT[:HALF]), by=ana).offset == HALF

    def test_the_parts_stay_and_the_last_one_can_be_sent_again(self, ana, stop):
        upload, up = half_way(ana), storages["vault"]
        stop("vault")
        with pytest.raises(StorageUnavailable):
            the_rest(upload)
        assert (Upload.objects.get().offset, in_scratch()) == (HALF, upload.parts)
        storages._storages["vault"] = up
        assert the_rest(upload).is_complete

    def test_a_whole_file_leaves_no_row(self, ana, stop):
        stop("vault")
        with pytest.raises(StorageUnavailable):
            begin_upload(ana, len(CONTENT), io.BytesIO(CONTENT), len(CONTENT))
        assert (Upload.objects.count(), Original.objects.count()) == (0, 0)

    def test_an_upload_can_be_cancelled_all_the_same(self, ana, stop):
        upload = half_way(ana)
        stop("default")
        assert cancel_upload(upload, by=ana)
        assert Upload.objects.count() == 0


class TestDiskThatIsFull:
    @pytest.fixture
    def full(self, local_storages, monkeypatch):
        """Folders that take no more bytes from now on."""

        def full():
            def copy(*args):
                raise OSError(errno.ENOSPC, "No space left on device")

            monkeypatch.setattr("pixlpix.storages.local.shutil.copyfileobj", copy)

        yield full
        assert not list((local_storages / "vault").rglob("*/tmp*"))
        assert not list((local_storages / "default").rglob("*/tmp*"))

    def test_a_part_is_not_counted_and_nothing_half_written_stays(self, ana, full):
        upload = begin_upload(ana, len(CONTENT))
        full()
        with pytest.raises(OSError, match="No space left"):
            receive_part(upload, 0, io.BytesIO(CONTENT[:HALF]), by=ana)
        assert (Upload.objects.get().offset, in_scratch()) == (0, [])

    def test_the_first_part_of_a_new_upload_leaves_no_row(self, ana, full):
        full()
        with pytest.raises(OSError, match="No space left"):
            half_way(ana)
        assert (Upload.objects.count(), in_scratch()) == (0, [])

    def test_a_whole_that_the_vault_cannot_take_keeps_its_parts(self, ana, full, monkeypatch):
        upload = half_way(ana)
        with monkeypatch.context() as patch:
            patch.setattr(type(storages["vault"]), "_save", lambda *args: (_ for _ in ()).throw(OSError(28, "full")))
            with pytest.raises(OSError, match="full"):
                the_rest(upload)
        assert (in_scratch(), in_the_vault(), Original.objects.count()) == (upload.parts, [], 0)
        assert the_rest(upload).is_complete

    def test_a_temporary_folder_that_is_full_keeps_nothing(self, ana, monkeypatch):
        upload = begin_upload(ana, len(CONTENT))

        def write(self, piece):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(parts.Bytes, "take", write)
        with pytest.raises(OSError, match="No space left"):
            receive_part(upload, 0, io.BytesIO(CONTENT[:HALF]), by=ana)
        assert (Upload.objects.get().offset, in_scratch()) == (0, [])


class TestConnectionThatBreaks:
    def test_what_came_of_a_part_is_kept(self, ana):
        upload = receive_part(half_way(ana), HALF, Breaks(CONTENT[HALF : HALF + 700]), by=ana)
        assert upload.offset == HALF + 700
        rest = io.BytesIO(CONTENT[HALF + 700 :])
        original = receive_part(upload, HALF + 700, rest, by=ana).original
        assert storages["vault"].open(original.name).read() == CONTENT

    def test_nothing_came_of_it(self, ana):
        assert receive_part(half_way(ana), HALF, Breaks(b""), by=ana).offset == HALF
        assert len(in_scratch()) == 1

    def test_a_creation_that_breaks_leaves_nothing_since_nobody_knows_its_address(self, ana):
        with pytest.raises(BrokeOff):
            begin_upload(ana, len(CONTENT), Breaks(CONTENT[:700]), HALF)
        assert (Upload.objects.count(), in_scratch()) == (0, [])

    def test_an_upload_in_countless_crumbs_is_ended(self, ana, monkeypatch):
        monkeypatch.setattr(receive_upload, "MOST_PARTS", 1)
        upload = half_way(ana)
        with pytest.raises(BrokeOff, match="small pieces"):
            receive_part(upload, HALF, io.BytesIO(CONTENT[HALF : HALF + 1]), by=ana)
        assert len(in_scratch()) == 1
        assert the_rest(upload).is_complete

    def test_bytes_beyond_the_bound_are_not_read(self, ana, monkeypatch):
        monkeypatch.setattr(receive_upload, "MOST_IN_PART", 1000)
        body = io.BytesIO(bytes(10_000_000))
        with pytest.raises(TooLarge):
            receive_part(begin_upload(ana, 10_000_000), 0, body, by=ana)
        assert body.tell() == 1001
        assert in_scratch() == []


class TestTwoRequestsAtOnce:
    def test_the_slower_of_two_same_parts_deletes_its_own(self, ana):
        upload = half_way(ana)
        slower = Upload.objects.get(pk=upload.pk)
        receive_part(upload, HALF, io.BytesIO(CONTENT[HALF : HALF + 10]), by=ana)
        with pytest.raises(WrongOffset):
            receive_part(slower, HALF, io.BytesIO(CONTENT[HALF : HALF + 20]), by=ana)
        assert in_scratch() == sorted(Upload.objects.get().parts)
        assert len(in_scratch()) == 2

    def test_the_slower_of_two_last_parts_changes_nothing(self, ana):
        upload = half_way(ana)
        slower = Upload.objects.get(pk=upload.pk)
        storing = store_before(lambda: the_rest(upload))
        with storing, pytest.raises(WrongOffset):
            the_rest(slower)
        assert Upload.objects.get().is_complete
        assert (len(in_the_vault()), in_scratch()) == (1, [])

    def test_a_part_of_an_upload_that_is_cancelled_meanwhile_deletes_itself(self, ana, monkeypatch):
        upload = half_way(ana)
        real = receive_upload.keep_part

        def keep(*args):
            name = real(*args)
            cancel_upload(Upload.objects.get(pk=upload.pk), by=ana)
            return name

        monkeypatch.setattr(receive_upload, "keep_part", keep)
        with pytest.raises(Lost):
            receive_part(upload, HALF, io.BytesIO(CONTENT[HALF : HALF + 10]), by=ana)
        assert in_scratch() == []

    @pytest.mark.postgres  # SQLite lets one write at a time
    @pytest.mark.django_db(transaction=True)
    def test_finished_by_four_threads_it_has_one_original(self):
        ana = f.a_member("ana")
        upload = half_way(ana)
        outcomes = []

        def finish():
            try:
                outcomes.append(the_rest(Upload.objects.get(pk=upload.pk), by=ana).is_complete)
            except (WrongOffset, Lost) as error:
                outcomes.append(type(error))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=finish) for _ in range(4)]
        [thread.start() for thread in threads], [thread.join() for thread in threads]
        assert outcomes.count(True) == 1
        assert len(outcomes) == 4
        assert Upload.objects.get().original == Original.objects.get()
        assert (len(in_the_vault()), in_scratch()) == (1, [])


class store_before:
    """While it lasts, `act()` happens between the moment a whole file is stored and the moment its row says so."""

    def __init__(self, act):
        self.act = act

    def __enter__(self):
        self.patch = pytest.MonkeyPatch()
        real = receive_upload.store_original

        def store(*args, **options):
            self.patch.undo()
            original = real(*args, **options)
            self.act()
            return original

        self.patch.setattr(receive_upload, "store_original", store)

    def __exit__(self, *error):
        self.patch.undo()


class TestCrash:
    """A process that dies between two steps: what is there then, and that the same request mends it."""

    def test_a_part_is_kept_and_its_row_does_not_say_so(self, ana, monkeypatch):
        upload = half_way(ana)
        with monkeypatch.context() as patch:
            patch.setattr(receive_upload, "move_on", lambda upload, **changes: 1 / 0)
            patch.setattr(receive_upload, "drop_parts", lambda names: None)  # a dead process deletes nothing
            with pytest.raises(ZeroDivisionError):
                receive_part(upload, HALF, io.BytesIO(CONTENT[HALF : HALF + 10]), by=ana)
        assert len(in_scratch()) == 2
        assert the_rest(Upload.objects.get()).is_complete

    def test_the_original_is_stored_and_the_row_does_not_say_so(self, ana, monkeypatch):
        upload = half_way(ana)
        with monkeypatch.context() as patch:
            patch.setattr(receive_upload, "move_on", lambda upload, **changes: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                the_rest(upload)
        assert (len(in_the_vault()), len(in_scratch())) == (1, 1)
        again = Upload.objects.get()
        assert again.offset == HALF
        assert the_rest(again).original == Original.objects.get()

    def test_it_is_complete_and_its_parts_are_still_there(self, ana, monkeypatch):
        upload = half_way(ana)
        with monkeypatch.context() as patch:
            patch.setattr(receive_upload, "drop_parts", lambda names: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                the_rest(upload)
        assert len(in_scratch()) == 1
        assert taken(upload.key, ana) == Original.objects.get()


class TestTaken:
    def test_a_complete_upload_gives_its_original_as_often_as_it_is_asked(self, ana):
        upload = the_rest(half_way(ana))
        assert taken(upload.key, ana) == taken(upload.key, ana) == Original.objects.get()

    @pytest.mark.parametrize("key", ["", "nonsense", "0" * 32])
    def test_an_unknown_one_asks_to_choose_again(self, ana, key):
        with pytest.raises(ValidationError, match="choose it again"):
            taken(key, ana)

    def test_somebody_elses_is_as_good_as_unknown(self, ana):
        upload = the_rest(half_way(ana))
        with pytest.raises(ValidationError, match="choose it again"):
            taken(upload.key, f.a_member("bert"))

    def test_an_unfinished_one_asks_to_wait(self, ana):
        with pytest.raises(ValidationError, match="not arrived completely"):
            taken(half_way(ana).key, ana)

    def test_a_refused_one_says_why(self, ana):
        upload = Upload.objects.create(owner=ana, size=10, refusal="This is a letter.")
        with pytest.raises(ValidationError, match="This is a letter"):
            taken(upload.key, ana)

    def test_one_whose_original_is_gone_asks_to_choose_again(self, ana):
        upload = the_rest(half_way(ana))
        Upload.objects.get().original.delete()
        with pytest.raises(ValidationError, match="choose it again"):
            taken(upload.key, ana)

    def test_a_visitor_has_none(self, ana):
        from django.contrib.auth.models import AnonymousUser

        with pytest.raises(ValidationError):
            taken(half_way(ana).key, AnonymousUser())


class TestWhoMay:
    def test_nobody_continues_somebody_elses_upload(self, ana):
        with pytest.raises(PermissionDenied):
            the_rest(half_way(ana), by=f.a_member("bert"))

    def test_a_member_who_is_suspended_meanwhile_does_not_go_on(self, ana):
        upload = half_way(ana)
        ana.standing = "suspended"
        with pytest.raises(PermissionDenied):
            the_rest(upload, by=ana)

    def test_nobody_cancels_somebody_elses_upload(self, ana):
        assert not cancel_upload(half_way(ana), by=f.a_member("bert"))
        assert Upload.objects.count() == 1


class TestOriginals:
    def long_ago(self):
        Original.objects.update(first_seen_at=timezone.now() - timedelta(days=30))

    def test_a_cancelled_complete_upload_takes_an_original_with_it_that_nothing_uses(self, ana):
        assert cancel_upload(the_rest(half_way(ana)), by=ana)
        assert (Original.objects.count(), in_the_vault()) == (0, [])

    def test_but_none_that_a_post_uses(self, ana):
        upload = the_rest(half_way(ana))
        f.a_post(ana, original=upload.original)
        cancel_upload(Upload.objects.get(pk=upload.pk), by=ana)
        assert len(in_the_vault()) == 1

    def test_nor_one_that_another_upload_brought_as_well(self, ana):
        upload, _other = the_rest(half_way(ana)), the_rest(half_way(f.a_member("bert")))
        cancel_upload(upload, by=ana)
        assert len(in_the_vault()) == 1

    def test_an_old_one_that_was_just_uploaded_again_does_not_expire(self, ana):
        original = store_original(io.BytesIO(CONTENT))
        self.long_ago()
        upload = the_rest(half_way(ana))
        assert not expire_unattached_original(original)
        Upload.objects.filter(pk=upload.pk).delete()
        assert expire_unattached_original(original)

    def test_one_that_expires_before_the_row_says_so_counts_as_a_storage_that_fails(self, ana, monkeypatch):
        def move_on(upload, **changes):
            raise IntegrityError("no such original")  # as PostgreSQL answers then

        monkeypatch.setattr(receive_upload, "move_on", move_on)
        with pytest.raises(StorageUnavailable):
            the_rest(half_way(ana))

    def test_one_that_expires_while_the_same_bytes_are_stored_comes_back(self, ana, monkeypatch):
        original = store_original(io.BytesIO(CONTENT))
        self.long_ago()
        real = type(storages["vault"])._save

        def save(self, name, content):
            monkeypatch.undo()
            found = real(self, name, content)
            expire_unattached_original(original)
            return found

        monkeypatch.setattr(type(storages["vault"]), "_save", save)
        assert storages["vault"].open(the_rest(half_way(ana)).original.name).read() == CONTENT
