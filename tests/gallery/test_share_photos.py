"""Several photographs from one plain form: all of them or none, once however often it is sent."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages

from gallery.actions.share_photos import share_photos
from gallery.imaging import PictureRefused
from gallery.models import GalleryPage, Original, PostPage
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def share():
    """Shares the given files as one member, with whatever else is said."""
    author = f.a_member()

    def share(*contents, **options):
        options = {"gallery": f.first_gallery(author), "short_id": "7Hq2mXk9Ta", **options}
        return share_photos(author, list(contents), **options)

    share.author = author
    return share


def no_picture():
    return io.BytesIO(b"<html>not a picture</html>")


def nothing_is_left():
    files = list(storages["vault"].list_names("originals/"))
    return not files and not Original.objects.exists() and not PostPage.objects.exists()


def test_they_become_one_post_in_their_order_with_their_words(share):
    (post,) = share(f.a_picture(), f.a_picture(), f.a_picture(), alt_texts=["One", "Two"], caption="Three")
    assert post.short_id == "7Hq2mXk9Ta"
    assert post.caption == "Three"
    assert [photo.alt_text for photo in post.photos.order_by("position")] == ["One", "Two", ""]


def test_or_a_post_each(share):
    posts = share(f.a_picture(), f.a_picture(), separately=True, alt_texts=["One", "Two"], sensitive=True)
    assert [post.photos.get().alt_text for post in posts] == ["One", "Two"]
    assert posts[0].short_id == "7Hq2mXk9Ta"
    assert all(PostPage.objects.get(pk=post.pk).sensitive for post in posts)


def test_files_that_are_refused_are_named_by_their_place_and_nothing_is_left(share):
    with pytest.raises(ValidationError) as refused:
        share(f.a_picture(), no_picture(), f.a_picture(), io.BytesIO(b""))
    first, second = refused.value.message_dict["pictures"]
    assert first.startswith("File 2: This file is not a picture")
    assert second.startswith("File 4: This file is empty")
    assert nothing_is_left()


def test_one_file_alone_is_refused_without_a_number(share):
    with pytest.raises(PictureRefused):
        share(no_picture())
    assert nothing_is_left()


@pytest.mark.parametrize("count", [0, 21])
def test_one_to_twenty_files_are_taken(share, count):
    with pytest.raises(ValidationError) as refused:
        share(*[f.a_picture()] * count)
    assert "pictures" in refused.value.message_dict
    assert nothing_is_left()


def test_words_that_are_too_long_are_refused_before_anything_is_stored(share):
    for words in (
        {"caption": "x" * 2001},
        {"alt_texts": ["x" * 1001]},
        {"sensitive": True, "sensitive_reason": "x" * 201},
    ):
        with pytest.raises(ValidationError):
            share(f.a_picture(), **words)
    assert nothing_is_left()


def test_a_gallery_that_was_deleted_meanwhile_leaves_no_file(share, monkeypatch):
    """It was open when the form was looked at, and is not when the post is made."""
    monkeypatch.setattr(
        "gallery.actions.publish_post.lock_galleries", lambda pk: {pk: GalleryPage(author=f.a_member())}
    )
    with pytest.raises(PermissionDenied):
        share(f.a_picture(), f.a_picture())
    assert nothing_is_left()


def test_a_store_that_fails_at_the_second_file_leaves_nothing(share, monkeypatch):
    vault, calls = type(storages["vault"]), []
    real = vault.save

    def save(self, name, content, **options):
        calls.append(name)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(self, name, content, **options)

    monkeypatch.setattr(vault, "save", save)
    with pytest.raises(OSError, match="disk full"):
        share(f.a_picture(), f.a_picture())
    assert nothing_is_left()


def test_sent_twice_they_lead_to_one_post(share):
    contents = [f.a_picture().read() for _ in range(2)]
    one, other = (share(*map(io.BytesIO, contents))[0] for _ in range(2))
    assert one == other
    assert PostPage.objects.count() == 1


def test_other_files_with_the_same_form_are_a_post_of_their_own(share):
    first = f.a_picture().read()
    share(io.BytesIO(first), f.a_picture())
    (post,) = share(io.BytesIO(first), f.a_picture())
    assert post.short_id != "7Hq2mXk9Ta"
    assert PostPage.objects.count() == 2
