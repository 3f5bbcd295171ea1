"""What a restore leaves on the media host: what the rows know, and nothing else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from gallery import purging
from gallery.models import Purge, Rendition
from pixlpix.backups.stores import clear_public_files
from tests.factories import a_post
from tests.traces import public_files

pytestmark = pytest.mark.django_db

FOLDER = f"{'a' * 22}/{'b' * 22}/"


class Killed(BaseException):
    """Nothing catches it, and it rolls back what was not committed: as if the process were gone."""


@pytest.fixture
def stranger():
    """A public file that no row names."""
    return storages["media"].save(f"{FOLDER}{'c' * 22}.webp", ContentFile(b"a picture"))


def test_what_no_row_names_goes_and_the_cdn_is_to_forget_it(stranger):
    a_post()
    known = public_files() - {stranger}
    assert known and clear_public_files() == 1
    assert public_files() == known
    assert known == set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))
    assert Purge.objects.get().path == FOLDER and Purge.objects.get().files_gone_at is not None


@pytest.mark.queued
def test_killed_once_the_files_are_gone_the_next_run_has_the_cdn_forget_them(stranger, monkeypatch):
    def die(path):
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(purging, "files_are_gone", die)
        clear_public_files()
    assert public_files() == set() and Purge.objects.get().files_gone_at is None
    clear_public_files()
    assert Purge.objects.waiting().get().path == FOLDER
