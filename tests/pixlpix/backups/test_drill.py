"""The rehearsal of a restore: beside the site, counted, and noted for the console."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from community import operations
from pixlpix.backups import records
from pixlpix.backups.drilling import checked_url
from pixlpix.backups.errors import BackupError

# Not seen to pass whole on PostgreSQL and S3 yet: with SQLite and folders alone until it is.
pytestmark = pytest.mark.once


def test_a_drill_counts_compares_and_looks_at_pages(play):
    went_well, words = play("drill")["records"][0]
    assert went_well is True
    assert "6 originals, 5 pages" in words


def test_a_drill_touches_nothing_of_the_site(play):
    assert play("drill")["untouched"] is True


def test_one_row_too_few_is_told_and_noted(play):
    assert "gallery_postpage has 4 rows, the manifest says 5" in play("drill")["refused"]
    assert play("drill")["records"][1][0] is False


@pytest.mark.parametrize("url", ["", "postgres://localhost/pixlpix", "postgres://drill@localhost/pixlpix"])
def test_no_database_is_overwritten_that_is_not_named_for_it(url):
    with pytest.raises(BackupError, match="DRILL_DATABASE_URL"):
        checked_url(url, "postgres://localhost/pixlpix")


def test_the_sites_own_database_is_never_the_scratch_one():
    url = "postgres://localhost/drill"
    assert checked_url(url, "postgres://localhost/pixlpix") == url
    with pytest.raises(BackupError):
        checked_url(url, url)


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
