"""Sharing photographs on the upload page in one go, as a plain form."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Page

from gallery.actions.create_gallery import create_gallery
from gallery.models import GalleryPage, Original, PostPage
from tests import factories as f
from tests.pictures import photo

pytestmark = pytest.mark.django_db

URL = "/share/"


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


def a_file(content=None, name="IMG_0001.JPG"):
    return SimpleUploadedFile(name, f.a_picture().read() if content is None else content, content_type="image/jpeg")


def filled(client, **changes):
    """The form as it is sent: what the page came with, filled in; None leaves a field out."""
    form = client.get(URL).context["form"]
    answers = {
        "token": form["token"].value(),
        "caption": "First light over the ridge",
        "alt_text": "A ridge",
        "gallery": "photos",
        "picture": a_file(),
        "complete": "1",
        "do": "publish",
        **changes,
    }
    return {name: value for name, value in answers.items() if value is not None}


def nothing_is_left():
    vault = [name for name, _size, _modified in storages["vault"].list_names("originals/")]
    return not vault and not Original.objects.exists() and not PostPage.objects.exists()


# --- The way through ------------------------------------------------------------------------------------------------


def test_a_photograph_is_shared(client, ana):
    response = client.post(URL, filled(client))
    post = PostPage.objects.get()
    assert response.status_code == 302
    assert response.url == post.address() == f"/members/ana/photos/{post.short_id}/"
    assert (post.author, post.caption) == (ana, "First light over the ridge")
    assert post.photos.get().alt_text == "A ridge"
    assert post.is_visible


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_what_people_upload_is_taken(client, ana, format):
    client.post(URL, filled(client, picture=a_file(f.a_picture(format=format).read())))
    assert PostPage.objects.get().is_visible


def test_what_it_is_the_content_decides_and_not_the_name(client, ana):
    client.post(URL, filled(client, picture=a_file(f.a_picture(format="PNG").read(), name="shot.exe")))
    assert Original.objects.get().mime == "image/png"


@pytest.mark.queued
def test_its_page_says_processing_to_its_author(client, ana):
    response = client.post(URL, filled(client), follow=True)
    assert response.status_code == 200
    assert "Processing" in response.content.decode()


def test_it_goes_into_the_gallery_that_was_chosen(client, ana):
    iceland = create_gallery(ana, "Iceland")
    client.post(URL, filled(client, gallery=iceland.gallery_slug))
    assert PostPage.objects.get().gallery == iceland


def test_a_new_gallery_is_made_on_the_way(client, ana):
    client.post(URL, filled(client, gallery="+", new_gallery="Iceland in May"))
    assert PostPage.objects.get().gallery.title == "Iceland in May"
    assert not any(Page.find_problems())


def test_a_caption_is_not_asked_for(client, ana):
    client.post(URL, filled(client, caption="", alt_text=""))
    assert PostPage.objects.get().title == "Photo by Ana"


def test_the_page_says_what_is_kept_and_what_is_shown(client, ana):
    page = client.get(URL).content.decode()
    assert "We keep your file as it came" in page
    assert "nobody learns from them where it was taken" in page


def test_the_public_copies_carry_no_place_and_the_vault_keeps_the_file_as_it_came(client, ana):
    content = photo(800, 600)
    client.post(URL, filled(client, picture=a_file(content)))
    assert storages["vault"].open(Original.objects.get().name).read() == content
    copies = [storages["media"].open(name).read() for name, _size, _modified in storages["media"].list_names()]
    assert copies
    assert not any(b"Exif" in copy or b"SecretMaker" in copy for copy in copies)


def test_several_become_one_post_in_the_order_in_which_they_were_chosen(client, ana):
    contents = [f.a_picture().read() for _ in range(3)]
    response = client.post(URL, filled(client, picture=[a_file(content) for content in contents]))
    post = PostPage.objects.get()
    assert response.url == post.address()
    photos = post.photos.order_by("position").select_related("picture__original")
    vault = storages["vault"]
    assert [vault.open(photo.picture.original.name).read() for photo in photos] == contents
    assert [photo.alt_text for photo in photos] == ["A ridge", "", ""]
    assert post.is_visible


def test_several_become_a_post_each(client, ana):
    iceland = create_gallery(ana, "Iceland")
    answers = filled(client, picture=[a_file() for _ in range(3)], separately="1", gallery="iceland")
    response = client.post(URL, answers, follow=True)
    posts = PostPage.objects.filter(gallery=iceland)
    assert [post.photos.count() for post in posts] == [1, 1, 1]
    assert {post.caption for post in posts} == {"First light over the ridge"}
    assert all(post.is_visible for post in posts)
    assert response.redirect_chain == [(iceland.address(), 302)]
    assert "3 posts were published." in response.content.decode()


def test_what_its_author_decides_besides_is_kept(client, ana):
    choices = {"sensitive": "on", "sensitive_reason": "Surgery", "show_camera": "on", "allow_download": "on"}
    client.post(URL, filled(client, **choices))
    post = PostPage.objects.get()
    assert (post.sensitive, post.sensitive_reason, post.show_camera, post.allow_download) == (
        True,
        "Surgery",
        True,
        True,
    )


def test_described_first_it_is_a_draft_that_nobody_else_sees(client, ana):
    response = client.post(URL, filled(client, picture=[a_file(), a_file()], do="describe"))
    post = PostPage.objects.get()
    assert response.url == f"/share/{post.short_id}/"
    assert post.is_draft
    assert post.caption == "First light over the ridge"
    client.logout()
    assert client.get(post.address()).status_code == 404


def test_looking_makes_nothing(client, ana):
    client.get(URL)
    assert nothing_is_left()


def test_drafts_are_offered_to_go_on_with(client, ana):
    draft = f.a_draft(ana, caption="Half said")
    f.a_draft(f.a_member("bert"), caption="Of somebody else")
    page = client.get(URL).content.decode()
    assert f'href="/share/{draft.short_id}/"' in page
    assert "Half said" in page
    assert "Of somebody else" not in page


# --- Who may --------------------------------------------------------------------------------------------------------


def test_visitors_are_shown_the_way_in(client):
    page = client.get(URL)
    assert page.status_code == 200
    assert f"{reverse('account_login')}?next=/share/" in page.content.decode()


def test_visitors_cannot_share(client):
    response = client.post(URL, {"picture": a_file(), "caption": "x", "gallery": "photos", "complete": "1"})
    assert response.status_code == 403
    assert nothing_is_left()


def test_members_are_asked_to_confirm_their_address_first(client):
    member = f.a_member("bert", verified=False)
    client.force_login(member)
    assert "Confirm your email address first" in client.get(URL).content.decode()
    assert client.post(URL, {"picture": a_file(), "gallery": "photos", "complete": "1"}).status_code == 403
    assert nothing_is_left()


def test_the_form_needs_its_csrf_token(ana):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post(URL, filled(client)).status_code == 403
    assert nothing_is_left()


def test_nobody_shares_into_somebody_elses_gallery(client, ana):
    other = create_gallery(f.a_member("bert"), "Bert alone")
    response = client.post(URL, filled(client, gallery=other.gallery_slug))
    assert response.status_code == 422
    assert nothing_is_left()


# --- Files that cannot be shared --------------------------------------------------------------------------------------

BAD_FILES = {
    "a text": (b"This is a letter.", "not a picture"),
    "empty": (b"", "empty"),
    "a BMP": (b"BM" + bytes(60), "BMP files cannot be shared"),
    "a broken PNG": (f.a_picture(format="PNG").read()[:-20], "damaged or incomplete"),
    "a hostile SVG": (b"<svg onload=alert(1)>", "SVG files cannot be shared"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_picture_gets_a_clear_message_and_leaves_nothing_behind(client, ana, kind):
    content, words = BAD_FILES[kind]
    response = client.post(URL, filled(client, picture=a_file(content), caption="Typed with care"))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert nothing_is_left()


def test_what_was_typed_is_kept(client, ana):
    iceland = create_gallery(ana, "Iceland")
    answers = filled(
        client, picture=a_file(b"no"), caption="Typed with care", alt_text="Seen", gallery=iceland.gallery_slug
    )
    form = client.post(URL, answers).context["form"]
    assert form["caption"].value() == "Typed with care"
    assert form["alt_text"].value() == "Seen"
    assert form["gallery"].value() == iceland.gallery_slug
    assert form["token"].value() == answers["token"]


def test_without_a_file_it_asks_for_one(client, ana):
    response = client.post(URL, filled(client, picture=None))
    assert "Choose a photograph first." in response.content.decode()


def test_a_file_over_the_limit_is_not_kept_and_what_was_typed_is(client, ana, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 200_000
    kept = []
    store = "django.core.files.uploadhandler.MemoryFileUploadHandler.receive_data_chunk"
    monkeypatch.setattr(store, lambda self, raw_data, start: kept.append(len(raw_data)))
    response = client.post(URL, filled(client, picture=a_file(bytes(500_000))))
    assert "This file is larger than 195.3" in response.content.decode()
    assert response.context["form"]["caption"].value() == "First light over the ridge"
    assert sum(kept) <= 200_000
    assert nothing_is_left()


def test_a_body_that_is_far_too_large_is_answered_without_being_read(client, ana, settings):
    settings.UPLOAD_MAX_BYTES = settings.UPLOAD_FORM_MAX_BYTES = 10_000
    answers = filled(client, picture=a_file(bytes(50_000)))
    response = client.post(URL, answers)
    assert response.status_code == 413
    assert "too large" in response.content.decode()
    assert nothing_is_left()


def test_too_many_pixels_are_refused_before_they_are_decoded(client, ana, settings):
    settings.UPLOAD_MAX_PIXELS = 100_000
    response = client.post(URL, filled(client))
    assert "megapixels" in response.content.decode()
    assert nothing_is_left()


def test_an_upload_that_breaks_off_on_its_way_makes_no_post(client, ana):
    """Django takes what arrived for the whole, and the file's end for the end of the form."""
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    answers = filled(client)
    picture = answers.pop("picture")
    complete = answers.pop("complete")
    body = encode_multipart(BOUNDARY, {**answers, "picture": picture, "complete": complete})
    cut = body.index(b'name="complete"') - 100
    response = client.generic("POST", URL, body[:cut], content_type=MULTIPART_CONTENT)
    assert response.status_code == 422
    assert "broke off" in response.content.decode()
    assert nothing_is_left()


