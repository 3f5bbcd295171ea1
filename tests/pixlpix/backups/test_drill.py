"""The rehearsal of a restore: beside the site, counted, and noted for the console."""

import re
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from community import operations
from pixlpix.backups import records
from pixlpix.backups.drilling import answer_of, checked_url, scratch_environment
from pixlpix.backups.errors import BackupError


def test_a_drill_counts_compares_and_looks_at_pages(play):
    went_well, words = play("drill")["records"][0]
    assert went_well is True
    assert "6 originals, 5 pages" in words


def test_a_drill_touches_nothing_of_the_site(play):
    assert play("drill")["touched"] == {"rows": {}, "vault": [], "media": []}


def test_whoever_waits_is_told_how_far_it_is(play):
    play("drill")
    assert "\nOriginals: 6 of 6\n" in play.told["drill"].partition("ledger entries.")[2]


def test_a_process_that_breaks_off_is_told_with_its_last_words(tmp_path):
    words = "import sys; sys.exit('no room on the disk')"
    with pytest.raises(BackupError, match="The drill broke off: no room on the disk"):
        answer_of([sys.executable, "-c", words], {}, tmp_path / "answer.json")


def test_one_row_too_few_is_told_and_noted(play):
    assert "gallery_postpage has 4 rows, the manifest says 5" in play("drill")["refused"]
    assert play("drill")["records"][1][0] is False


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgres://localhost/pixlpix",
        "postgres://drill@localhost/pixlpix",
        "postgres://localhost/pixlpix?application_name=drill",
    ],
)
def test_no_database_is_overwritten_that_is_not_named_for_it(url):
    with pytest.raises(BackupError, match="DRILL_DATABASE_URL"):
        checked_url(url, "other")


@pytest.mark.parametrize(
    "url", ["postgres://localhost/drill", "postgres://me:word@127.0.0.1:5432/drill?sslmode=require"]
)
def test_the_sites_own_database_is_never_the_scratch_one_by_whatever_address(url):
    assert checked_url(url, "pixlpix") == url
    with pytest.raises(BackupError, match="not the site's own"):
        checked_url(url, "drill")


def test_the_process_that_rehearses_knows_no_key_and_no_place_of_the_site():
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    names = re.findall(r"^#?([A-Z0-9_]+)=", example, re.MULTILINE)
    told = scratch_environment(dict.fromkeys(names, "the site's"), "/scratch", "sqlite:////scratch/drill")
    leading_there = re.compile("KEY|TOKEN|SECRET|URL|BUCKET|HOST|ENDPOINT|REGION|ACL|DSN|EMAILS|_DIR$")
    assert {"VAULT_BUCKET", "DATABASE_URL", "DATA_DIR"} <= set(filter(leading_there.search, names))
    assert [name for name in names if leading_there.search(name) and told[name] == "the site's"] == []


@pytest.mark.django_db
def test_the_console_shows_the_newest_of_each_kind():
    records.note("backup", went_well=True, words="one")
    records.note("restore drill", went_well=True, words="two")
    records.note("restore drill", went_well=False, words="three")
    found = dict(operations.records())
    assert found[operations.KINDS["backup"]].went_well is True
    assert found[operations.KINDS["restore drill"]].went_well is False
    assert found[operations.KINDS["backup"]].at <= timezone.now()


@pytest.mark.django_db
def test_a_drill_without_backups_is_noted_as_one_that_failed(tmp_path):
    with pytest.raises(CommandError, match="There are no backups"):
        call_command("backup_drill", str(tmp_path))
    assert records.newest()["restore drill"].went_well is False
