"""The units of the team's machine: they run what there is, often enough for nobody to be alarmed without a reason."""

import re
from collections import defaultdict
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import get_commands

from pixlpix.backups import retention
from tests.pixlpix.test_docs import commands_in, options_of

pytestmark = pytest.mark.once

FOLDER = settings.BASE_DIR / "deploy" / "backup"
UNITS = sorted(FOLDER.iterdir())
SECONDS = {"min": 60, "h": 3600}


def directives(name):
    """{directive: [its values]} of a unit."""
    found = defaultdict(list)
    for key, value in re.findall(r"^(\w+)=(.*)$", (FOLDER / name).read_text(), re.MULTILINE):
        found[key].append(value)
    return found


def span(text):
    """ "6h" or "5min" as a timedelta."""
    number, unit = re.fullmatch(r"(\d+)(min|h)", text).groups()
    return timedelta(seconds=int(number) * SECONDS[unit])


def longest_between(name):
    """How long it may be from the end of one run to the end of the next, where all goes as it should."""
    timer, service = directives(f"{name}.timer"), directives(f"{name}.service")
    (calendar,) = timer["OnCalendar"]
    every = timedelta(hours=1) if calendar == "hourly" else timedelta(weeks=1)
    assert calendar == "hourly" or re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d", calendar), calendar
    return every + sum(map(span, [*timer["RandomizedDelaySec"], *service["TimeoutStartSec"]]), timedelta())


def test_nobody_is_alarmed_by_backups_and_drills_that_run_as_the_timers_say():
    assert longest_between("pixlpix-backup") < timedelta(hours=settings.BACKUP_ALERT_HOURS)
    assert longest_between("pixlpix-drill") < timedelta(days=settings.DRILL_ALERT_DAYS)


def test_both_timers_are_made_up_for_when_the_machine_was_off():
    for name in ("pixlpix-backup.timer", "pixlpix-drill.timer"):
        assert directives(name)["Persistent"] == ["yes"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_commands_of_the_units_exist_with_their_options(path):
    for name, *rest in commands_in(path.read_text(encoding="utf-8")):
        assert name in get_commands()
        assert {word for word in rest if word.startswith("--")} <= options_of(name)


def test_each_backup_is_read_again_and_each_failure_heard():
    backup, drill = directives("pixlpix-backup.service"), directives("pixlpix-drill.service")
    assert "backup_verify" in backup["ExecStartPost"][0]
    assert ["backup_verify" in drill["ExecStart"][0], "backup_drill" in drill["ExecStart"][1]] == [True, True]
    for unit in (backup, drill):
        assert unit["OnFailure"] == ["pixlpix-alarm@%n.service"]
        assert (FOLDER / "pixlpix-alarm@.service").exists()


def test_what_the_unit_keeps_is_what_people_are_told():
    (line,) = directives("pixlpix-backup.service")["ExecStart"]
    retention.check_promise(retention.parse(re.search(r"--keep (\S+)", line)[1]), settings.BACKUP_DAYS)
