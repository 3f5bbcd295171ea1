"""What the composer's scripts ask for: a draft to begin with, the list of photos, and acts on each of them."""

import pytest

from gallery.ids import new_secret_name
from gallery.models import Photo, PostPage, Upload
from gallery.states import ProcessingState
from tests import factories as f
from tests.traces import public_files

pytestmark = pytest.mark.django_db

KEY = "7Hq2mXk9Ta"
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


def an_upload(owner):
    """The key of a file of `owner` that has arrived in full."""
    original = f.an_original(by=owner)
    upload = Upload.objects.create(
        key=new_secret_name(), owner=owner, size=original.size, offset=original.size, original=original
    )
    return upload.key


def photos(post):
    return list(post.photos.in_place().order_by("position"))


def names_of(photo):
    """The names under which a photo lies on the media host now."""
    return set(photo.picture.renditions.exclude(public_name="").values_list("public_name", flat=True))


def url(post, more=""):
    return f"/p/{post.short_id}/photos/{more}"


# --- Beginning --------------------------------------------------------------------------------------------------------


def start(client, **fields):
    token = client.get("/share/").context["form"]["token"].value()
    return client.post("/share/start/", {"token": token, **fields}, **SCRIPT)


def test_a_draft_is_begun_with_the_first_file(client, ana):
    f.a_gallery(ana)
    answer = start(client, gallery="iceland").json()
    post = PostPage.objects.get()
    assert post.is_draft
    assert post.gallery.gallery_slug == "iceland"
    assert answer == {
        "draft": post.short_id,
        "url": f"/share/{post.short_id}/",
        "photos": url(post),
        "order": url(post, "order/"),
    }


def test_asked_twice_the_same_draft_is_named(client, ana):
    token = client.get("/share/").context["form"]["token"].value()
    answers = [client.post("/share/start/", {"token": token}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert PostPage.objects.count() == 1


def test_a_page_whose_draft_was_published_meanwhile_begins_another(client, ana):
    token = client.get("/share/").context["form"]["token"].value()
    first = client.post("/share/start/", {"token": token}).json()
    PostPage.objects.update(author_state="published")
    second = client.post("/share/start/", {"token": token}).json()
    assert first["draft"] != second["draft"]


def test_nobody_begins_a_draft_who_may_not_share(client):
    assert client.post("/share/start/").status_code == 403
    client.force_login(f.a_member("bert", verified=False))
    response = client.post("/share/start/")
    assert response.status_code == 403
    assert "Confirm your email address first" in response.content.decode()


def test_begun_by_looking_there_is_none(client, ana):
    assert client.get("/share/start/").status_code == 405


def test_too_many_drafts_are_refused_in_words(client, ana, monkeypatch):
    monkeypatch.setattr("gallery.actions.create_draft.MOST_DRAFTS", 0)
    response = start(client)
    assert response.status_code == 422
    assert "Publish or discard one of them first." in response.content.decode()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_each_photo_with_its_state(client, ana):
    post = f.a_draft(ana, photos=2)
    one, two = photos(post)
    Photo.objects.filter(pk=two.pk).update(state=ProcessingState.FAILED, failure="It breaks off.")
    page = client.get(url(post)).content.decode()
    assert f'data-photo="{one.key}" data-state="ready"' in page
    assert f'data-photo="{two.key}" data-state="failed"' in page
    assert "It breaks off." in page
    assert "<html" not in page


@pytest.mark.queued
def test_what_is_being_prepared_says_so(client, ana):
    page = client.get(url(f.a_draft(ana))).content.decode()
    assert 'data-state="pending"' in page
    assert "It is being prepared." in page


ACTS = ["", "order/", f"{KEY}/remove/", f"{KEY}/replace/", f"{KEY}/retry/"]


@pytest.mark.parametrize("act", ACTS)
def test_others_get_404(client, act):
    post = f.a_post()
    key = photos(post)[0].key
    client.force_login(f.a_member())
    assert client.post(url(post, act.replace(KEY, key)), {"key": key}).status_code == 404
    assert len(photos(post)) == 1


@pytest.mark.parametrize("act", ACTS)
def test_visitors_are_sent_to_sign_in(client, act):
    assert client.post(url(f.a_post(), act)).url.startswith("/accounts/login/")


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_an_upload_becomes_a_photo_under_the_key_that_the_page_drew(client, ana):
    post = f.a_draft(ana)
    response = client.post(url(post), {"upload": an_upload(ana), "key": KEY}, **SCRIPT)
    assert response.status_code == 200
    assert photos(post)[-1].key == KEY
    assert f'data-photo="{KEY}"' in response.content.decode()


def test_sent_again_because_the_answer_was_lost_it_is_added_once(client, ana):
    post, upload = f.a_draft(ana, photos=0), an_upload(ana)
    for _ in range(2):
        assert client.post(url(post), {"upload": upload, "key": KEY}, **SCRIPT).status_code == 200
    assert len(photos(post)) == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 11, "0OIl0OIl0O", "7Hq2mXk9T/"])
