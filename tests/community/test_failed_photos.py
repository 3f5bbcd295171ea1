"""What only decoding finds: the author alone is told, and chooses again or gives up."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gallery.actions.discard_failed_post import discard_failed_post
from gallery.models import MemberAct, Original, Photo, Picture, PostPage
from gallery.processing import MOST_ATTEMPTS
from gallery.states import AuthorState, ProcessingState
from gallery.sweep import sweep
from tests import factories as f
from tests.traces import member_acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


def broken_jpeg():
    """A JPEG whose head is sound and which ends in the middle of its pixels."""
    whole = f.a_picture(1200, 900).read()
    return SimpleUploadedFile("broken.jpg", whole[: len(whole) * 2 // 3])


@pytest.fixture
def failed(ana):
    """A post of Ana's whose only photo could not be processed."""
    post = f.a_post(ana, caption="Typed with care", original=f.an_original(broken_jpeg()))
    assert post.photos.get().state == ProcessingState.FAILED
    return post


def url(post, act):
    return f"/p/{post.short_id}/{act}/"


def test_its_author_reads_why_and_finds_the_ways_on(client, failed):
    page = client.get(failed.address()).content.decode()
    assert "damaged or incomplete" in page
    assert "Typed with care" in page
    assert url(failed, "replace") in page
    assert url(failed, "discard") in page


def test_its_author_tries_again_from_the_posts_page_and_is_led_back_there(client, failed):
    photo = failed.photos.get()
    retry = f"/p/{failed.short_id}/photos/{photo.key}/retry/"
    page = client.get(failed.address()).content.decode()
    assert f'action="{retry}"' in page and f"/photos/{photo.key}/replace/" in page
    response = client.post(retry)
    assert response.url == failed.address()
    # Tasks run at once here: it was tried, and failed once more.
    assert member_acts(failed.short_id)[-1] == "post.photo_retried"


def test_nobody_elses_failed_photo_is_tried_again(client, failed):
    client.force_login(f.a_member())
    assert client.post(f"/p/{failed.short_id}/photos/{failed.photos.get().key}/retry/").status_code == 404


def test_nobody_else_sees_anything_of_it(client, failed):
    client.logout()
    assert client.get(failed.address()).status_code == 404
    assert client.get(f"/p/{failed.short_id}/").status_code == 404


def choose(client, post, picture):
    """Follow "Choose again" to where another file is chosen, and choose `picture`."""
    return client.post(client.get(url(post, "replace")).url, {"picture": picture, "complete": "1"})


def test_another_picture_takes_its_place_and_the_words_stay(client, failed):
    assert choose(client, failed, f.a_picture()).status_code == 302
    post = PostPage.objects.get()
    assert post.is_visible
    assert post.caption == "Typed with care"
    assert post.photos.get().alt_text == "A ridge"
    assert member_acts(post.short_id) == ["post.published", "post.photo_replaced"]


def test_the_original_that_failed_is_deleted_at_once(client, failed):
    before = Original.objects.get()
    choose(client, failed, f.a_picture())
    assert not Original.objects.filter(pk=before.pk).exists()
    assert not storages["vault"].exists(before.name)


def test_choosing_a_file_that_is_no_picture_changes_nothing(client, failed):
    picture = SimpleUploadedFile("a.jpg", b"no")
    response = choose(client, failed, picture)
    assert response.status_code == 422
    assert failed.photos.get().state == ProcessingState.FAILED
    assert Original.objects.count() == 1


def test_choosing_the_same_broken_file_again_fails_again(client, failed):
    with storages["vault"].open(Original.objects.get().name) as file:
        again = SimpleUploadedFile("again.jpg", file.read())
    choose(client, failed, again)
    assert failed.photos.get().state == ProcessingState.FAILED
    assert storages["vault"].exists(Original.objects.get().name)


def test_where_none_failed_there_is_nothing_to_choose_again(client, ana):
    post = f.a_post(ana)
    assert client.get(url(post, "replace")).status_code == 404


def test_discarding_asks_first(client, failed):
    assert "Discard this post?" in client.get(url(failed, "discard")).content.decode()
    assert failed.photos.count() == 1


def test_discarding_deletes_the_file_and_leaves_nothing_to_bring_back(client, failed):
    name = Original.objects.get().name
    client.post(url(failed, "discard"))
    post = PostPage.objects.get()
    assert post.author_state == AuthorState.WITHDRAWN
    assert not Picture.objects.exists()
    assert not Original.objects.exists()
    assert not storages["vault"].exists(name)
    assert client.post(url(failed, "undo")).status_code == 404
    assert failed.title not in client.get("/settings/deleted/").content.decode()


def test_an_original_that_something_else_uses_stays(client, ana):
    original = f.an_original(broken_jpeg())
    one, other = f.a_post(ana, original=original), f.a_post(ana, original=original)
    client.post(url(one, "discard"))
    assert storages["vault"].exists(original.name)
    client.post(url(other, "discard"))
    assert not storages["vault"].exists(original.name)


def test_where_other_photos_are_left_they_are_shown(ana):
    from gallery.actions.publish_post import publish_post

    originals = [f.an_original(broken_jpeg()), f.an_original()]
    post = publish_post(ana, f.first_gallery(ana), [(original, "") for original in originals])
    post = discard_failed_post(post, by=ana)
    assert post.is_visible
    assert post.photos.get().picture.original == originals[1]


def test_the_sweep_discards_in_nobodys_name(failed):
    discard_failed_post(failed, by=None)
    assert not Original.objects.exists()
    assert MemberAct.objects.get(act="post.discarded").details == {"swept": True}


def days_pass(days):
    Photo.objects.update(created_at=timezone.now() - timedelta(days=days, minutes=1))


def test_left_alone_for_seven_days_it_is_discarded_with_its_original(failed):
    original = failed.photos.get().picture.original
    days_pass(7)
    assert sweep()["failed_posts_discarded"] == 1
    assert not Original.objects.filter(pk=original.pk).exists()
    assert not storages["vault"].exists(original.name)
    assert sweep()["failed_posts_discarded"] == 0


def test_until_then_its_author_has_time(failed):
    days_pass(6)
    assert sweep()["failed_posts_discarded"] == 0
    assert failed.photos.exists()


def test_a_photo_that_was_given_up_because_a_store_failed_is_kept(failed):
    Photo.objects.update(attempts=MOST_ATTEMPTS)
    days_pass(30)
    assert sweep()["failed_posts_discarded"] == 0
    assert storages["vault"].exists(failed.photos.get().picture.original.name)
