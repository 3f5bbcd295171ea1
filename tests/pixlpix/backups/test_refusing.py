"""What a restore refuses before it touches anything; the service that backs up; the switch of maintenance mode."""

import json
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pixlpix import maintenance
from pixlpix.backups import databases
from pixlpix.backups.errors import BackupError
from pixlpix.backups.refusing import check_snapshot
from pixlpix.management.commands.backup import Command, span_of

from .making import a_place, a_snapshot

NAME = "20261127T181500Z"


@pytest.fixture
def place(tmp_path):
    return a_place(tmp_path)


def refused(place, **facts):
    """What is said to a snapshot with these facts in its manifest."""
    made = a_snapshot(place, NAME)
    for name, value in {"engine": connection.vendor, **facts}.items():
        setattr(made, name, value)
    made.save(place, place.snapshots / NAME)
    with pytest.raises(BackupError) as refusal:
        check_snapshot(place, place.folder_of("latest"), [])
    return str(refusal.value)


def test_a_snapshot_of_newer_code(place):
    assert "made by newer code" in refused(place, migrations=["gallery.9999_from_tomorrow"])


def test_a_snapshot_of_the_other_kind_of_database(place):
    assert "Snapshot 20261127T181500Z is of dbase" in refused(place, engine="dbase")


def test_an_encrypted_one_without_the_key(place):
    assert "--identity" in refused(place, encrypted_to=["age1…"])


def test_a_snapshot_of_a_later_format(place):
    assert "newer PixlPix" in refused(place, format=99)


def test_one_wrong_byte(place):
    made = a_snapshot(place, NAME)
    place.original(min(made.originals)).write_bytes(b"another")
    with pytest.raises(BackupError, match="not as it was written: Damaged: original"):
        check_snapshot(place, place.folder_of(NAME), [])


def test_what_is_sound_is_not_refused(place):
    made = a_snapshot(place, NAME)
    made.engine = connection.vendor
    made.save(place, place.snapshots / NAME)
    assert check_snapshot(place, place.folder_of(NAME), []) == made


@pytest.mark.django_db
def test_another_snapshot_than_that_of_an_interrupted_restore(place):
    a_snapshot(place, NAME)
    a_snapshot(place, "20261126T181500Z")
    place.restore.write_text(json.dumps({"snapshot": NAME, "began": "today", "done": []}))
    with pytest.raises(CommandError, match=f"A restore of {NAME} was interrupted"):
        call_command("restore", str(place), snapshot="20261126T181500Z")
    assert not maintenance.is_on()


@pytest.mark.django_db
def test_a_folder_in_which_somebody_is_at_work(place):
    a_snapshot(place, NAME)
    with place.locked("backup"), pytest.raises(CommandError, match="somebody else is at work"):
        call_command("restore", str(place))


@pytest.fixture
def dump(tmp_path, monkeypatch):
    """A dump with one row, and a site whose database would be `tmp_path / "live.sqlite3"`."""
    site = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": tmp_path / "live.sqlite3"}, close=lambda: None)
    monkeypatch.setattr(databases, "connection", site)
    path = tmp_path / "dump.sqlite3"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE one AS SELECT 'row' AS word")
    return path


@pytest.mark.parametrize("before", [None, b"", b"no database at all " * 300])
def test_a_database_that_is_gone_or_damaged_is_made_anew_and_the_damaged_one_kept(dump, tmp_path, before):
    live = tmp_path / "live.sqlite3"
    if before is not None:
        live.write_bytes(before)
    databases.load(dump)
    with closing(sqlite3.connect(live)) as made:
        assert made.execute("SELECT word FROM one").fetchall() == [("row",)]
    kept = [path.read_bytes() for path in tmp_path.glob("live.sqlite3.damaged-*")]
    assert kept == ([before] if before else [])


# --- The service, and the switch --------------------------------------------------------------------------------------


def test_a_run_that_fails_does_not_end_the_service_and_sigterm_does(place, monkeypatch):
    handlers, runs = {}, []
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    command = Command()

    def one_run(where):
        runs.append(where)
        if len(runs) == 1:
            raise CommandError("the vault does not answer")
        handlers[signal.SIGTERM](signal.SIGTERM, None)

    command.one_run = one_run
    command.keep_going(place, timedelta(0))
    assert runs == [place, place]
    assert command.is_stopping()


@pytest.mark.parametrize(("text", "span"), [("6h", timedelta(hours=6)), ("30m", timedelta(minutes=30))])
def test_spans_of_the_service(text, span):
    assert span_of(text) == span


@pytest.mark.parametrize("text", ["", "h", "6", "0h", "6 hours", "-1h"])
def test_what_is_no_span_is_refused(text):
    with pytest.raises(BackupError, match="write 30m, 6h or 1d"):
        span_of(text)


def test_maintenance_is_switched_by_a_command(capsys):
    call_command("maintenance", "on", why="a test")
    assert maintenance.is_on()
    call_command("maintenance", "off")
    assert not maintenance.is_on()
    call_command("maintenance", "status")
    assert capsys.readouterr().out.splitlines() == [
        "Maintenance mode is on.",
        "Maintenance mode is off.",
        "Maintenance mode is off.",
    ]
