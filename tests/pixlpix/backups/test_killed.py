"""A backup or a restore that is killed at any point, and run again, comes to the same end."""

import pytest

# Each is played once, by the process that has the tests of this parameter.
of_backups = pytest.mark.parametrize("scenario", ["killed_backups"])
of_restores = pytest.mark.parametrize("scenario", ["killed_restores"])
of_both = pytest.mark.parametrize("scenario", ["killed_backups", "killed_restores"])


def wrong(results, what):
    """{point: what is wrong there}"""
    return {point: result[what] for point, result in results.items() if result[what]}


@of_both
def test_the_process_died_at_every_point(play, scenario):
    """Otherwise the tests below would say nothing."""
    results = play(scenario)
    assert len(results) == 10
    assert [point for point, result in results.items() if not result["died"]] == []


@of_both
def test_every_file_of_the_backups_is_as_it_was_written(play, scenario):
    assert wrong(play(scenario), "problems") == {}


@of_backups
def test_a_killed_backup_leaves_no_half_snapshot(play, scenario):
    assert wrong(play(scenario), "half a snapshot") == {}


@of_backups
def test_the_next_backup_is_whole(play, scenario):
    # Nine originals with the profile picture, eight photos, nothing missing, nothing gone.
    facts = {point: result["facts"] for point, result in play(scenario).items()}
    assert all(one == [9, 8, [], []] for one in facts.values()), facts


@of_restores
def test_a_restore_that_was_killed_comes_to_the_same_end(play, scenario):
    assert wrong(play(scenario), "same end") == {}


@of_restores
def test_the_site_stays_closed_between_a_killed_restore_and_the_next(play, scenario):
    assert wrong(play(scenario), "left open") == {}
