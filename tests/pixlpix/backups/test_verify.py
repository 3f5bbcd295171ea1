"""One wrong byte, one missing file, one file too many: each is found, wherever it is."""

import pytest
from django.core.management import CommandError, call_command

from pixlpix.backups.place import Place
from pixlpix.backups.verifying import Verification

from .making import a_place, a_snapshot

NAME = "20261127T181500Z"


@pytest.fixture
def place(tmp_path):
    place = a_place(tmp_path)
    a_snapshot(place, "20261126T181500Z", originals=[b"older", b"both"])
    a_snapshot(place, NAME, originals=[b"both", b"newer"])
    return place


def problems(place):
    verification = Verification(place)
    verification.everything()
    return verification.problems


def files(place):
    """One file of each kind."""
    return {
        "original": next(path for path in place.originals.rglob("*") if path.is_file()),
        "ledger": next(place.ledger.iterdir()),
        "database": place.snapshots / NAME / "database.sqlite3",
        "manifest": place.snapshots / NAME / "manifest.json",
        "hash of the manifest": place.snapshots / NAME / "manifest.sha256",
    }


KINDS = ["original", "ledger", "database", "manifest", "hash of the manifest"]


def test_what_was_written_is_found_so(place, capsys):
    call_command("backup_verify", str(place))
    # Two databases, three originals, one entry: what both snapshots name is read once.
    assert capsys.readouterr().out.startswith("6 files, ")


def test_where_no_backup_was_ever_made_nothing_is_well(tmp_path):
    """A first backup that failed leaves a folder without a snapshot: that must not pass for backups that are well."""
    with pytest.raises(CommandError, match="1 problems"):
        call_command("backup_verify", str(a_place(tmp_path)))


@pytest.mark.parametrize("kind", KINDS)
def test_one_wrong_byte_is_found(place, kind):
    path = files(place)[kind]
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    assert len(problems(place)) == (2 if kind == "ledger" else 1), "the entry is named by both snapshots"


@pytest.mark.parametrize("kind", KINDS)
def test_one_missing_file_is_found(place, kind):
    files(place)[kind].unlink()
    assert problems(place)


@pytest.mark.parametrize("kind", ["original", "ledger", "database", "root"])
def test_one_file_too_many_is_found(place, kind):
    folder = place.root if kind == "root" else files(place)[kind].parent
    (folder / "stranger").write_text("?")
    (problem,) = problems(place)
    assert "stranger" in problem


def test_the_command_fails_and_says_how_much_is_wrong(place, capsys):
    files(place)["database"].write_bytes(b"")
    with pytest.raises(CommandError, match="1 problems"):
        call_command("backup_verify", str(place))
    assert "Damaged: the database of" in capsys.readouterr().err


def test_one_snapshot_can_be_read_alone(place):
    (place.snapshots / "20261126T181500Z" / "database.sqlite3").unlink()
    call_command("backup_verify", str(place), snapshot="latest")
    with pytest.raises(CommandError, match="1 problems"):
        call_command("backup_verify", str(place), snapshot="20261126T181500Z")
    with pytest.raises(CommandError, match=r"no snapshot 2020 in .*; there are: 20261126T181500Z"):
        call_command("backup_verify", str(place), snapshot="2020")


def test_what_was_erased_by_order_may_be_missing_and_may_not_be_there(place):
    path = files(place)["original"]
    place.write_json(place.erased, {path.name: "2026-11-27"})
    (problem, *_rest) = problems(place)
    assert "Erased by order and still here" in problem
    path.unlink()
    assert problems(place) == []


def test_where_no_backups_lie_it_says_so(tmp_path):
    with pytest.raises(CommandError, match="There are no backups"):
        call_command("backup_verify", str(tmp_path))


def test_a_killed_run_leaves_nothing_that_counts_as_a_stranger(place):
    (place.snapshots / f".unfinished-{NAME}").mkdir()
    assert problems(place) == []
    Place(place.root).clear_unfinished()
    assert [path.name for path in place.snapshots.iterdir() if path.name.startswith(".")] == []
