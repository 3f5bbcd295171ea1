"""The machine that backs up holds keys that read, made as docs/backups.md says; they are enough, and good for nothing else."""

import pytest

pytestmark = pytest.mark.postgres


@pytest.fixture
def by_who_reads(play):
    return play("read_only")


def test_a_user_and_a_key_that_only_read_are_enough_for_a_whole_backup(by_who_reads):
    # Five photos and a profile picture.
    assert by_who_reads["made"] == [6, 5, []], by_who_reads["said"]


def test_the_console_hears_of_it(by_who_reads):
    assert by_who_reads["records"] == [["backup", True]]


def test_they_change_nothing_in_database_or_vault(by_who_reads):
    assert by_who_reads["statements that pass"] == []
    assert by_who_reads["writes that pass"] == []
