"""Limiting and labelling in the console."""

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from gallery.actions.limit_post import limit_post
from gallery.models import PostPage
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db
WAYS = pytest.mark.parametrize(
    ("on", "off", "column"),
    [("limit", "unlimit", "limited"), ("label_sensitive", "unlabel_sensitive", "team_sensitive")],
    ids=["limited", "sensitive"],
)


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators", "marta")
    client.force_login(moderator)
    return moderator


def address(name, post):
    return reverse(f"console_labels:{name}", args=[post.short_id])


@WAYS
def test_a_post_is_labelled_and_the_label_taken_off_from_its_page(client, moderator, on, off, column):
    post = a_post()
    page = reverse("console_posts:post", args=[post.short_id])
    assert address(on, post) in client.get(page).content.decode()
    assert "Its author is told this." in client.get(address(on, post)).content.decode()
    answer = client.post(address(on, post), {"reason": "Loud"}, follow=True).content.decode()
    assert getattr(PostPage.objects.get(pk=post.pk), column)
    assert address(off, post) in answer and address(on, post) not in answer
    answer = client.post(address(off, post), {"reason": "Quiet again"}, follow=True).content.decode()
    assert not getattr(PostPage.objects.get(pk=post.pk), column)
    assert "Loud" in answer and "Quiet again" in answer  # in its history


@WAYS
def test_without_a_reason_nothing_happens(client, moderator, on, off, column):
    post = a_post()
    assert client.post(address(on, post), {"reason": " "}).context["form"].errors
    assert not getattr(PostPage.objects.get(pk=post.pk), column)


@WAYS
def test_nobody_else_gets_there(client, on, off, column):
    post = a_post()
    for person in (a_staff_member("Curators"), a_member()):
        client.force_login(person)
        for name in (on, off):
            assert client.post(address(name, post), {"reason": "Loud"}).status_code in (302, 403, 404)
    assert not getattr(PostPage.objects.get(pk=post.pk), column)


def test_ones_own_post_offers_nothing_and_refuses(client, moderator):
    post = a_post(moderator)
    assert "/limit/" not in client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert "Somebody else must decide" in client.post(address("limit", post), {"reason": "Mine"}).content.decode()


def test_looking_at_a_private_post_there_is_written_down(client, moderator):
    post = a_post()
    client.get(address("limit", post))
    looks = PageLogEntry.objects.filter(page=post, action="pixlpix.look")
    assert not looks.exists()
    PostPage.objects.filter(pk=post.pk).update(team_state="held")
    client.get(address("limit", post))
    assert looks.get().user == moderator


def test_a_limited_post_says_so_in_the_listing(client, moderator):
    limit_post(a_post(), by=moderator, reason="Loud")
    assert "Limited" in client.get(reverse("console_posts:index")).content.decode()


# --- One photo --------------------------------------------------------------------------------------------------------


def test_one_photo_is_taken_down_and_restored_from_the_page_of_its_post(client, moderator):
    post = a_post(photos=2)
    photo = post.photos.first()
    url = f"/admin/posts/{post.short_id}/photos/{photo.key}"
    assert f"{url}/down/" in client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert "Its author is told this." in client.get(f"{url}/down/").content.decode()
    answer = client.post(f"{url}/down/", {"reason": "Against her will"}, follow=True).content.decode()
    assert "Against her will" in answer and f"{url}/back/" in answer
    photo.refresh_from_db()
    assert photo.team_state == "taken_down"
    client.post(f"{url}/back/", {"reason": "She agrees"})
    photo.refresh_from_db()
    assert photo.team_state == "none"
    told = list(post.author.notifications.order_by("pk").values_list("details__act", "details__thing"))
    assert told == [("take_down", "photo"), ("restore", "photo")]


def test_a_photo_of_another_post_is_none_of_this_one(client, moderator):
    url = f"/admin/posts/{a_post().short_id}/photos/{a_post().photos.get().key}/down/"
    assert client.get(url).status_code == 404
