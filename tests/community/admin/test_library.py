"""The image library: editorial pictures alone, and no way in it by which a member's picture gets out again."""

import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from community.actions.take_down_avatar import take_down_avatar
from gallery.actions.take_down_post import take_down_post
from gallery.models import Picture, PostPage, Publication
from gallery.models.pictures import PictureKind
from gallery.states import TeamState
from tests.factories import a_member, a_picture, a_post, a_staff_member, an_avatar, an_original
from tests.visiting import media_host

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    administrator = a_staff_member("Administrators")
    client.force_login(administrator)
    return administrator


@pytest.fixture
def curator(client):
    curator = a_staff_member("Curators")
    client.force_login(curator)
    return curator


def an_editorial_picture(by, title="Banner", **picture):
    from wagtail.models import Collection

    made = Picture(title=title, uploaded_by_user=by, collection=Collection.get_first_root_node())
    made.attach(an_original(a_picture(**picture), by=by))
    made.save()
    return made


def picture_of(post):
    return post.photos.get().picture


def an_upload(name="banner.jpg", **picture):
    file = a_picture(**picture)
    return SimpleUploadedFile(name, file.read(), "image/jpeg")


def public_files():
    return set(storages["media"].list_names())


def fresh(post):
    return PostPage.objects.get(pk=post.pk)


# Every address in the admin that shows, or could show, one picture.
LOOKS = {
    "listing": lambda pk: reverse("wagtailimages:index"),
    "listing as a list": lambda pk: reverse("wagtailimages:index") + "?layout=list",
    "edit view": lambda pk: reverse("wagtailimages:edit", args=[pk]),
    "usage": lambda pk: reverse("wagtailimages:image_usage", args=[pk]),
    "preview": lambda pk: reverse("wagtailimages:preview", args=[pk, "original"]),
    "address generator": lambda pk: reverse("wagtailimages:url_generator", args=[pk]),
    "address generator's output": lambda pk: reverse("wagtailimages:url_generator_output", args=[pk]),
    "delete": lambda pk: reverse("wagtailimages:delete", args=[pk]),
    "edit of several": lambda pk: reverse("wagtailimages:edit_multiple", args=[pk]),
    "chooser": lambda pk: reverse("wagtailimages_chooser:choose"),
    "chooser's results": lambda pk: reverse("wagtailimages_chooser:choose_results"),
    "chosen": lambda pk: reverse("wagtailimages_chooser:chosen", args=[pk]),
    "several chosen": lambda pk: reverse("wagtailimages_chooser:chosen_multiple") + f"?id={pk}",
    "chosen format": lambda pk: reverse("wagtailimages_chooser:select_format", args=[pk]),
    "bulk delete": lambda pk: reverse("wagtail_bulk_action", args=["gallery", "picture", "delete"]) + f"?id={pk}",
    "the admin's API": lambda pk: "/admin/api/main/images/",
    "one, in the admin's API": lambda pk: f"/admin/api/main/images/{pk}/",
}


@pytest.mark.parametrize("look", LOOKS)
def test_looking_at_a_withdrawn_picture_anywhere_makes_no_public_file(client, administrator, look):
    """Wagtail makes renditions wherever somebody looks, and one of them is the full original."""
    post = a_post()
    take_down_post(post, by=administrator, reason="Spam")
    client.get(LOOKS[look](picture_of(post).pk))
    assert public_files() == set()


@pytest.mark.parametrize("look", LOOKS)
def test_no_look_at_a_members_picture_shows_the_originals_own_file(client, administrator, look):
    post = a_post()
    answer = client.get(LOOKS[look](picture_of(post).pk))
    original = picture_of(post).original
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert original.sha256.encode() not in body
    assert body != storages["vault"].open(original.name).read()


