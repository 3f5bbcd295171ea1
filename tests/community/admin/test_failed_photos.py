"""The console's list of pictures that could not be processed, and photos that their authors took out."""

import pytest
from django.urls import reverse

from gallery.actions.add_photo import add_photo
from gallery.actions.remove_photo import remove_photo
from gallery.models import Photo
from gallery.processing import MOST_ATTEMPTS
from gallery.states import ProcessingState
from tests.factories import a_broken_picture, a_member, a_post, a_staff_member, an_original
from tests.traces import staff_acts

pytestmark = pytest.mark.django_db

URL = "/admin/failed-photos/"


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators", "mona")
    client.force_login(moderator)
    return moderator


def a_refused_post(author=None):
    return a_post(author, original=an_original(a_broken_picture()))


def a_post_given_up(author=None):
    post = a_post(author)
    Photo.objects.filter(post=post).update(
        state=ProcessingState.FAILED, attempts=MOST_ATTEMPTS, failure="Could not be done"
    )
    return post


def listed(response):
    return [photo.post for photo in response.context["page"]]


def test_photos_that_failed_are_listed_newest_first_with_member_post_reason_and_tries(client, moderator):
    first, second = a_refused_post(a_member("anouk")), a_post_given_up()
    a_post()
    response = client.get(URL)
    assert listed(response) == [second, first]
    page = response.content.decode()
    assert f"/admin/posts/{first.short_id}/" in page
    assert "/admin/members/anouk/" in page
    assert "damaged or incomplete" in page
    assert f"<td>{MOST_ATTEMPTS}</td>" in page


def test_where_there_are_none_it_says_so(client, moderator):
    assert "Every picture could be processed." in client.get(URL).content.decode()


def test_those_that_were_given_up_can_be_tried_again(client, moderator):
    post, refused = a_post_given_up(), a_refused_post()
    photo, other = post.photos.get(), refused.photos.get()
    page = client.get(URL).content.decode()
    again = reverse("console_failed_photos:try_again", args=[photo.key])
    assert again in page
    assert reverse("console_failed_photos:try_again", args=[other.key]) not in page
    assert client.post(again).url == URL
    photo.refresh_from_db()
    assert photo.is_ready
    assert staff_acts(post) == [("pixlpix.retry_photo", "mona")]
    assert listed(client.get(URL)) == [refused]


def test_a_key_that_is_none_is_not_found_and_looking_tries_nothing(client, moderator):
    photo = a_post_given_up().photos.get()
    assert client.post(reverse("console_failed_photos:try_again", args=["7Hq2mXk9Ta"])).status_code == 404
    assert client.get(reverse("console_failed_photos:try_again", args=[photo.key])).status_code == 405


@pytest.mark.parametrize("group", [None, "Curators"])
def test_nobody_else_reaches_it(client, group):
    client.force_login(a_staff_member(group) if group else a_member())
    photo = a_post_given_up().photos.get()
    assert client.get(URL).status_code in (302, 403, 404)
    assert client.post(reverse("console_failed_photos:try_again", args=[photo.key])).status_code in (302, 403, 404)
    photo.refresh_from_db()
    assert photo.state == ProcessingState.FAILED


def test_the_list_goes_on_after_its_last_photo_and_costs_the_same(
    client, moderator, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("community.admin.failed_photos.PAGE", 4)
    a_post_given_up()
    client.get(URL)
    with django_assert_max_num_queries(20) as few:
        client.get(URL)
    for _ in range(4):
        a_post_given_up()
    with django_assert_max_num_queries(20) as many:
        first = client.get(URL)
    assert len(many) == len(few)
    assert len(listed(client.get(URL, {"after": first.context["page"].next}))) == 1


def test_a_posts_page_marks_photos_that_were_taken_out_with_the_time(client, moderator):
    post = a_post(photos=2)
    photo = post.photos.order_by("position").first()
    remove_photo(photo, by=post.author)
    photo.refresh_from_db()
    response = client.get(reverse("console_posts:post", args=[post.short_id]))
    assert "Taken out by its author on" in response.content.decode()
    assert response.context["photos"][-1] == photo
    assert f"{photo.removed_at:%Y}" in response.content.decode()


def test_and_one_that_waits_for_anothers_place(client, moderator):
    from gallery.actions.replace_photo import replace_photo

    post = a_post()
    replace_photo(post.photos.get(), an_original(a_broken_picture()), by=post.author)
    page = client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert "another photo’s place once it is ready" in page


def test_what_an_author_did_to_photos_reads_as_words_in_the_history(client, moderator):
    post = a_post()
    add_photo(post, an_original(), by=post.author)
    assert "Added a photo" in client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
