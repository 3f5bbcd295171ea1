"""The windows in which curators choose posts, galleries and members for a block."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions.set_privacy import set_privacy
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, PostPage, Rendition
from gallery.states import Visibility
from home import choosing
from home.models import HomePage
from tests.factories import a_draft, a_gallery, a_member, a_post, a_staff_member, an_original, first_gallery

pytestmark = pytest.mark.django_db

KINDS = ["post", "gallery", "member"]


@pytest.fixture(autouse=True)
def curator(client):
    curator = a_staff_member("Curators", "wren")
    client.force_login(curator)
    return curator


def window(client, kind, typed=None):
    """What the window shows, as HTML: all of it when it opens, what was found once something is `typed`."""
    if typed is None:
        return json.loads(client.get(f"/admin/choose-{kind}/").content)["html"]
    return client.get(f"/admin/choose-{kind}/results/", {"q": typed}).content.decode()


def choices(html, kind):
    return re.findall(rf'href="/admin/choose-{kind}/chosen/([^/]+)/"', html)


def test_posts_are_offered_newest_first_with_their_pictures(client):
    one, two = a_post(caption="Low tide"), a_post(caption="High tide")
    html = window(client, "post")
    assert choices(html, "post") == [two.short_id, one.short_id]
    assert html.count("<img") == 2 and "Low tide" in html and "data-chooser-modal-search" in html


def test_posts_are_found_by_caption_member_short_id_and_address(client):
    post, other = a_post(a_member("ana"), caption="A kestrel over the dunes"), a_post(caption="A quay")
    for typed in ("kestrel", "@ana", post.short_id, f"http://localhost:8000{post.address()}"):
        assert choices(window(client, "post", typed), "post") == [post.short_id], typed
    assert other.short_id in window(client, "post", "quay")


def test_only_what_every_visitor_can_find_is_offered(client):
    ana = a_member("ana")
    deleted, narrow, linked, shy = a_post(ana), a_post(ana), a_post(ana), a_post()
    a_draft(ana, caption="Not yet")
    withdraw_post(deleted, by=ana)
    PostPage.objects.filter(pk=narrow.pk).update(effective_visibility=Visibility.FOLLOWERS)
    PostPage.objects.filter(pk=linked.pk).update(effective_visibility=Visibility.UNLISTED)
    set_privacy(shy.author, is_private=False, featurable=False)
    assert choices(window(client, "post"), "post") == []
    assert choices(window(client, "post", "@ana"), "post") == []
    for post in (deleted, narrow, linked, shy):
        assert client.get(f"/admin/choose-post/chosen/{post.short_id}/").status_code == 404


def test_galleries_are_found_by_whose_they_are_and_named_with_them(client):
    ana = a_member("ana", name="Ana Lima")
    iceland = a_gallery(ana, "Iceland")
    a_post(ana, gallery=iceland)
    first_gallery(a_member("milo"))
    for typed in ("@ana", "lima"):
        found = window(client, "gallery", typed)
        assert set(choices(found, "gallery")) == {str(iceland.pk), str(first_gallery(ana).pk)}
    assert "Iceland" in found and "@ana" in found and "<img" in found


def test_galleries_and_members_who_are_not_for_everyone_are_not_offered(client):
    ana, shy = a_member("ana"), a_member("shy")
    narrow = a_gallery(ana, "Family")
    GalleryPage.objects.filter(pk=narrow.pk).update(visibility=Visibility.FOLLOWERS)
    set_privacy(shy, is_private=False, featurable=False)
    assert str(narrow.pk) not in choices(window(client, "gallery"), "gallery")
    assert str(first_gallery(shy).pk) not in choices(window(client, "gallery"), "gallery")
    assert (
        choices(window(client, "member", "shy"), "member") == choices(window(client, "member", "@shy"), "member") == []
    )
    assert client.get(f"/admin/choose-member/chosen/{shy.pk}/").status_code == 404


def test_members_are_found_by_name_and_username(client):
    ana = a_member("ana", name="Ana Lima")
    a_member("milo")
    for typed in ("@ana", "lima"):
        assert choices(window(client, "member", typed), "member") == [str(ana.pk)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_goes_on_behind_each_page_until_all_were_offered(client, monkeypatch, kind):
    monkeypatch.setattr(choosing, "A_PAGE", 2)
    original = an_original()
    posts = [a_post(original=original) for _ in range(5)]
    column = {"post": "short_id", "gallery": "gallery_id", "member": "author_id"}[kind]
    html, found = window(client, kind), []
    while True:
        found += choices(html, kind)
        following = re.search(r'class="pagination".*?href="([^"]+)"', html)
        if not following:
            break
        html = client.get(following[1].replace("&amp;", "&")).content.decode()
    assert len(found) == len(set(found)) and {str(getattr(post, column)) for post in posts} <= set(found)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_chosen_closes_the_window_with_its_key_and_title(client, kind):
    post = a_post(a_member("ana", name="Ana Lima"), caption="A quay")
    key = {"post": post.short_id, "gallery": str(post.gallery_id), "member": str(post.author_id)}[kind]
    answer = client.get(f"/admin/choose-{kind}/chosen/{key}/").json()
    assert answer["step"] == "chosen" and answer["result"]["id"] == key and "ana" in answer["result"]["title"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_window_counts_nothing_and_costs_the_same_however_much_there_is(client, kind):
    original = an_original()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            window(client, kind)
        assert not [q for q in captured.captured_queries if "COUNT(" in q["sql"] or "OFFSET" in q["sql"]]
        return len(captured)

    a_post(original=original), cost()
    few = cost()
    for _ in range(5):
        a_post(original=original)
    assert cost() == few < 12


def test_looking_makes_no_rendition_and_nothing_public(client):
    a_post()
    before = set(Rendition.objects.values_list("pk", "public_name"))
    for kind in KINDS:
        window(client, kind)
    assert set(Rendition.objects.values_list("pk", "public_name")) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["", "results/", "chosen/x/"])
def test_moderators_and_members_choose_nothing(client, kind, part):
    for user in (a_staff_member("Moderators"), a_member()):
        client.force_login(user)
        assert client.get(f"/admin/choose-{kind}/{part}").status_code in (302, 403, 404)


def test_what_is_no_key_is_not_found(client):
    for kind in KINDS:
        for key in ("x", "9" * 30, "%00"):
            assert client.get(f"/admin/choose-{kind}/chosen/{key}/").status_code == 404


def edit_form(client):
    return client.get(f"/admin/pages/{HomePage.objects.get().pk}/edit/").content.decode().replace("\\u00b7", "·")


def test_the_editor_names_what_blocks_hold_and_says_what_visitors_see_no_more(client):
    ana = a_member("ana")
    post, gone = a_post(ana, caption="A quay"), a_post(ana, caption="Secret")
    home = HomePage.objects.get()
    home.body = json.dumps(
        [
            {"type": "posts", "value": {"heading": "", "posts": [post.short_id, gone.short_id]}},
            {"type": "member", "value": {"heading": "", "member": str(ana.pk), "words": ""}},
        ]
    )
    home.save_revision().publish()
    withdraw_post(gone, by=ana)
    form = edit_form(client)
    assert "A quay · @ana" in form and "Ana · @ana" in form
    assert f"Not shown to visitors any more ({gone.short_id})" in form and "Secret" not in form


def test_the_editor_costs_the_same_however_many_posts_a_block_holds(client):
    original = an_original()
    posts = [a_post(original=original).short_id for _ in range(6)]
    home = HomePage.objects.get()

    def cost(count):
        home.body = json.dumps([{"type": "posts", "value": {"heading": "", "posts": posts[:count]}}])
        home.save_revision().publish()
        edit_form(client)
        with CaptureQueriesContext(connection) as captured:
            edit_form(client)
        return len(captured)

    assert cost(1) == cost(6)


def test_what_the_editor_sends_is_kept_as_keys(client):
    post, home = a_post(), HomePage.objects.get()
    data = {
        "title": "PixlPix", "slug": "home", "heading": "Look", "intro": "", "seo_title": "", "search_description": "",
        "action-publish": "1", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
        "body-count": "2",
        "body-0-type": "posts", "body-0-order": "0", "body-0-deleted": "", "body-0-id": "",
        "body-0-value-heading": "", "body-0-value-posts-count": "1", "body-0-value-posts-0-value": post.short_id,
        "body-0-value-posts-0-order": "0", "body-0-value-posts-0-deleted": "", "body-0-value-posts-0-id": "",
        "body-1-type": "hashtag", "body-1-order": "1", "body-1-deleted": "", "body-1-id": "",
        "body-1-value-heading": "", "body-1-value-hashtag": " #Golden_Hour ",
    }  # fmt: skip
    answer = client.post(f"/admin/pages/{home.pk}/edit/", data)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    posts, hashtag = HomePage.objects.get().body.raw_data
    assert [item["value"] for item in posts["value"]["posts"]] == [post.short_id]
    assert hashtag["value"]["hashtag"] == "golden_hour"
