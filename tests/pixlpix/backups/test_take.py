"""What a backup holds, what a second one costs, and what it does where database and vault do not agree."""

import hashlib
import sqlite3
import subprocess
from unittest import mock

import pyrage
import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from gallery.actions.erase_by_order import erase_by_order
from gallery.actions.take_down_post import take_down_post
from gallery.models import Original
from pixlpix.backups import manifest, taking
from pixlpix.backups.errors import BackupError, Stopped
from pixlpix.backups.place import Place
from pixlpix.backups.sealing import Sealing, is_sealed, plain_bytes, read_identities
from pixlpix.backups.verifying import Verification
from pixlpix.models import OperationRecord
from tests.factories import a_member, a_post, a_staff_member

from .making import kept_names, pool

# PostgreSQL's own programs see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "backups").prepare()


def verified(place, **options):
    verification = Verification(place, **options)
    verification.everything()
    return verification.problems


def test_a_snapshot_holds_rows_originals_and_the_ledger(place):
    post = a_post(photos=2)
    take_down_post(post, by=None, reason="spam")
    made = taking.take(place)
    assert set(made.originals) == set(Original.objects.values_list("sha256", flat=True)) == pool(place)
    content = place.original(min(made.originals)).read_bytes()
    assert hashlib.sha256(content).hexdigest() == min(made.originals)
    assert (made.rows["gallery_postpage"], made.rows["gallery_photo"], made.engine) == (1, 2, connection.vendor)
    assert made.newest_entry == max(name for name, *_ in storages["vault"].list_names("ledger/")).removeprefix(
        "ledger/"
    )
    assert any(migration.startswith("gallery.") for migration in made.migrations)
    assert manifest.read(place.folder_of("latest")) == made
    assert holds_row(place.folder_of("latest") / made.database_file, post.short_id)
    assert verified(place) == []


def holds_row(dump, short_id):
    if connection.vendor == "sqlite":
        rows = sqlite3.connect(dump).execute("SELECT team_state FROM gallery_postpage WHERE short_id = ?", [short_id])
        return rows.fetchall() == [("taken_down",)]
    sql = subprocess.run(
        ["pg_restore", "--data-only", "--table=gallery_postpage", "--file=-", dump], capture_output=True
    )
    return short_id.encode() in sql.stdout


def test_a_second_run_reads_no_byte_of_an_image(place):
    for _number in range(3):
        a_post()
    taking.take(place)
    opened = []
    with mock.patch.object(type(storages["vault"]), "_open", lambda self, name, mode: opened.append(name)):
        made = taking.take(place)
    assert (opened, len(made.originals), len(place.names())) == ([], 3, 2)


def test_only_what_is_new_is_read(place):
    a_post()
    taking.take(place)
    new = a_post().photos.get().picture.original
    opened, real = [], type(storages["vault"])._open

    def noting(self, name, mode="rb"):
        opened.append(name)
        return real(self, name, mode)

    with mock.patch.object(type(storages["vault"]), "_open", noting):
        taking.take(place)
    assert opened == [new.name]


def test_an_original_that_is_missing_makes_it_incomplete_and_is_told(place, monkeypatch, capsys):
    monkeypatch.setattr(taking, "LOOKS", 0)
    lost, kept = a_post().photos.get().picture.original, a_post().photos.get().picture.original
    storages["vault"].remove_original(lost.name, why="a test")
    with pytest.raises(CommandError, match=f"Incomplete: 1 originals are missing in the vault, {lost.sha256}"):
        call_command("backup", to=str(place))
    assert place.names() == []
    made = manifest.read(place.folder_of(kept_names(place)[0]))
    assert (made.missing, list(made.originals)) == ([lost.sha256], [kept.sha256])
    assert OperationRecord.objects.get().went_well is False


