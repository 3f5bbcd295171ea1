"""Authors edit, move, delete and bring back their posts on the site's pages."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from community.visibility import posts_for
from gallery.actions.create_draft import create_draft
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


def save(client, post, do="save", **changes):
    """Send the edit page's form as it is, with `changes`."""
    form = client.get(url(post, "edit")).context["form"]
    fields = {field.name: field.value() for field in form if field.name != "picture"}
    fields = {name: value for name, value in fields.items() if value not in (None, False)}
    return client.post(url(post, "edit"), {**fields, "do": do, **changes})


def photos(post):
    return list(post.photos.in_place().order_by("position"))


def alt_text(post, number=0):
    """The name of the field for a photo's alternative text."""
    return f"alt_text_{photos(post)[number].key}"


def test_caption_and_description_are_changed(client, ana):
    post = f.a_post(ana)
    response = save(client, post, caption="Last light", **{alt_text(post): "A lake"})
    assert response.url == post.address()
    post = fresh(post)
    assert (post.caption, post.title, post.photos.get().alt_text) == ("Last light", "Last light", "A lake")
    assert {"last", "lake"} <= set(post.tokens.split())


def test_what_its_author_decided_is_changed(client, ana):
    post = f.a_post(ana)
    choices = {"sensitive": "on", "sensitive_reason": "Surgery", "show_camera": "on", "allow_download": "on"}
    save(client, post, **choices)
    post = fresh(post)
    assert (post.sensitive, post.sensitive_reason) == (True, "Surgery")
    assert (post.show_camera, post.allow_download) == (True, True)
    client.post(url(post, "edit"), {"caption": "x", "gallery": "photos", "complete": "1", "do": "save"})
    post = fresh(post)
    assert (post.sensitive, post.sensitive_reason, post.show_camera) == (False, "", False)


def test_the_form_shows_what_there_is(client, ana):
    page = client.get(url(f.a_post(ana, caption="First light", alt_text="A ridge"), "edit")).content.decode()
    assert "First light" in page
    assert "A ridge" in page


def test_choosing_another_gallery_moves_it(client, ana):
    post, iceland = f.a_post(ana), f.a_gallery(ana)
    old = post.address()
    response = save(client, post, gallery="iceland")
    assert fresh(post).gallery == iceland
    assert response.url == fresh(post).address() != old
    client.logout()
    moved = client.get(old)
    assert (moved.status_code, moved.url) == (301, fresh(post).address())


def test_it_is_moved_into_a_new_gallery(client, ana):
    post = f.a_post(ana)
    save(client, post, gallery="+", new_gallery="Iceland in May")
    assert fresh(post).gallery.title == "Iceland in May"


def test_a_caption_that_is_too_long_is_explained_and_kept(client, ana):
    post = f.a_post(ana)
    response = save(client, post, caption="y" * 2001)
    assert response.status_code == 422
    assert response.context["form"]["caption"].value() == "y" * 2001
    assert fresh(post).caption == post.caption


def test_the_edit_page_of_a_draft_is_the_composer(client, ana):
    draft = create_draft(ana)
    assert client.get(url(draft, "edit")).url == f"/share/{draft.short_id}/"


# --- Photos of a post that is published -------------------------------------------------------------------------------


def test_files_are_added_and_the_post_stays_visible(client, ana):
    post = f.a_post(ana)
    response = save(client, post, "add", picture=[f.a_picture(), f.a_picture()])
    assert response.url == url(post, "edit")
    assert len(photos(post)) == 3
    assert fresh(post).is_visible


def test_a_bad_file_is_named_and_the_good_ones_are_added(client, ana):
    post = f.a_post(ana)
    bad = SimpleUploadedFile("letter.jpg", b"no")
    response = save(client, post, "save", picture=[f.a_picture(), bad])
    assert "2. “letter.jpg”" in client.get(response.url).content.decode()
    assert len(photos(post)) == 2


def test_its_photos_are_put_into_another_order(client, ana):
    post = f.a_post(ana, photos=3)
    one, two, three = photos(post)
    save(client, post, f"place:{three.key}:0", caption="Typed meanwhile")
    assert photos(post) == [three, one, two]
    assert fresh(post).caption == "Typed meanwhile"
    assert fresh(post).is_visible


def test_removing_a_photo_asks_first(client, ana):
    post = f.a_post(ana, photos=2)
    response = save(client, post, f"remove:{photos(post)[0].key}")
    assert response.url == f"/p/{post.short_id}/photos/{photos(post)[0].key}/remove/"
    assert len(photos(post)) == 2


def test_another_file_takes_the_place_of_a_photo_and_the_old_one_is_out_of_reach(client, ana):
    post = f.a_post(ana, photos=2)
    before = {rendition.public_name for rendition in photos(post)[0].picture.renditions.all()}
    page = save(client, post, f"replace:{photos(post)[0].key}").url
    assert client.post(page, {"picture": f.a_picture(), "complete": "1"}).url == url(post, "edit")
    assert photos(post)[0].alt_text == "A ridge"
    assert fresh(post).is_visible
    assert public_files()
    assert not public_files() & before


def test_the_point_that_matters_is_set(client, ana):
    post = f.a_post(ana)
    key = photos(post)[0].key
    save(client, post, **{f"focus_x_{key}": "10", f"focus_y_{key}": "20"})
    picture = photos(post)[0].picture
    assert (picture.focal_point_x, picture.focal_point_y) == (40, 60)


@pytest.mark.parametrize("x", ["-1", "101", "left"])
def test_a_point_outside_the_picture_is_refused(client, ana, x):
    post = f.a_post(ana)
    key = photos(post)[0].key
    assert save(client, post, **{f"focus_x_{key}": x, f"focus_y_{key}": "20"}).status_code == 422


def test_the_teams_mark_is_named_and_stays(client, ana):
    post = f.a_post(ana)
    PostPage.objects.filter(pk=post.pk).update(team_sensitive=True)
    assert "Our team marked this post as sensitive" in client.get(url(post, "edit")).content.decode()
    save(client, post)
    assert fresh(post).team_sensitive


def test_a_post_that_was_taken_down_is_not_edited(client, ana):
    post = f.a_post(ana)
    take_down_post(post, by=f.a_staff_member("Moderators"), reason="Not theirs")
    assert client.get(url(post, "edit")).status_code == 404


def test_in_a_gallery_that_the_team_took_down_words_are_edited_and_the_gallery_is_not_offered(client, ana):
    iceland = f.a_gallery(ana)
    post = f.a_post(ana, gallery=iceland)
    take_down_gallery(iceland, by=f.a_staff_member("Moderators"), reason="Not theirs")
    save(client, post, caption="Other words", gallery="photos")
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
