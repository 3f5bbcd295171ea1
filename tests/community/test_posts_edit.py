"""Authors edit, move, delete and bring back their posts on the site's pages."""

import pytest
from django.contrib.auth.models import AnonymousUser

from community.visibility import posts_for
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import AuthorState
from tests import factories as f
from tests.traces import public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


def url(post, act):
    return f"/p/{post.short_id}/{act}/"


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


@pytest.mark.parametrize("act", ["edit", "delete", "undo", "replace", "discard"])
def test_others_get_404_and_change_nothing(client, act):
    post = f.a_post()
    client.force_login(f.a_member())
    assert client.get(url(post, act)).status_code == 404
    assert client.post(url(post, act)).status_code == 404
    assert fresh(post).is_visible


@pytest.mark.parametrize("act", ["edit", "delete", "undo", "replace", "discard"])
def test_visitors_are_sent_to_sign_in(client, act):
    response = client.post(url(f.a_post(), act))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


# --- Editing and moving -----------------------------------------------------------------------------------------------


def test_caption_and_description_are_changed(client, ana):
    post = f.a_post(ana)
    response = client.post(url(post, "edit"), {"caption": "Last light", "alt_text_1": "A lake", "gallery": "photos"})
    assert response.url == post.address()
    post = fresh(post)
    assert (post.caption, post.title, post.photos.get().alt_text) == ("Last light", "Last light", "A lake")
    assert {"last", "lake"} <= set(post.tokens.split())


def test_the_form_shows_what_there_is(client, ana):
    page = client.get(url(f.a_post(ana, caption="First light", alt_text="A ridge"), "edit")).content.decode()
    assert "First light" in page
    assert "A ridge" in page


def test_choosing_another_gallery_moves_it(client, ana):
    post, iceland = f.a_post(ana), f.a_gallery(ana)
    old = post.address()
    response = client.post(url(post, "edit"), {"caption": "x", "alt_text_1": "", "gallery": "iceland"})
    assert fresh(post).gallery == iceland
    assert response.url == fresh(post).address() != old
    client.logout()
    moved = client.get(old)
    assert (moved.status_code, moved.url) == (301, fresh(post).address())


def test_a_caption_that_is_too_long_is_explained_and_kept(client, ana):
    post = f.a_post(ana)
    response = client.post(url(post, "edit"), {"caption": "y" * 2001, "alt_text_1": "", "gallery": "photos"})
    assert response.status_code == 422
    assert response.context["form"]["caption"].value() == "y" * 2001
    assert fresh(post).caption == post.caption


def test_a_post_that_was_taken_down_is_not_edited(client, ana):
    post = f.a_post(ana)
    take_down_post(post, by=f.a_staff_member("Moderators"), reason="Not theirs")
    assert client.get(url(post, "edit")).status_code == 404


def test_in_a_gallery_that_the_team_took_down_words_are_edited_and_the_gallery_is_not_offered(client, ana):
    iceland = f.a_gallery(ana)
    post = f.a_post(ana, gallery=iceland)
    take_down_gallery(iceland, by=f.a_staff_member("Moderators"), reason="Not theirs")
    client.post(url(post, "edit"), {"caption": "Other words", "alt_text_1": "", "gallery": "photos"})
    assert fresh(post).caption == "Other words"
    assert fresh(post).gallery == iceland


# --- Deleting and bringing back ---------------------------------------------------------------------------------------


def test_deleting_asks_first(client, ana):
    post = f.a_post(ana)
    assert "Delete this post?" in client.get(url(post, "delete")).content.decode()
    assert fresh(post).is_visible


def test_a_deleted_post_is_out_of_reach_and_waits_among_the_deleted(client, ana):
    post = f.a_post(ana, caption="First light")
    response = client.post(url(post, "delete"))
    assert response.url == "/settings/deleted/"
    assert "First light" in client.get(response.url).content.decode()
    client.logout()
    assert client.get(post.address()).status_code == 410
    assert not public_files()


def test_it_is_brought_back(client, ana):
    post = withdraw_post(f.a_post(ana), by=ana)
    response = client.post(url(post, "undo"))
    assert response.url == post.address()
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def test_looking_at_the_undo_page_changes_nothing(client, ana):
    post = withdraw_post(f.a_post(ana), by=ana)
    assert client.get(url(post, "undo")).status_code == 200
    assert fresh(post).author_state == AuthorState.WITHDRAWN


def test_where_its_gallery_is_gone_it_asks_for_another(client, ana):
    iceland = f.a_gallery(ana)
    post = f.a_post(ana, gallery=iceland)
    delete_gallery(iceland, by=ana)
    asked = client.post(url(post, "undo"))
    assert asked.status_code == 200
    assert "Choose another one for it." in asked.content.decode()
    assert fresh(post).author_state == AuthorState.WITHDRAWN
    client.post(url(post, "undo"), {"gallery": "photos"})
    assert fresh(post).gallery.gallery_slug == "photos"
    assert posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def test_what_the_team_took_down_stays_down(client, ana):
    post = f.a_post(ana)
    take_down_post(post, by=f.a_staff_member("Moderators"), reason="Not theirs")
    client.post(url(post, "delete"))
    response = client.post(url(post, "undo"), follow=True)
    assert "The team took this post down: that stays." in response.content.decode()
    assert not posts_for(AnonymousUser()).exists()


def test_only_ones_own_deleted_posts_are_listed(client, ana):
    other = f.a_post(caption="Of somebody else")
    withdraw_post(other, by=other.author)
    f.a_post(ana, caption="Still there")
    page = client.get("/settings/deleted/").content.decode()
    assert "Of somebody else" not in page
    assert "Still there" not in page