@pytest.mark.parametrize("look", LOOKS)
def test_curators_are_shown_no_members_picture_anywhere(client, curator, look):
    post = a_post(caption="Members-own")
    answer = client.get(LOOKS[look](picture_of(post).pk))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"Members-own" not in body
    assert b"/private/" not in body
    assert media_host().encode() not in body


def test_the_preview_of_a_members_picture_leads_to_its_post_and_hands_out_no_pixels(client, administrator):
    """Wagtail's renders the original on the spot, a withdrawn one too, and writes nothing down."""
    post = a_post()
    take_down_post(post, by=administrator, reason="Spam")
    answer = client.get(LOOKS["preview"](picture_of(post).pk))
    assert answer.headers["Location"] == reverse("console_posts:post", args=[post.short_id])


def test_the_library_and_the_chooser_list_editorial_pictures_alone(client, administrator):
    a_post(caption="Members-own")
    an_editorial_picture(administrator, "Banner for spring")
    for look in ("listing", "chooser"):
        page = client.get(LOOKS[look](0)).content.decode()
        assert "Banner for spring" in page
        assert "Members-own" not in page


# --- Deleting and replacing -------------------------------------------------------------------------------------------

DELETIONS = {
    "delete": LOOKS["delete"],
    "delete of several": lambda pk: reverse("wagtailimages:delete_multiple", args=[pk]),
    "bulk delete": lambda pk: LOOKS["bulk delete"](pk) + "&next=/admin/",
}


@pytest.mark.parametrize("way", DELETIONS)
def test_deleting_a_members_picture_takes_its_post_down(client, administrator, way):
    post = a_post()
    headers = {"x-requested-with": "XMLHttpRequest"} if way == "delete of several" else {}
    client.post(DELETIONS[way](picture_of(post).pk), headers=headers)
    post = fresh(post)
    assert (post.team_state, post.team_reason) == (TeamState.TAKEN_DOWN, "Removed in the admin")
    assert public_files() == set()


@pytest.mark.parametrize("way", DELETIONS)
def test_deleting_a_members_picture_keeps_the_original(client, administrator, way):
    """Wagtail deletes the file with the row, and the file may be another picture's too."""
    post = a_post()
    client.post(DELETIONS[way](picture_of(post).pk))
    assert storages["vault"].exists(picture_of(post).original.name)


@pytest.mark.parametrize("way", DELETIONS)
def test_curators_delete_no_members_picture(client, curator, way):
    post = a_post()
    client.post(DELETIONS[way](picture_of(post).pk))
    assert fresh(post).is_visible


def test_replacing_a_members_picture_is_refused(client, administrator):
    post = a_post()
    before = picture_of(post).original_id
    address = reverse("wagtailimages:edit", args=[picture_of(post).pk])
    client.post(address, {"title": "x", "file": an_upload(), "collection": "1"})
    assert picture_of(fresh(post)).original_id == before


def test_deleting_an_editorial_picture_takes_its_public_files_away(client, curator):
    picture = an_editorial_picture(curator)
    picture.get_rendition("max-165x165")
    assert public_files()
    client.post(reverse("wagtailimages:delete", args=[picture.pk]))
    assert public_files() == set()


def test_deleting_an_editorial_picture_keeps_an_original_that_a_member_uses(client, curator):
    original = an_original()
    post = a_post(original=original)
    picture = Picture(title="Same", collection=picture_of(post).collection, uploaded_by_user=curator)
    picture.attach(original)
    picture.save()
    client.post(reverse("wagtailimages:delete", args=[picture.pk]))
    assert storages["vault"].exists(original.name)


def test_replacing_an_editorial_picture_takes_the_old_public_files_away(client, curator):
    picture = an_editorial_picture(curator)
    old = picture.get_rendition("max-165x165").public_name
    data = {"title": "New", "file": an_upload(), "collection": picture.collection_id, "tags": ""}
    client.post(reverse("wagtailimages:edit", args=[picture.pk]), data)
    assert Picture.objects.get(pk=picture.pk).original_id != picture.original_id
    assert old not in public_files()
    assert Publication.objects.filter(picture=picture, state="closed").exists()


