"""A draft on its page, as a plain form: its photos, its words, publishing and discarding it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gallery.actions.add_photo import add_photo
from gallery.actions.create_draft import create_draft
from gallery.actions.edit_post import edit_post
from gallery.models import GalleryPage, Photo, PostPage
from gallery.states import AuthorState, ProcessingState
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


@pytest.fixture
def draft(ana):
    return a_draft(ana)


def a_draft(author, photos=3, caption="Half said"):
    post = create_draft(author)
    for number in range(photos):
        add_photo(post, f.an_original(by=author), by=author, alt_text=f"Number {number}")
    return edit_post(post, by=author, caption=caption)


def url(post):
    return f"/share/{post.short_id}/"


def photos(post):
    return list(post.photos.in_place().order_by("position"))


def press(client, post, do, **changes):
    """Send the page's form as it is, with `changes`, by the button whose value is `do`."""
    form = client.get(url(post)).context["form"]
    fields = {field.name: field.value() for field in form if field.name != "picture"}
    fields = {name: value for name, value in fields.items() if value not in (None, False)}
    return client.post(url(post), {**fields, "do": do, **changes})


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def a_file(content=None, name="IMG_0001.JPG"):
    return SimpleUploadedFile(name, f.a_picture().read() if content is None else content)


# --- Whose it is ------------------------------------------------------------------------------------------------------


def test_it_shows_its_photos_in_order_with_their_words(client, draft):
    page = client.get(url(draft)).content.decode()
    places = [page.index(text) for text in ("Half said", "Number 0", "Number 1", "Number 2")]
    assert places[1:] == sorted(places[1:])
    assert page.count("/private/derived/") >= 3


@pytest.mark.parametrize("address", ["", "discard/"])
def test_for_others_there_is_none(client, draft, address):
    client.force_login(f.a_member())
    assert client.get(url(draft) + address).status_code == 404
    assert client.post(url(draft) + address, {"do": "publish"}).status_code == 404
    assert fresh(draft).is_draft


def test_visitors_are_sent_to_sign_in(client, draft):
    client.logout()
    assert client.get(url(draft)).url.startswith("/accounts/login/")


def test_once_published_it_leads_to_the_post(client, draft):
    press(client, draft, "publish")
    assert client.get(url(draft)).url == fresh(draft).address()


def test_its_author_finds_it_on_their_own_page_and_nobody_else_does(client, ana, draft):
    assert f'href="{url(draft)}"' in client.get("/members/ana/").content.decode()
    client.force_login(f.a_member())
    assert draft.short_id not in client.get("/members/ana/").content.decode()


def test_the_page_is_never_kept_by_a_cache(client, draft):
    assert "no-store" in client.get(url(draft))["Cache-Control"]


# --- Words ------------------------------------------------------------------------------------------------------------


def test_words_and_choices_are_saved_and_it_stays_a_draft(client, ana, draft):
    f.a_gallery(ana)
    first = photos(draft)[0].key
    choices = {"sensitive": "on", "sensitive_reason": "Surgery", "show_camera": "on", "allow_download": "on"}
    response = press(
        client, draft, "save", caption="All said", gallery="iceland", **{f"alt_text_{first}": "A lake"}, **choices
    )
    assert response.url == url(draft)
    post = fresh(draft)
    assert (post.caption, post.gallery.gallery_slug, post.sensitive_reason) == ("All said", "iceland", "Surgery")
    assert (post.sensitive, post.show_camera, post.allow_download) == (True, True, True)
    assert [photo.alt_text for photo in photos(post)] == ["A lake", "Number 1", "Number 2"]
    assert post.is_draft


def test_what_is_ticked_off_again_is_off(client, draft):
    press(client, draft, "save", show_camera="on")
    fields = {"caption": "x", "gallery": "photos", "complete": "1", "do": "save"}
    client.post(url(draft), fields)
    assert not fresh(draft).show_camera


def test_a_photo_that_the_page_did_not_have_keeps_its_words(client, draft):
    client.post(url(draft), {"caption": "x", "gallery": "photos", "complete": "1", "do": "save"})
    assert [photo.alt_text for photo in photos(draft)] == ["Number 0", "Number 1", "Number 2"]


def test_a_new_gallery_is_made_on_the_way(client, draft):
    press(client, draft, "save", gallery="+", new_gallery="Iceland in May")
    assert fresh(draft).gallery.title == "Iceland in May"


def test_words_that_are_too_long_are_explained_and_kept(client, draft):
    response = press(client, draft, "publish", caption="y" * 2001)
    assert response.status_code == 422
    assert response.context["form"]["caption"].value() == "y" * 2001
    assert fresh(draft).is_draft


