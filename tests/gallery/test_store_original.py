"""Storing an upload in the vault."""

import hashlib
import io

import pytest
from django.core.files.storage import storages

from gallery.actions.remove_unused_original import remove_unused_original
from gallery.actions.store_original import store_original
from gallery.imaging import PictureRefused
from gallery.models import Original
from tests import factories as f

pytestmark = pytest.mark.django_db


def in_the_vault():
    return [name for name, _size, _modified in storages["vault"].list_names("originals/")]


def test_it_lies_under_the_hash_of_its_content():
    file = f.a_picture()
    content = file.read()
    original = store_original(file)
    sha256 = hashlib.sha256(content).hexdigest()
    assert original.sha256 == sha256
    assert in_the_vault() == [f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}"]
    assert storages["vault"].open(original.name).read() == content


def test_its_row_says_what_it_is_and_who_brought_it_first():
    ana = f.a_member()
    original = store_original(f.a_picture(320, 200, format="PNG"), by=ana)
    assert (original.mime, original.width, original.height) == ("image/png", 320, 200)
    assert original.first_by == ana
    assert original.size == storages["vault"].size(original.name)


def test_the_same_bytes_are_stored_once():
    content = f.a_picture().read()
    first = store_original(io.BytesIO(content), by=f.a_member())
    assert store_original(io.BytesIO(content), by=f.a_member()) == first
    assert len(in_the_vault()) == 1


def test_what_is_no_picture_leaves_nothing_behind():
    with pytest.raises(PictureRefused):
        store_original(io.BytesIO(b"This is a letter."))
    assert not in_the_vault()
    assert not Original.objects.exists()


def test_a_crash_before_its_row_leaves_a_file_that_the_next_upload_takes(monkeypatch):
    content = f.a_picture().read()
    with monkeypatch.context() as patch:
        patch.setattr(Original.objects, "get_or_create", lambda **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store_original(io.BytesIO(content))
    assert len(in_the_vault()) == 1
    assert store_original(io.BytesIO(content)).name == in_the_vault()[0]


def test_a_file_that_was_lost_comes_back_with_the_next_upload():
    content = f.a_picture().read()
    original = store_original(io.BytesIO(content))
    storages["vault"].remove_original(original.name, why="lost, for this test")
    store_original(io.BytesIO(content))
    assert storages["vault"].open(original.name).read() == content


def test_an_original_in_use_is_not_removed():
    f.a_post()
    assert not remove_unused_original(Original.objects.get(), why="a mistake")
    assert in_the_vault()


def test_an_original_that_nothing_uses_goes_with_its_file():
    assert remove_unused_original(f.an_original(), why="not needed")
    assert not in_the_vault()
    assert not Original.objects.exists()