# --- Several files of which some do not fit ---------------------------------------------------------------------------


def test_the_good_ones_among_bad_ones_wait_in_a_draft_and_each_bad_one_is_named(client, ana):
    files = [a_file(name="one.jpg"), a_file(b"This is a letter.", name="letter.jpg"), a_file(name="two.jpg")]
    response = client.post(URL, filled(client, picture=files), follow=True)
    post = PostPage.objects.get()
    assert post.is_draft
    assert post.photos.count() == 2
    assert post.caption == "First light over the ridge"
    page = response.content.decode()
    assert "2. “letter.jpg”" in page
    assert "not a picture" in page
    assert "one.jpg" not in page


def test_where_none_is_good_each_is_named_and_nothing_is_left_behind(client, ana):
    files = [a_file(b"no", name="a.jpg"), a_file(b"", name="b.jpg")]
    response = client.post(URL, filled(client, picture=files))
    assert response.status_code == 422
    assert "1. “a.jpg”" in response.content.decode()
    assert "2. “b.jpg”: This file is empty" in response.content.decode()
    assert response.context["form"]["caption"].value() == "First light over the ridge"
    assert nothing_is_left()


def test_a_file_over_the_limit_does_not_cost_the_others_their_way(client, ana, settings):
    settings.UPLOAD_MAX_BYTES = 200_000
    files = [a_file(bytes(300_000), name="huge.jpg"), a_file(name="fine.jpg")]
    response = client.post(URL, filled(client, picture=files), follow=True)
    assert "1. “huge.jpg”: This file is larger than 195.3" in response.content.decode()
    assert PostPage.objects.get().photos.count() == 1


