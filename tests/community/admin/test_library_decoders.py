"""No form of the console reaches another decoder than ours, whatever a file is called and says that it is."""

import pytest
import willow
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from community.admin.pictures import PictureField
from gallery.models import Picture
from tests import odd_pictures as odd
from tests.factories import a_staff_member

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
OTHERS = {"BMP": odd.of_format("BMP"), "TIFF": odd.of_format("TIFF"), "EPS": odd.of_format("EPS"), "SVG": SVG}


@pytest.fixture(autouse=True)
def no_decoder(monkeypatch):
    """Nothing here may unpack a picture, or ask what could."""
    for library in (Image, willow.Image):
        monkeypatch.setattr(library, "open", lambda *_a, **_k: pytest.fail("a decoder was asked"))


@pytest.fixture
def curator(client):
    curator = a_staff_member("Curators")
    client.force_login(curator)
    return curator


def file(data, name="banner.png", mime="image/png"):
    return SimpleUploadedFile(name, data, mime)


@pytest.mark.parametrize("kind", OTHERS)
def test_field_refuses_other_formats_under_any_name(kind):
    for name, mime in (
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.tiff", "image/tiff"),
        ("a.svg", "image/svg+xml"),
    ):
        with pytest.raises(ValidationError) as caught:
            PictureField().clean(file(OTHERS[kind], name, mime))
        assert caught.value


@pytest.mark.parametrize("format", odd.SIX)
def test_field_accepts_all_six_by_their_content(format):
    assert PictureField().clean(file(odd.small(format), "wrong.png")).size


@pytest.mark.parametrize("address", ["add", "add_multiple", "chooser_upload"])
@pytest.mark.parametrize("kind", OTHERS)
def test_no_way_into_the_library_takes_another_format(client, curator, address, kind):
    url = {
        "add": reverse("wagtailimages:add"),
        "add_multiple": reverse("wagtailimages:add_multiple"),
        "chooser_upload": reverse("wagtailimages_chooser:create"),
    }[address]
    prefix = "image-chooser-upload-" if address == "chooser_upload" else ""
    name = "files[]" if address == "add_multiple" else f"{prefix}file"
    client.post(
        url, {f"{prefix}title": "Banner", name: file(OTHERS[kind])}, headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert not Picture.objects.exists()


def test_account_of_a_staff_member_has_no_profile_picture_that_wagtail_would_decode(client, curator):
    url = reverse("wagtailadmin_account")
    assert "avatar-avatar" not in client.get(url).content.decode()
    client.post(url, {"avatar-avatar": file(OTHERS["TIFF"]), "name_email-first_name": "A", "name_email-last_name": "B"})
    curator.refresh_from_db()
    assert not curator.wagtail_userprofile.avatar
