"""Private renditions: one row and one file for each, whoever makes them."""

import pytest
from django.core.files.storage import storages

from gallery import imaging
from gallery.models import Rendition
from gallery.processing import keep_renditions
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.queued]


def test_of_two_workers_with_one_photo_the_slower_leaves_no_file_that_no_row_names(monkeypatch):
    """Between the look at what is there and the insert, another worker may have made the same."""
    picture = f.a_post().photos.get().picture
    vault = storages["vault"]
    with vault.open(picture.original.name) as file:
        rendered = imaging.render(file)
    real, overtaken = type(vault).save, []

    def save(self, name, content, **options):
        if not overtaken:
            overtaken.append(1)
            keep_renditions(picture, rendered)
        return real(self, name, content, **options)

    monkeypatch.setattr(type(vault), "save", save)
    keep_renditions(picture, rendered)
    assert overtaken
    named = set(Rendition.objects.values_list("file", flat=True))
    assert {name for name, _size, _modified in vault.list_names("derived/")} == named
    assert len(named) == len(rendered.files)