# --- Profile pictures -------------------------------------------------------------------------------------------------


def an_avatar_in_private(moderator):
    return take_down_avatar(an_avatar(a_member("ana", name="Members-own")), by=moderator, reason="Spam")


@pytest.mark.parametrize("look", LOOKS)
def test_no_look_at_a_profile_picture_publishes_it_or_shows_its_original(client, administrator, look):
    avatar = an_avatar_in_private(administrator)
    answer = client.get(LOOKS[look](avatar.picture_id))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert public_files() == set()
    assert avatar.picture.original.sha256.encode() not in body


@pytest.mark.parametrize("look", LOOKS)
def test_curators_are_shown_no_profile_picture_anywhere(client, curator, look):
    avatar = an_avatar(a_member("ana", name="Members-own"))
    answer = client.get(LOOKS[look](avatar.picture_id))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"Members-own" not in body and b"/private/" not in body and media_host().encode() not in body


def test_the_library_and_the_chooser_list_no_profile_picture(client, administrator):
    an_avatar(a_member("ana", name="Members-own"))
    for look in ("listing", "chooser"):
        assert "Members-own" not in client.get(LOOKS[look](0)).content.decode()


def test_the_addresses_of_a_profile_picture_lead_to_its_member(client, administrator):
    avatar = an_avatar(a_member("ana"))
    for look in ("edit view", "usage", "preview", "delete"):
        answer = client.get(LOOKS[look](avatar.picture_id))
        assert answer.headers["Location"] == reverse("console_members:member", args=["ana"])


@pytest.mark.parametrize("way", DELETIONS)
def test_deleting_a_profile_picture_takes_it_down_and_keeps_the_original(client, administrator, way):
    avatar = an_avatar(a_member("ana"))
    client.post(DELETIONS[way](avatar.picture_id))
    avatar.refresh_from_db()
    assert (avatar.team_state, avatar.team_reason) == (TeamState.TAKEN_DOWN, "Removed in the admin")
    assert public_files() == set() and storages["vault"].exists(avatar.picture.original.name)


def test_deleting_one_that_is_down_already_keeps_the_reason(client, administrator):
    avatar = an_avatar_in_private(administrator)
    client.post(DELETIONS["delete"](avatar.picture_id))
    avatar.refresh_from_db()
    assert avatar.team_reason == "Spam"


@pytest.mark.parametrize("way", DELETIONS)
def test_curators_delete_no_profile_picture(client, curator, way):
    avatar = an_avatar(a_member("ana"))
    client.post(DELETIONS[way](avatar.picture_id))
    avatar.refresh_from_db()
    assert avatar.is_in_place


def test_a_profile_picture_is_not_changed_in_the_library(client, administrator):
    avatar = an_avatar(a_member("ana"))
    data = {"title": "x", "file": an_upload(), "collection": "1"}
    assert client.post(LOOKS["edit view"](avatar.picture_id), data).status_code in (302, 403)
    assert Picture.objects.get(pk=avatar.picture_id).original_id == avatar.picture.original_id


# --- Uploading --------------------------------------------------------------------------------------------------------


def upload(client, file):
    data = {"title": "A banner", "file": file, "collection": "1", "tags": ""}
    return client.post(reverse("wagtailimages:add"), data)


def test_a_curator_uploads_an_editorial_picture(client, curator):
    upload(client, an_upload())
    picture = Picture.objects.get(title="A banner")
    assert picture.kind == PictureKind.EDITORIAL
    assert picture.file.name == picture.original.name