def test_a_key_that_is_none_is_refused(client, ana, key):
    post = f.a_draft(ana, photos=0)
    response = client.post(url(post), {"upload": an_upload(ana), "key": key}, **SCRIPT)
    assert response.status_code == 422
    assert not photos(post)


def test_somebody_elses_upload_is_refused_in_words(client, ana):
    post = f.a_draft(ana, photos=0)
    response = client.post(url(post), {"upload": an_upload(f.a_member("bert")), "key": KEY}, **SCRIPT)
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    assert response.content
    assert not photos(post)


def test_to_a_published_post_it_is_added_as_well(client, ana):
    post = f.a_post(ana)
    client.post(url(post), {"upload": an_upload(ana), "key": KEY}, **SCRIPT)
    assert [photo.is_ready for photo in photos(post)] == [True, True]
    assert PostPage.objects.get().is_visible


# --- Replacing, moving, removing, trying again ------------------------------------------------------------------------


def test_an_upload_takes_the_place_of_a_photo(client, ana):
    post = f.a_draft(ana, photos=2)
    one, two = photos(post)
    fields = {"upload": an_upload(ana), "key": KEY, "replaces": one.key}
    assert client.post(url(post), fields, **SCRIPT).status_code == 200
    assert photos(post)[0].picture_id != one.picture_id
    assert photos(post)[1] == two


@pytest.mark.queued
def test_what_others_see_stays_until_the_other_picture_is_ready(client, ana, run_tasks):
    post = f.a_post(ana, photos=2)
    run_tasks()
    one, two = photos(post)
    page = client.post(url(post), {"upload": an_upload(ana), "key": KEY, "replaces": one.key}, **SCRIPT)
    page = page.content.decode()
    assert f'data-photo="{one.key}" data-state="pending" data-replacement="' in page
    assert "Until it is ready this one stays." in page
    assert page.count("data-photo=") == 2
    assert photos(post) == [one, two]
    assert PostPage.objects.get().is_visible


def test_the_order_is_saved(client, ana):
    post = f.a_draft(ana, photos=3)
    one, two, three = photos(post)
    response = client.post(url(post, "order/"), {"key": [three.key, one.key, two.key]}, **SCRIPT)
    assert response.status_code == 200
    assert photos(post) == [three, one, two]


def test_an_order_of_other_photos_is_refused_in_words(client, ana):
    post = f.a_draft(ana, photos=2)
    response = client.post(url(post, "order/"), {"key": [photos(post)[0].key, KEY]}, **SCRIPT)
    assert response.status_code == 422
    assert "have changed meanwhile" in response.content.decode()


def test_removing_asks_first_and_says_what_happens(client, ana):
    post = f.a_post(ana, photos=2)
    page = client.get(url(post, f"{photos(post)[0].key}/remove/")).content.decode()
    assert "Remove this photo?" in page
    assert "At once nobody else can reach it" in page
    assert len(photos(post)) == 2


def test_a_removed_photo_is_out_of_reach(client, ana):
    post = f.a_post(ana, photos=2)
    one, two = photos(post)
    before = names_of(one)
    response = client.post(url(post, f"{one.key}/remove/"))
    assert response.url == f"/p/{post.short_id}/edit/"
    assert photos(post) == [two]
    assert before
    assert public_files() == names_of(two)
    assert client.get(url(post, f"{one.key}/remove/")).status_code == 404


def test_asked_by_a_script_it_answers_with_the_list(client, ana):
    post = f.a_draft(ana, photos=2)
    one, two = photos(post)
    page = client.post(url(post, f"{one.key}/remove/"), **SCRIPT).content.decode()
    assert one.key not in page
    assert two.key in page


@pytest.mark.parametrize("how", [{}, SCRIPT])
def test_the_last_photo_of_a_published_post_stays_and_it_says_why(client, ana, how):
    post = f.a_post(ana)
    response = client.post(url(post, f"{photos(post)[0].key}/remove/"), **how)
    page = response if how else client.get(response.url)
    assert "This is the last photo of the post" in page.content.decode()
    assert len(photos(post)) == 1


def test_one_that_was_given_up_is_tried_again(client, ana):
    post = f.a_draft(ana)
    Photo.objects.update(state=ProcessingState.FAILED, failure="A storage was down.")
    page = client.post(url(post, f"{photos(post)[0].key}/retry/"), **SCRIPT).content.decode()
    assert photos(post)[0].is_ready
    assert "A storage was down." not in page
