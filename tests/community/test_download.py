"""The largest rendition as a download, where the author allows it. The original is given to nobody."""

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Photo, PostPage
from gallery.states import ProcessingState, TeamState
from tests.factories import a_member, a_post, a_staff_member
from tests.visiting import body_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    """A post of two photos whose author allows downloads."""
    return allowing(a_post(a_member("ana", name="Ana Duarte"), photos=2))


def allowing(post):
    PostPage.objects.filter(pk=post.pk).update(allow_download=True)
    return post


def url_of(post, place=0):
    photo = post.photos.order_by("position")[place]
    return reverse("download_photo", args=[post.short_id, photo.key])


def status(client, post, place=0):
    return client.get(url_of(post, place)).status_code


def test_visitor_gets_the_largest_rendition_as_a_file(client, post):
    answer = client.get(url_of(post))
    photo = post.photos.order_by("position").first()
    widest = photo.picture.renditions.filter(filter_spec__startswith="width-").order_by("-width").first()
    assert body_of(answer) == storages["vault"].open(widest.file.name).read()
    assert answer["Content-Type"] == "image/webp"


def test_file_is_named_for_the_post_and_for_nobody(client, post):
    answer = client.get(url_of(post, place=1))
    assert answer["Content-Disposition"] == f'attachment; filename="pixlpix-{post.short_id}-2.webp"'


def test_no_cache_keeps_it_and_no_browser_guesses(client, post):
    answer = client.get(url_of(post))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_original_is_not_what_is_given(client, post):
    original = post.photos.order_by("position").first().picture.original
    assert body_of(client.get(url_of(post))) != storages["vault"].open(original.name).read()


def test_where_the_author_does_not_allow_it_they_alone_have_it(client):
    post = a_post()
    assert status(client, post) == 404
    client.force_login(a_member())
    assert status(client, post) == 404
    client.force_login(post.author)
    assert status(client, post) == 200


@pytest.mark.parametrize("hide", ["withdrawn", "taken down", "held", "suspended"])
def test_what_others_cannot_reach_they_cannot_download(client, post, hide):
    if hide == "withdrawn":
        withdraw_post(post, by=post.author)
    elif hide == "taken down":
        take_down_post(post, by=a_staff_member("Moderators"), reason="Not theirs")
    elif hide == "held":
        PostPage.objects.filter(pk=post.pk).update(team_state=TeamState.HELD)
    else:
        type(post.author).objects.filter(pk=post.author_id).update(standing="suspended")
    assert status(client, post) == 404
    client.force_login(a_member())
    assert status(client, post) == 404


def test_author_downloads_what_they_deleted(client, post):
    withdraw_post(post, by=post.author)
    client.force_login(post.author)
    assert status(client, post) == 200


@pytest.mark.parametrize(
    "change",
    [
        {"removed_at": timezone.now()},
        {"team_state": TeamState.TAKEN_DOWN},
        {"state": ProcessingState.PENDING},
        {"state": ProcessingState.FAILED},
    ],
    ids=["removed", "taken down", "processing", "failed"],
)
def test_photo_that_is_not_shown_is_not_found_by_its_author_either(client, post, change):
    Photo.objects.filter(pk=post.photos.order_by("position")[1].pk).update(**change)
    assert [status(client, post, place) for place in (0, 1)] == [200, 404]
    client.force_login(post.author)
    assert status(client, post, place=1) == 404


def test_erased_post_gives_nothing_to_anybody(client, post):
    PostPage.objects.filter(pk=post.pk).update(team_state=TeamState.ERASED)
    client.force_login(post.author)
    assert status(client, post) == 404


def test_photo_is_found_at_its_own_post_alone(client, post):
    other = allowing(a_post())
    key = other.photos.get().key
    assert client.get(reverse("download_photo", args=[post.short_id, key])).status_code == 404
    assert client.get(f"/p/{post.short_id}/photos/nothing/download/").status_code == 404
    assert client.get(f"/p/{post.short_id}/photos/%00/download/").status_code == 404


def test_file_that_was_lost_is_not_found(client, post):
    for rendition in post.photos.order_by("position").first().picture.renditions.all():
        storages["vault"].delete(rendition.file.name)
    assert status(client, post) == 404


def test_it_is_only_looked_at(client, post):
    assert client.post(url_of(post)).status_code == 405


def test_download_costs_a_visitor_2_queries_and_a_member_5(client, post, django_assert_max_num_queries):
    url = url_of(post)
    with django_assert_max_num_queries(2):
        assert client.get(url).status_code == 200
    client.force_login(a_member())
    with django_assert_max_num_queries(5):
        assert client.get(url).status_code == 200


def test_page_offers_the_download_where_it_is_allowed_and_to_its_author(client, post):
    assert url_of(post) in client.get(post.address()).content.decode()
    PostPage.objects.filter(pk=post.pk).update(allow_download=False)
    assert url_of(post) not in client.get(post.address()).content.decode()
    client.force_login(post.author)
    assert url_of(post) in client.get(post.address()).content.decode()