def test_an_upload_is_looked_at_by_our_own_list_of_formats(client, curator):
    """Wagtail's field opens whatever Pillow opens, all of it, in the web process."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "TIFF")
    answer = upload(client, SimpleUploadedFile("banner.jpg", file.getvalue(), "image/jpeg"))
    assert answer.context["form"].errors["file"]
    assert not Picture.objects.exists()


def test_an_upload_with_too_many_pixels_is_refused_before_it_is_decoded(client, curator, settings, monkeypatch):
    settings.UPLOAD_MAX_PIXELS = 1000
    monkeypatch.setattr(Image.Image, "load", lambda *args: pytest.fail("decoded in the web process"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *args: pytest.fail("decoded in the web process"))
    file = SimpleUploadedFile("banner.jpg", a_jpeg_made_elsewhere(), "image/jpeg")
    assert upload(client, file).context["form"].errors["file"]


def a_jpeg_made_elsewhere():
    """A JPEG of 100 by 100 pixels, written without Pillow's loading, which the test above forbids."""
    import subprocess
    import sys

    code = "import sys;from PIL import Image;Image.new('RGB',(100,100)).save(sys.stdout.buffer,'JPEG')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout


def test_a_broken_upload_in_the_chooser_gets_a_message(client, curator):
    file = SimpleUploadedFile("banner.jpg", b"\xff\xd8\xff\xe0 not much of a picture", "image/jpeg")
    data = {"image-chooser-upload-title": "x", "image-chooser-upload-file": file, "image-chooser-upload-collection": 1}
    answer = client.post(reverse("wagtailimages_chooser:create"), data)
    assert answer.status_code == 200
    assert not Picture.objects.exists()


def test_a_picture_whose_file_is_gone_shows_as_a_drawn_square(client, curator):
    """Wagtail's choosers do not even catch the error that Wagtail itself raises there."""
    picture = an_editorial_picture(curator)
    storages["vault"].remove_original(picture.original.name, why="a test")
    answer = client.get(reverse("wagtailimages_chooser:chosen", args=[picture.pk]))
    assert answer.status_code == 200
    assert "no-picture.svg" in answer.content.decode()


# --- What editorial pictures show -------------------------------------------------------------------------------------


def test_editorial_renditions_carry_no_metadata(client, curator):
    """Willow copies EXIF, with the place where the picture was taken, into what it saves."""
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    picture = an_editorial_picture(curator, exif=exif)
    rendition = picture.get_rendition("max-165x165")
    with storages["media"].open(rendition.public_name) as file:
        assert not Image.open(file).getexif()


def test_editorial_renditions_are_upright(client, curator):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = an_editorial_picture(curator, width=400, height=200, exif=exif)
    rendition = picture.get_rendition("max-100x100")
    assert (rendition.width, rendition.height) == (50, 100)


def test_several_renditions_asked_for_at_once_are_each_named_by_a_row(curator):
    """Wagtail inserts them in bulk, without looking which were there already: files stay that no row names."""
    picture = an_editorial_picture(curator)
    picture.get_renditions("max-165x165", "max-100x100", "max-50x50")
    rows = picture.renditions.all()
    assert len(rows) == 3
    assert {name for name, _size, _modified in public_files()} == {row.public_name for row in rows}
    assert {name for name, *_ in storages["vault"].list_names("derived/")} == {row.file.name for row in rows}


def test_the_file_link_of_the_edit_view_is_at_most_2048_pixels_wide(client, curator):
    picture = an_editorial_picture(curator, width=2600, height=200)
    page = client.get(reverse("wagtailimages:edit", args=[picture.pk])).content.decode()
    original = picture.renditions.get(filter_spec="original")
    assert original.url in page
    assert original.width == 2048


def test_wagtails_command_for_renditions_is_refused():
    """It deletes every rendition and makes public ones of everything, withdrawn pictures included."""
    post = a_post()
    files = public_files()
    with pytest.raises(CommandError):
        call_command("wagtail_update_image_renditions")
    assert public_files() == files
    assert picture_of(post).renditions.exists()


def test_the_view_that_renders_any_picture_for_ever_is_not_mounted(client):
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse("wagtailimages_serve", args=["signature", 1, "original"])