def test_the_point_that_matters_is_set_in_per_cent(client, draft):
    first = photos(draft)[0]
    press(client, draft, "save", **{f"focus_x_{first.key}": "25", f"focus_y_{first.key}": "75"})
    picture = photos(draft)[0].picture
    assert (picture.focal_point_x, picture.focal_point_y) == (100, 225)
    form = client.get(url(draft)).context["form"]
    assert form[f"focus_x_{first.key}"].value() == 25


def test_half_a_point_changes_nothing(client, draft):
    first = photos(draft)[0]
    press(client, draft, "save", **{f"focus_x_{first.key}": "25"})
    assert not photos(draft)[0].picture.has_focal_point()


def test_it_says_how_many_photos_have_no_description(client, ana):
    draft = a_draft(ana, photos=1)
    assert "data-nudge></p>" in client.get(url(draft)).content.decode()
    for _ in range(2):
        add_photo(draft, f.an_original(by=ana), by=ana)
    said = "data-nudge>2 photos have no description yet. A sentence is enough.</p>"
    assert said in client.get(url(draft)).content.decode()


# --- Autosave ---------------------------------------------------------------------------------------------------------


def test_saving_while_somebody_types_answers_nothing(client, draft):
    response = press(client, draft, "autosave", caption="Half typ")
    assert (response.status_code, response.content) == (204, b"")
    assert fresh(draft).caption == "Half typ"


def test_saving_while_somebody_types_makes_no_gallery_of_half_a_name(client, draft):
    assert press(client, draft, "autosave", caption="x", gallery="+", new_gallery="Icel").status_code == 204
    assert GalleryPage.objects.count() == 1
    assert press(client, draft, "autosave", caption="y", gallery="+", new_gallery="").status_code == 204
    assert fresh(draft).caption == "y"


def test_saving_while_somebody_types_says_what_is_wrong(client, draft):
    response = press(client, draft, "autosave", caption="y" * 2001)
    assert response.status_code == 422
    assert "2000" in response.content.decode()


def test_saving_what_did_not_change_writes_nothing(client, draft, django_assert_max_num_queries):
    form = client.get(url(draft)).context["form"]
    fields = {field.name: field.value() for field in form if field.value() not in (None, False)}
    with django_assert_max_num_queries(8) as queries:
        client.post(url(draft), {**fields, "do": "autosave"})
    assert not any(query["sql"].startswith(("UPDATE", "INSERT")) for query in queries.captured_queries)


# --- Photos -----------------------------------------------------------------------------------------------------------


def test_a_photo_is_put_elsewhere_and_what_was_typed_is_saved(client, draft):
    one, two, three = photos(draft)
    response = press(client, draft, f"place:{three.key}:0", caption="Typed meanwhile")
    assert response.url == url(draft)
    assert photos(draft) == [three, one, two]
    assert fresh(draft).caption == "Typed meanwhile"


def test_sent_twice_it_stays_where_it_was_put(client, draft):
    one, two, three = photos(draft)
    for _ in range(2):
        press(client, draft, f"place:{one.key}:1")
    assert photos(draft) == [two, one, three]


def test_each_photo_has_buttons_that_put_it_one_place_on(client, draft):
    one, two, three = photos(draft)
    page = client.get(url(draft)).content.decode()
    for value in (f"place:{one.key}:1", f"place:{two.key}:0", f"place:{two.key}:2", f"place:{three.key}:1"):
        assert f'value="{value}"' in page


def test_a_photo_is_removed(client, draft):
    one, two, three = photos(draft)
    press(client, draft, f"remove:{two.key}")
    assert photos(draft) == [one, three]


@pytest.mark.parametrize("do", ["place:KEY:x", "place:KEY", "remove:nothing", "retry:nothing", "dance:KEY"])
def test_what_no_button_says_is_not_there(client, draft, do):
    assert press(client, draft, do.replace("KEY", photos(draft)[0].key)).status_code == 404
    assert len(photos(draft)) == 3


def test_photos_of_another_post_are_not_in_reach(client, ana, draft):
    other = photos(a_draft(ana))[0]
    assert press(client, draft, f"remove:{other.key}").status_code == 404
    assert client.get(f"/p/{draft.short_id}/photos/{other.key}/replace/").status_code == 404
    assert Photo.objects.filter(pk=other.pk).exists()


def test_files_are_added_at_the_end(client, draft):
    press(client, draft, "add", picture=[a_file(), a_file()])
    assert len(photos(draft)) == 5
    assert [photo.alt_text for photo in photos(draft)][:3] == ["Number 0", "Number 1", "Number 2"]