def test_what_does_not_fit_together_is_named(client, ana, settings):
    one = a_file(name="one.png", content=f.a_picture(300, 300, format="PNG", compress_level=0).read())
    other = a_file(name="other.png", content=f.a_picture(300, 300, format="PNG", compress_level=0).read())
    settings.UPLOAD_FORM_MAX_BYTES = one.size + 1000
    response = client.post(URL, filled(client, picture=[one, other]), follow=True)
    assert "2. “other.png”: It did not fit any more" in response.content.decode()
    assert PostPage.objects.get().photos.count() == 1


def test_more_than_twenty_are_left_out(client, ana, monkeypatch):
    monkeypatch.setattr("community.uploads.MOST_PHOTOS", 2)
    files = [a_file(name=f"{number}.jpg") for number in range(3)]
    response = client.post(URL, filled(client, picture=files), follow=True)
    assert "3. “2.jpg”: A post has 2 photos at most." in response.content.decode()
    assert PostPage.objects.get().photos.count() == 2


def test_the_page_says_what_the_plain_form_takes(client, ana):
    page = client.get(URL).content.decode()
    assert "Up to 20 photos, 40.0\xa0MB each." in page
    assert "This form takes 100.0\xa0MB at once; more can be added afterwards." in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("caption", "x" * 2001), ("alt_text", "x" * 1001), ("gallery", "elsewhere"), ("new_gallery", "x" * 81)],
)
def test_words_that_do_not_fit_are_refused_before_the_file_is_stored(client, ana, field, value):
    response = client.post(URL, filled(client, **{field: value}))
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert nothing_is_left()