def test_a_damaged_original_never_gets_into_the_pool(place, monkeypatch):
    monkeypatch.setattr(taking, "LOOKS", 0)
    original = a_post().photos.get().picture.original
    content = storages["vault"].open(original.name).read()
    with mock.patch.object(type(storages["vault"]), "_open", lambda *_args: __import__("io").BytesIO(content[:-1])):
        made = taking.take(place)
    assert (made.missing, pool(place)) == ([original.sha256], set())


def test_what_went_while_it_was_made_is_named_as_gone(place, monkeypatch):
    """Its row is in the snapshot; file and row went before we came for the file."""
    original = a_post().photos.get().picture.original
    storages["vault"].remove_original(original.name, why="a test")
    real = taking._is_gone

    def gone_now(run, sha256):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO gallery_erasure (kind, sha256, erased_at, reason) "
                "VALUES ('original', %s, CURRENT_TIMESTAMP, '')",
                [sha256],
            )
        return real(run, sha256)

    monkeypatch.setattr(taking, "_is_gone", gone_now)
    made = taking.take(place)
    assert (made.gone, made.missing, place.names()) == ([original.sha256], [], [made.name])


def test_what_was_erased_by_order_leaves_the_pool_with_the_next_run(place):
    post, other = a_post(), a_post()
    taking.take(place)
    erased = post.photos.get().picture.original.sha256
    erase_by_order(post, by=a_staff_member("Administrators"), reason="a court's order")
    taking.take(place)
    assert pool(place) == {other.photos.get().picture.original.sha256}
    assert list(place.read_erased()) == [erased]
    assert verified(place) == [], "the older snapshot names it still"


def test_encrypted_it_says_nothing_without_the_key(place, tmp_path):
    caption = "Nobody else reads this caption"
    post = a_post(caption=caption)
    take_down_post(post, by=None, reason="spam")
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# made for a test\n{identity}\n")
    made = taking.take(place, sealing=Sealing([str(identity.to_public())]))
    for path in place.root.rglob("*"):
        if path.is_file() and not path.name.startswith(("manifest", ".lock")):
            assert is_sealed(path), path
    assert verified(place) == [], "without the key, by what is stored"
    identities = read_identities(tmp_path / "key")
    assert verified(place, identities=identities) == []
    original = Original.objects.get()
    assert plain_bytes(place.original(original.sha256), identities) == storages["vault"].open(original.name).read()
    assert "cannot be decrypted" in wrong_key(place, made)
    assert taking.take(place, sealing=Sealing([str(identity.to_public())])).originals == made.originals


def wrong_key(place, made):
    with pytest.raises(BackupError) as refused:
        plain_bytes(place.original(min(made.originals)), [pyrage.x25519.Identity.generate()])
    return str(refused.value)


def test_a_second_run_at_once_says_who_is_at_work(place):
    with place.locked("backup"), pytest.raises(CommandError, match="somebody else is at work: backup, process"):
        call_command("backup", to=str(place))
    call_command("backup", to=str(place))
    assert len(place.names()) == 1


def test_stopped_it_leaves_no_snapshot_and_the_next_run_goes_on(place):
    a_post(photos=2)
    answers = iter([False, True])
    with pytest.raises(Stopped):
        taking.take(place, stop=lambda: next(answers))
    assert (kept_names(place), len(pool(place))) == ([], 1)
    taking.take(place)
    assert (len(place.names()), len(pool(place)), verified(place)) == (1, 2, [])


def test_the_command_keeps_what_it_is_told_and_notes_how_it_went(place, settings, capsys):
    a_member()
    settings.BACKUP_DAYS = 30
    for _number in range(3):
        call_command("backup", to=str(place), keep="24h:hourly,30d:daily")
    assert len(place.names()) == 1
    assert "deleted 1 snapshots" in OperationRecord.objects.order_by("-pk")[0].words
    with pytest.raises(CommandError, match="BACKUP_DAYS"):
        call_command("backup", to=str(place), keep="12m:monthly")
