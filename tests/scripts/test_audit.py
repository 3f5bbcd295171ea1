"""The audit fails for a known weakness, and for nothing else."""

import json

from scripts.audit import judged


def printed(*packages):
    return json.dumps({"dependencies": list(packages)})


GOOD = {"name": "django", "version": "5.2.19", "vulns": []}
WEAK = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-2020-1"}]}
UNKNOWN = {"name": "ours", "skip_reason": "not found"}


def test_a_known_weakness_fails_and_is_named():
    status, words = judged(printed(GOOD, WEAK))
    assert status == 1 and "pillow 1.0: PYSEC-2020-1" in words and "make pins" in words


def test_without_one_it_says_how_many_were_looked_up():
    assert judged(printed(GOOD, UNKNOWN)) == (0, "1 of 2 versions were looked up; none has a known weakness.")


def test_where_nobody_answers_it_says_so_and_holds_nothing_up():
    status, words = judged("")
    assert status == 0 and "Nobody could be asked" in words