def test_files_that_were_chosen_and_not_added_are_published_as_well(client, draft):
    press(client, draft, "publish", picture=[a_file()])
    assert len(photos(draft)) == 4
    assert fresh(draft).is_visible


def test_a_bad_file_is_named_and_nothing_is_published_unasked(client, draft):
    response = press(client, draft, "publish", picture=[a_file(), a_file(b"no", name="letter.jpg")])
    assert "2. “letter.jpg”" in client.get(response.url).content.decode()
    assert fresh(draft).is_draft
    assert len(photos(draft)) == 4


def test_there_is_room_for_twenty(client, draft, monkeypatch):
    monkeypatch.setattr("community.forms_composer.MOST_PHOTOS", 4)
    press(client, draft, "add", picture=[a_file(), a_file()])
    assert len(photos(draft)) == 4


def test_another_file_takes_the_place_of_a_photo(client, draft):
    one, two, three = photos(draft)
    page = press(client, draft, f"replace:{two.key}").url
    assert page == f"/p/{draft.short_id}/photos/{two.key}/replace/"
    assert client.get(page).status_code == 200
    before = two.picture.original_id
    assert client.post(page, {"picture": a_file(), "complete": "1"}).url == url(draft)
    assert [photo.key for photo in photos(draft)] == [one.key, two.key, three.key]
    two = photos(draft)[1]
    assert two.picture.original_id != before
    assert two.alt_text == "Number 1"


def test_a_file_that_is_no_picture_takes_no_place(client, draft):
    page = f"/p/{draft.short_id}/photos/{photos(draft)[0].key}/replace/"
    response = client.post(page, {"picture": a_file(b"no"), "complete": "1"})
    assert response.status_code == 422
    assert "not a picture" in response.content.decode()


def test_a_photo_that_failed_says_why_and_is_tried_again(client, draft):
    one = photos(draft)[0]
    Photo.objects.filter(pk=one.pk).update(state=ProcessingState.FAILED, failure="A storage was down.")
    page = client.get(url(draft)).content.decode()
    assert "A storage was down." in page
    assert f'value="retry:{one.key}"' in page
    press(client, draft, f"retry:{one.key}")
    assert photos(draft)[0].is_ready


# --- Publishing and discarding ----------------------------------------------------------------------------------------


def test_it_is_published_with_what_was_typed_last(client, draft):
    response = press(client, draft, "publish", caption="All said")
    post = fresh(draft)
    assert response.url == post.address()
    assert (post.caption, post.is_visible) == ("All said", True)


def test_it_is_published_as_a_post_each(client, draft):
    response = press(client, draft, "publish", separately="1")
    assert PostPage.objects.filter(author_state=AuthorState.PUBLISHED).count() == 3
    assert response.url == fresh(draft).gallery.address()


@pytest.mark.queued
def test_publishing_does_not_wait_for_photos_that_are_being_prepared(client, draft, run_tasks):
    response = press(client, draft, "publish")
    assert "Processing" in client.get(response.url).content.decode()
    run_tasks()
    assert fresh(draft).is_visible


def test_without_a_photo_it_is_not_published(client, ana):
    draft = a_draft(ana, photos=0)
    response = press(client, draft, "publish")
    assert response.status_code == 422
    assert "Add a photo first." in response.content.decode()


def test_with_a_photo_that_failed_it_is_not_published_and_says_which(client, draft):
    Photo.objects.filter(pk=photos(draft)[1].pk).update(state=ProcessingState.FAILED, failure="It breaks off.")
    response = press(client, draft, "publish")
    assert response.status_code == 422
    assert "Photo 2 could not be processed" in response.content.decode()


def test_discarding_asks_first(client, draft):
    response = press(client, draft, "discard")
    assert response.url == f"{url(draft)}discard/"
    assert "Discard this draft?" in client.get(response.url).content.decode()
    assert fresh(draft).is_draft


def test_a_discarded_draft_is_gone(client, draft):
    client.post(f"{url(draft)}discard/")
    assert not Photo.objects.exists()
    assert client.get(url(draft)).status_code == 404
    assert draft.short_id not in client.get("/share/").content.decode()


def test_a_published_post_is_not_discarded_as_a_draft(client, ana):
    post = f.a_post(ana)
    assert client.post(f"/share/{post.short_id}/discard/").status_code == 404
    assert fresh(post).is_visible


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_costs_the_same_however_many_photos_there_are(client, ana, count, django_assert_max_num_queries):
    draft = a_draft(ana, photos=count)
    client.get(url(draft))
    with django_assert_max_num_queries(10):
        client.get(url(draft))