def test_a_new_gallery_needs_a_name(client, ana):
    response = client.post(URL, filled(client, gallery="+", new_gallery="  "))
    assert "Give the gallery a name." in response.content.decode()
    assert nothing_is_left()
    assert GalleryPage.objects.count() == 1


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (ValidationError({"gallery": "It was closed meanwhile."}), "gallery"),
        (ValidationError({"pictures": "It was closed meanwhile."}), "picture"),
        (ValidationError({"elsewhere": "It was closed meanwhile."}), "__all__"),
        (ValidationError("It was closed meanwhile."), "__all__"),
        (PermissionDenied("It was closed meanwhile."), "__all__"),
    ],
)
def test_what_only_turns_out_while_sharing_is_said_beside_its_field(client, ana, monkeypatch, refusal, field):
    def refuse(*args, **kwargs):
        raise refusal

    monkeypatch.setattr("community.views.composer.share_photos", refuse)
    response = client.post(URL, filled(client))
    assert response.status_code == 422
    assert response.context["form"].errors[field] == ["It was closed meanwhile."]
    assert "It was closed meanwhile." in response.content.decode()


# --- Twice ------------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_leads_to_one_post(client, ana):
    content = f.a_picture().read()
    answers = filled(client, picture=a_file(content))
    first = client.post(URL, answers)
    second = client.post(URL, {**answers, "picture": a_file(content)})
    assert first.url == second.url
    assert PostPage.objects.count() == 1


def test_sent_twice_with_a_new_gallery_it_makes_one(client, ana):
    content = f.a_picture().read()
    answers = filled(client, picture=a_file(content), gallery="+", new_gallery="Iceland")
    client.post(URL, answers)
    client.post(URL, {**answers, "picture": a_file(content)})
    assert GalleryPage.objects.filter(title="Iceland").count() == 1


def test_another_picture_in_a_form_that_was_sent_is_a_post_of_its_own(client, ana):
    """Going back to the form and choosing another photograph must not lose it."""
    answers = filled(client)
    client.post(URL, answers)
    client.post(URL, {**answers, "picture": a_file()})
    assert PostPage.objects.count() == 2


@pytest.mark.parametrize("token", ["", "7Hq2mXk9Ta", "made:up", "x" * 5000])
def test_nobody_chooses_a_short_id(client, ana, token):
    client.post(URL, filled(client, token=token))
    assert PostPage.objects.get().short_id not in token


def test_sent_twice_as_a_post_each_it_makes_no_more_of_them(client, ana):
    contents = [f.a_picture().read() for _ in range(2)]
    answers = filled(client, picture=[a_file(content) for content in contents], separately="1")
    client.post(URL, answers)
    client.post(URL, {**answers, "picture": [a_file(content) for content in contents]})
    assert PostPage.objects.count() == 2


def test_a_token_is_good_for_the_member_it_was_made_for(client, ana):
    token = filled(client)["token"]
    bert = f.a_member("bert")
    client.force_login(bert)
    client.post(URL, filled(client, token=token))
    client.force_login(ana)
    client.post(URL, filled(client, token=token))
    assert {post.author for post in PostPage.objects.all()} == {ana, bert}


def test_the_page_is_never_kept_by_a_cache(client, ana):
    assert "no-store" in client.get(URL)["Cache-Control"]
