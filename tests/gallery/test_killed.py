"""A process killed at any point of an upload, a takedown, a change of a visible post's photos, or an erasure: the next
`reconcile_media` leaves nothing half-done, and what is erased once more is gone."""

import json
import os
import subprocess
import sys

import pytest

from tests import s3

PLACES = ["folders", pytest.param("s3", marks=pytest.mark.s3)]
_results = {}


@pytest.fixture
def results(request, place, tmp_path_factory):
    """What was left after a kill at each point, by point: one process of its own tries them all."""
    if place not in _results:
        folder = tmp_path_factory.mktemp("killed")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "AWS_"))}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "pixlpix.settings",
            "DEBUG": "1",
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "ERROR",
        }
        if place == "s3":
            server = request.getfixturevalue("s3_server")
            server.empty()
            environment |= {
                "VAULT_BUCKET": s3.VAULT_BUCKET,
                "MEDIA_BUCKET": s3.MEDIA_BUCKET,
                "S3_ENDPOINT_URL": server.endpoint,
                "S3_REGION": "us-east-1",
                "S3_ADDRESSING_STYLE": "path",
                "AWS_ACCESS_KEY_ID": s3.ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": s3.SECRET_KEY,
            }
        command = [sys.executable, "-m", "tests.killing"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stderr[-3000:]
        _results[place] = json.loads(done.stdout.splitlines()[-1])
    return _results[place]


@pytest.mark.parametrize("place", PLACES)
def test_the_process_died_at_every_point(results):
    """Otherwise the tests below would say nothing."""
    assert len(results) == 45
    assert [point for point, result in results.items() if not result["killed"]] == []


@pytest.mark.parametrize("place", PLACES)
def test_rows_and_storages_agree_after_the_next_reconcile(results):
    assert {point: result["left"] for point, result in results.items() if result["left"]} == {}


@pytest.mark.parametrize("place", PLACES)
def test_a_second_reconcile_finds_nothing(results):
    assert {point: result["found again"] for point, result in results.items() if result["found again"]} == {}


@pytest.mark.parametrize("place", PLACES)
def test_what_was_being_erased_is_gone_once_it_is_erased_once_more(results):
    erased = {point: result["not erased"] for point, result in results.items() if "not erased" in result}
    assert len(erased) == 10 and {point: left for point, left in erased.items() if any(left.values())} == {}


@pytest.mark.parametrize("place", PLACES)
def test_what_the_kill_left_was_named(results):
    """A kill between a file and its row, or a commit and a delete, must show in what the command finds."""
    assert results["upload: the original is in the vault, its row is not"]["found"]["original_without_row"] == 1
    # Two files of one photo: rows come when all of its files are there.
    assert results["processing: one derived file has no row"]["found"]["derived_file_without_row"] == 2
    for point in ("showing: all files are copied", "taking down: committed, no file is deleted"):
        assert results[point]["found"]["unfinished_publication"] == 1
    for point in (
        "receiving: a part is kept, its row does not say so",
        "cancelling: the row is gone, its parts are still there",
    ):
        assert results[point]["found"]["upload_part_without_row"] == 1
