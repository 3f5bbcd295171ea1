"""Every package is pinned to one version and to the hashes of its files, and the lists hold what was asked for."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.once


def pins(name):
    """{package: (version, number of hashes)} of a list of pins."""
    text = (settings.BASE_DIR / name).read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            package, version = re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", line).groups()
            found[package.lower().replace("_", "-")] = (version, len(re.findall(r"--hash=sha256:[0-9a-f]{64}", line)))
    return found


def asked(name):
    """{package: version} of what a list asks for by itself."""
    lines = (settings.BASE_DIR / name).read_text().splitlines()
    matches = (re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", line) for line in lines)
    return {match[1].lower().replace("_", "-"): match[2] for match in matches if match}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_each_version_has_hashes_and_what_was_asked_for_is_there(name):
    pinned, wanted = pins(f"{name}.txt"), asked(f"{name}.in")
    assert len(wanted) > 15
    assert [package for package, (_version, hashes) in pinned.items() if not hashes] == []
    assert {package: pinned.get(package, ("nothing",))[0] for package in wanted} == wanted


def test_tests_run_on_what_runs_in_production():
    production, tests = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: tests.get(name) for name in production} == production


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in", "requirements.txt", "requirements-dev.txt"])
def test_the_lists_name_no_index(name):
    text = (settings.BASE_DIR / name).read_text()
    assert "://" not in text and "index" not in text
