"""A draft is begun with files in one go, for who wants to describe each first."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from gallery.actions.draft_photos import draft_photos
from gallery.imaging import PictureRefused
from gallery.models import GalleryPage, PostPage
from tests import factories as f

pytestmark = pytest.mark.django_db

ID = "7Hq2mXk9Ta"


@pytest.fixture
def ana():
    return f.a_member("ana")


def test_it_has_the_files_in_their_order_and_the_words(ana):
    contents = [f.a_picture(), f.a_picture()]
    iceland = f.a_gallery(ana)
    post = draft_photos(ana, contents, gallery=iceland, short_id=ID, alt_texts=["A ridge"], caption="First light")
    assert (post.is_draft, post.short_id, post.gallery, post.caption) == (True, ID, iceland, "First light")
    assert [photo.alt_text for photo in post.photos.order_by("position")] == ["A ridge", ""]


def test_begun_twice_with_one_id_it_is_one_draft(ana):
    contents = [f.a_picture().read() for _ in range(2)]
    drafts = [draft_photos(ana, map(io.BytesIO, contents), new_gallery="Iceland", short_id=ID) for _ in range(2)]
    assert drafts[0] == drafts[1]
    assert drafts[0].photos.count() == 2
    assert GalleryPage.objects.filter(title="Iceland").count() == 1


def test_where_the_id_leads_to_something_else_it_gets_another(ana):
    post = f.a_post(ana)
    draft = draft_photos(ana, [f.a_picture()], short_id=post.short_id)
    assert draft != post
    assert PostPage.objects.get(pk=post.pk).photos.count() == 1


def test_of_words_that_are_too_long_no_draft_is_left(ana):
    with pytest.raises(ValidationError):
        draft_photos(ana, [f.a_picture()], new_gallery="Iceland", short_id=ID, caption="x" * 2001)
    assert not PostPage.objects.exists()
    assert GalleryPage.objects.count() == 1


def test_who_may_not_share_begins_none():
    with pytest.raises(PermissionDenied):
        draft_photos(f.a_member(verified=False), [f.a_picture()], short_id=ID)
    assert not PostPage.objects.exists()


def test_of_a_file_that_is_no_picture_no_draft_is_left(ana):
    with pytest.raises(PictureRefused):
        draft_photos(ana, [f.a_picture(), io.BytesIO(b"no")], short_id=ID)
    assert not PostPage.objects.exists()
