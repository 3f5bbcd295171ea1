"""Libraries that we serve ourselves say what they are: name, version and licence stand beside each."""

import re

import pytest
from django.conf import settings

VENDORED = sorted(path for path in (settings.BASE_DIR / "static" / "vendor").iterdir() if path.is_dir())


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
    assert [path.name for path in (settings.BASE_DIR / "static" / "vendor").iterdir() if path.is_file()] == []
