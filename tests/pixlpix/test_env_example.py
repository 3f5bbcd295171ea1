"""`.env.example` lists every variable that the settings read, each with its meaning."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# boto3 and gunicorn.conf.py read these from the environment by themselves.
NOT_READ_BY_SETTINGS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "WEB_THREADS"}


@pytest.fixture(scope="module")
def example():
    return (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")


def test_lists_what_the_settings_read_and_nothing_else(example):
    source = (settings.BASE_DIR / "pixlpix" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:env(?:\.\w+)?|needed)\(\s*"([A-Z0-9_]+)"', source))
    listed = set(re.findall(r"^#?([A-Z0-9_]+)=", example, re.MULTILINE))
    assert listed - NOT_READ_BY_SETTINGS == read


def test_says_what_each_variable_means(example):
    lines = example.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"^#?[A-Z0-9_]+=", line):
            above = number - 1
            while re.match(r"^#?[A-Z0-9_]+=", lines[above]):
                above -= 1
            assert re.match(r"^# [A-Z0-9\"a-z].{15,}", lines[above]), f"{line} is not explained"


def test_is_a_local_run_as_it_stands(example):
    switched_on = [line for line in example.splitlines() if line and not line.startswith("#")]
    assert switched_on == ["DEBUG=1"]
