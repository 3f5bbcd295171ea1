"""Every act that enters the ledger is replayed after a roll-back, or is named with the reason why not."""

import ast
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from pixlpix.backups.errors import BackupError
from pixlpix.backups.manifest import Manifest
from pixlpix.backups.replay import NOT_REPLAYED, Entry, read_entry, replay, replayers
from pixlpix.backups.restoring import Restore
from pixlpix.backups.stores import names_in_ledger, put_ledger_back

from .making import a_place

SNAPSHOT = datetime(2026, 11, 27, 18, 15, tzinfo=UTC)

ACT = re.compile(r"(post|photo|gallery|member|avatar|profile|comment)\.[a-z_]+")
# Functions that enter an act given to them by name.
ENTERING = {"enter", "hide", "show_again", "show_avatar", "label", "clear_label"}


def acts_in_source():
    """The acts that are entered anywhere: first arguments, `act=` and `entry=` of what enters, and their defaults."""
    found = {}
    for app in ("gallery", "community", "home", "search", "pixlpix"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                for text in texts_of(node):
                    if ACT.fullmatch(text):
                        found.setdefault(text, path.name)
    return found


def texts_of(node):
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [one.value for one in node.keywords if one.arg in ("act", "entry")]
        candidates = [*node.args[:1], *given] if called in ENTERING else []
    elif isinstance(node, ast.FunctionDef):
        candidates = [one for one in node.args.kw_defaults if one is not None]
    else:
        candidates = []
    for one in candidates:
        for part in ast.walk(one):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def test_the_search_for_acts_finds_what_there_is():
    found = acts_in_source()
    assert len(found) >= 35
    assert {"post.held", "gallery.narrowed", "avatar.shown", "post.limited", "member.follower_removed"} <= set(found)


def test_every_act_of_the_ledger_has_a_replayer_or_a_reason():
    known = {*replayers(), *NOT_REPLAYED}
    assert {act: where for act, where in acts_in_source().items() if act not in known} == {}


def test_no_replayer_waits_for_an_act_that_nobody_enters():
    assert sorted({*replayers(), *NOT_REPLAYED} - set(acts_in_source())) == []


def test_an_act_that_this_code_does_not_know_stops_the_restore():
    """It may have hidden something."""
    with pytest.raises(BackupError, match=r"post\.vanished"):
        replay([Entry("x", "post.vanished", "7Hq2mXk9Ta", datetime(2026, 11, 27, tzinfo=UTC))])


def test_an_entry_that_cannot_be_read_stops_the_restore():
    for content in (b"", b"[]", b'{"act": "post.withdrawn"}'):
        with pytest.raises(BackupError, match="cannot be read"):
            read_entry("20261127T181500Z-x", content)


def entry_at(minutes):
    """The name of an entry, so many minutes after the snapshot."""
    return f"{SNAPSHOT + timedelta(minutes=minutes):%Y%m%dT%H%M%S.%fZ}-x"


def test_all_is_done_again_that_the_snapshot_may_not_know_and_nothing_that_the_restore_itself_entered(tmp_path):
    """An act that hides is entered before its commit: the entry may be older than the snapshot that has not got the act."""
    place = a_place(tmp_path)
    body = {"act": "post.withdrawn", "key": "7Hq2mXk9Ta", "at": SNAPSHOT.isoformat(), "state": {}}
    for minutes in (-60, -10, -1, 1, 60, 90):
        storages["vault"].save(f"ledger/{entry_at(minutes)}", ContentFile(json.dumps(body).encode()))
    made = Manifest("20261127T181500Z", SNAPSHOT.isoformat(), "scheduled", "sqlite")
    restore = Restore(place, made, place.snapshots, [], print)
    restore.state["until"] = entry_at(60)
    assert [entry.name for entry in restore.newer_entries()] == [entry_at(minutes) for minutes in (-10, -1, 1, 60)]


def test_an_entry_that_the_vault_has_lost_is_put_back_from_the_backups(tmp_path):
    place = a_place(tmp_path)
    (place.ledger / entry_at(1)).write_bytes(b"{}")
    assert put_ledger_back(place, []) == 1
    assert names_in_ledger() == {entry_at(1)} and put_ledger_back(place, []) == 0
