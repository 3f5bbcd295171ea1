"""Others suggest a description where a photo has none; its author takes it with one tap."""

import pytest
from django.core.exceptions import PermissionDenied

from community.actions.suggest_alt_text import suggest_alt_text
from community.models import AltSuggestion, Block, Notification
from gallery.actions.set_visibility import set_visibility
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return f.a_post(f.a_member("ana"), alt_text="")


@pytest.fixture
def milo(client):
    milo = f.a_member("milo")
    client.force_login(milo)
    return milo


def url(post):
    return f"/p/{post.short_id}/photos/{post.photos.get().key}/describe/"


def test_it_is_suggested_told_and_taken_with_one_tap(client, post, milo):
    assert url(post) in client.get(post.address()).content.decode()
    assert client.post(url(post), {"alt_text": "A ridge at dawn"}).url == post.address()
    told = Notification.objects.get()
    assert (told.kind, told.recipient, told.actor) == ("suggestion", post.author, milo)
    client.force_login(post.author)
    assert "A ridge at dawn" in client.get(post.address()).content.decode()
    client.post(f"/suggestions/{AltSuggestion.objects.get().key}/", {"take": "1"})
    assert post.photos.get().alt_text == "A ridge at dawn"
    assert "ridge" in type(post).objects.get(pk=post.pk).tokens
    assert not AltSuggestion.objects.exists()


def test_it_is_declined(client, post, milo):
    suggestion = suggest_alt_text(post.photos.get(), by=milo, text="No")
    client.force_login(post.author)
    client.post(f"/suggestions/{suggestion.key}/", {"take": "0"})
    assert post.photos.get().alt_text == ""
    assert not AltSuggestion.objects.exists()


def test_one_of_each_member_for_a_photo(post, milo):
    photo = post.photos.get()
    suggest_alt_text(photo, by=milo, text="First")
    suggest_alt_text(photo, by=milo, text="Better")
    assert AltSuggestion.objects.get().text == "Better"
    assert Notification.objects.count() == 1


def test_only_its_author_sees_and_answers_it(client, post, milo):
    suggestion = suggest_alt_text(post.photos.get(), by=milo, text="A private word")
    assert "A private word" not in client.get(post.address()).content.decode()
    assert client.post(f"/suggestions/{suggestion.key}/", {"take": "1"}).status_code == 404
    assert post.photos.get().alt_text == ""


def test_whoever_may_not_see_it_suggests_nothing(client, post, milo):
    set_visibility(post, by=post.author, visibility="followers")
    assert client.post(url(post), {"alt_text": "A ridge"}).status_code == 404
    set_visibility(post, by=post.author, visibility="public")
    Block.objects.create(blocker=post.author, blocked=milo)
    assert client.post(url(post), {"alt_text": "A ridge"}).status_code == 404
    with pytest.raises(PermissionDenied):
        suggest_alt_text(post.photos.get(), by=milo, text="A ridge")
    client.logout()
    assert client.post(url(post), {"alt_text": "A ridge"}).url.startswith("/accounts/login/")


def test_suggestions_of_who_is_blocked_since_are_not_shown(client, post, milo):
    suggest_alt_text(post.photos.get(), by=milo, text="A ridge at dawn")
    Block.objects.create(blocker=post.author, blocked=milo)
    client.force_login(post.author)
    assert "A ridge at dawn" not in client.get(post.address()).content.decode()


def test_a_photo_with_words_needs_none(client, milo):
    described = f.a_post(f.a_member(), alt_text="A ridge")
    assert "/describe/" not in client.get(described.address()).content.decode()
    with pytest.raises(PermissionDenied):
        suggest_alt_text(described.photos.get(), by=milo, text="Another")


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_no_words_and_too_many_are_explained_and_kept(client, post, milo, text):
    response = client.post(url(post), {"alt_text": text})
    assert response.status_code == 422
    assert response.context["typed"] == text


def test_suggestions_are_limited(client, post, milo, settings):
    settings.ACCOUNT_RATE_LIMITS = {"suggest": "1/m/user"}
    client.post(url(post), {"alt_text": "A ridge"})
    assert client.post(url(post), {"alt_text": "Another"}).status_code == 429
