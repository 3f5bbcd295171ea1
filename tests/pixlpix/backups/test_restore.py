"""Rolling back past acts that hide and acts that show: what happened since is so again before the site answers."""

import re

import pytest

from pixlpix.backups.replay import replayers


@pytest.fixture
def rolled_back(play):
    return play("roll_back")


OUT = {
    "taken_down": 410,
    "erased": 410,
    "withdrawn": 410,
    "narrowed": 404,
    "in_closed": 410,
    "in_down": 404,
    "in_narrow": 404,
    "leaver_post": 410,
    "suspended_post": 404,
    "renamed_post": 404,
    "shell_post": 410,
}
STILL_THERE = {"undone", "limited", "untouched", "with_photos", "returned_post"}


def test_nothing_that_was_taken_out_of_reach_comes_back(rolled_back):
    assert set(rolled_back["open before"].values()) == {302}, "all of it was shown when the snapshot was made"
    answers = rolled_back["answers"]
    assert {what: answers[what] for what in OUT} == OUT
    assert {what for what, status in answers.items() if status == 302} == STILL_THERE


def test_no_public_file_of_what_was_taken_out_of_reach_is_there(rolled_back):
    assert rolled_back["files that came back"] == []
    assert set(rolled_back["public before the worker"]) <= STILL_THERE


def test_each_row_says_what_the_ledger_says(rolled_back):
    assert rolled_back["states"] == {
        "erased post": False,
        "shell": False,
        "limited": True,
        "photos": [[True, "none"], [False, "taken_down"], [False, "none"]],
        "closed": "withdrawn",
        "down": "taken_down",
        "narrow": "followers",
        "name": "Gallery",
        "standing": {"leaver": "left", "suspended": "suspended", "renamed": "suspended", "returned": "active"},
        "avatars": ["", ""],
        "profile": "taken_down",
        "comments": [["author", "none"], ["", "taken_down"], ["", "none"]],
        "follows": False,
        "blocked": True,
    }


def test_what_was_erased_by_order_is_in_neither_vault_nor_backups(rolled_back):
    assert rolled_back["erased originals in the vault"] == []
    assert rolled_back["erased originals in the pool"] == []


def test_what_was_brought_back_is_shown_again(rolled_back):
    assert set(rolled_back["shown again"].values()) == {302}, rolled_back["shown again"]
    assert rolled_back["files shown again"] is True
    assert rolled_back["public files differ"] == []


def test_what_was_brought_back_or_held_stands_in_the_rows_as_well(rolled_back):
    assert rolled_back["brought back"] == {
        "restored": "none",
        "widened": "public",
        "unlimited": False,
        "photos": {"photo_restored": "none", "photo_let_through": "none", "photo_held": "held"},
        "half erased": ["taken_down", 1],
        "draft": "held",
        "raised": "none",
        "wide": "public",
        "named again": "Named_again",
        "lifted": "active",
        "blocked": False,
        "comment": "none",
        "profile": "none",
        "names are usernames": {"named_anew": False, "nameless": True},
        # Held; replaced by one that is lost; shown again, which only the worker does.
        "avatars": {
            "with_held": ["held", False, False],
            "with_other": ["none", True, False],
            "with_restored": ["none", False, False],
        },
    }
    assert rolled_back["avatars"]["with_restored"] == ["none", False, True]
    assert rolled_back["avatars"]["with_held"] == ["held", False, False]


def test_every_kind_of_act_that_is_replayed_has_happened_in_this_world(rolled_back):
    """A new kind is to be added to rolling_back.py or brought_back.py, with what must be so afterwards."""
    assert sorted(set(replayers()) - set(rolled_back["acts"])) == []


def test_renditions_that_are_there_stay_and_only_missing_ones_are_made(rolled_back):
    number, untouched = rolled_back["kept as they were"]
    assert number >= 3 and untouched is True
    assert rolled_back["made again"] == [True, True]


def test_nobody_is_signed_in_and_no_mail_or_task_of_then_goes_out_once_more(rolled_back):
    left = rolled_back["left of then"]
    assert (left["sessions"], left["mails"]) == (0, [])
    assert "process_photo" not in left["tasks"]
    assert "make_missing_files_again" in left["tasks"], "what is still to be done is found anew"


def test_newer_data_is_lost_only_where_somebody_says_so(rolled_back):
    assert "1 posts" in rolled_back["refused"] and "entries of the ledger" in rolled_back["refused"]
    assert "--yes" in rolled_back["refused"]


def test_what_was_made_since_is_gone_with_its_public_files_and_kept_in_the_safety_snapshot(rolled_back):
    status, files, left = rolled_back["made later"]
    assert (status, left) == (404, []) and files >= 3
    reason, has_it = rolled_back["safety"]
    assert reason.startswith("before restore of") and has_it is True


def test_whoever_waits_is_told_how_far_it_is(play, rolled_back):
    for what in ("Originals of .*", "Ledger", "Acts done again", "Public folders to delete"):
        told = re.findall(rf"^{what}: (\d+) of (\d+)$", play.told["roll_back"], re.MULTILINE)
        assert told and told[-1][0] == told[-1][1], what
