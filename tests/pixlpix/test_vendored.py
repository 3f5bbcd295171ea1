"""Libraries that we keep copies of, served or for tests alone, say what they are: name, version and licence stand beside."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

PLACES = [settings.BASE_DIR / "static" / "vendor", settings.BASE_DIR / "tests" / "browser" / "vendor"]
VENDORED = sorted(path for place in PLACES for path in place.iterdir() if path.is_dir())


def test_there_are_some():
    """Otherwise the tests below would say nothing."""
    assert VENDORED


@pytest.mark.parametrize("library", VENDORED, ids=lambda path: path.name)
def test_vendored_library_has_its_name_and_version_beside_it(library):
    said = (library / "VERSION").read_text()
    assert library.name.lower() in said.lower()
    assert re.search(r"\d+\.\d+", said)


@pytest.mark.parametrize("library", VENDORED, ids=lambda path: path.name)
def test_vendored_library_has_its_licence_beside_it(library):
    assert len((library / "LICENSE").read_text()) > 200


def test_nothing_lies_loose_among_them():
    assert [path.name for place in PLACES for path in place.iterdir() if path.is_file()] == []
