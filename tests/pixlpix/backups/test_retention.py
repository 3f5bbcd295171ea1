"""What is kept, for how long; and what goes with what is not."""

from datetime import UTC, datetime, timedelta

import pytest

from pixlpix.backups import retention
from pixlpix.backups.errors import BackupError

from .making import a_place, a_snapshot, pool

NOW = datetime(2026, 11, 27, 18, 15, tzinfo=UTC)


def named(*ages):
    """Names of snapshots of these ages."""
    return [(NOW - age).strftime("%Y%m%dT%H%M%SZ") for age in ages]


def outdated(place, keep):
    return retention.outdated(place, retention.parse(keep), NOW)


def fill(place, *ages, **facts):
    names = named(*ages)
    for name in names:
        a_snapshot(place, name, **facts)
    return names


def test_one_of_each_hour_stays_the_newest_in_it(tmp_path):
    place = a_place(tmp_path)
    early, late, hour_before = fill(place, *[timedelta(minutes=m) for m in (14, 5, 40)])
    assert outdated(place, "24h:hourly") == [early]
    assert late in place.names() and hour_before in place.names()


def test_each_rule_keeps_its_own(tmp_path):
    place = a_place(tmp_path)
    ages = [timedelta(hours=1), timedelta(hours=2), timedelta(days=2), timedelta(days=2, hours=1), timedelta(days=40)]
    _now, _before, day, same_day, month = fill(place, *ages)
    assert outdated(place, "24h:hourly,30d:daily") == sorted([same_day, month])
    assert outdated(place, "24h:hourly,30d:daily,12m:monthly") == [same_day]
    assert day not in outdated(place, "24h:hourly,30d:daily")


def test_the_newest_stays_however_old_it_is(tmp_path):
    place = a_place(tmp_path)
    old, newest = fill(place, timedelta(days=900), timedelta(days=800))
    assert outdated(place, "1h:hourly") == [old]
    assert newest in place.names()


def test_an_incomplete_one_is_no_reason_to_let_the_newest_complete_one_go(tmp_path):
    place = a_place(tmp_path)
    (complete,) = fill(place, timedelta(days=9))
    fill(place, timedelta(minutes=1), missing=["0" * 64])
    assert complete not in outdated(place, "1h:hourly")


def test_what_was_kept_before_a_restore_stays_for_thirty_days(tmp_path):
    place = a_place(tmp_path)
    fill(place, timedelta(minutes=1))
    young, old = fill(place, timedelta(days=29), timedelta(days=31), reason="before restore of 20261001T000000Z")
    assert outdated(place, "1h:hourly") == [old]
    assert young in place.names()


@pytest.mark.parametrize(
    "text", ["", "24:hourly", "24h", "24h:sometimes", "0h:hourly", "h:hourly", "1d:daily;2d:daily"]
)
def test_what_is_no_rule_is_refused_with_how_to_write_one(text):
    with pytest.raises(BackupError, match="24h:hourly,30d:daily"):
        retention.parse(text)


def test_rules_are_read_kindly():
    assert retention.parse(" 24H:Hourly, 2 weeks:daily ,") == retention.parse("24h:hourly,2w:daily")


def test_no_rule_may_keep_longer_than_people_are_told():
    retention.check_promise(retention.parse("30d:daily"), 30)
    with pytest.raises(BackupError, match="BACKUP_DAYS=372"):
        retention.check_promise(retention.parse("24h:hourly,12m:monthly"), 30)


def test_pool_files_go_with_the_last_snapshot_that_names_them(tmp_path):
    place = a_place(tmp_path)
    old, new = named(timedelta(days=3), timedelta(hours=1))
    a_snapshot(place, old, originals=[b"both", b"old only"])
    kept = a_snapshot(place, new, originals=[b"both"])
    assert retention.remove_unnamed(place) == 0
    retention.remove(place, [old])
    assert retention.remove_unnamed(place) == 1
    assert pool(place) == set(kept.originals)


def test_nothing_goes_from_the_pool_while_a_manifest_cannot_be_read(tmp_path):
    place = a_place(tmp_path)
    for name in fill(place, timedelta(days=3), timedelta(hours=1)):
        (place.snapshots / name / "manifest.json").write_text("{}")
    assert retention.remove_unnamed(place) == 0
    assert pool(place)
