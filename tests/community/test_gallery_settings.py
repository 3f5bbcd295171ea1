"""Settings of galleries: whom they are for, their order, their cover, and the member's own order of galleries."""

import pytest
from django.utils import timezone

from community.models import Follow
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.models import GalleryPage, PostPage
from gallery.models.pages import GalleryOrder
from tests import factories as f

pytestmark = pytest.mark.django_db
LIST = "/settings/galleries/"


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


@pytest.fixture
def iceland(ana):
    return f.a_gallery(ana)


@pytest.fixture
def posts(ana, iceland):
    edit_gallery(iceland, by=ana, name="Iceland", description="", order=GalleryOrder.BY_HAND)
    original = f.an_original(by=ana)
    return [f.a_post(ana, gallery=iceland, original=original, caption=f"Number {n}") for n in range(3)]


def fresh(gallery):
    return GalleryPage.objects.get(pk=gallery.pk)


def in_order(client, url):
    """The short ids of posts that a page leads to, each where it comes first."""
    page = client.get(url).content.decode()
    found = [(page.index(post.short_id), post.short_id) for post in PostPage.objects.all() if post.short_id in page]
    return [short_id for _place, short_id in sorted(found)]


def test_a_gallery_is_made_for_whom_its_author_says(client, ana):
    client.post(f"{LIST}new/", {"name": "Iceland", "description": "", "visibility": "followers"})
    assert GalleryPage.objects.get(gallery_slug="iceland").visibility == "followers"


def test_visibility_and_order_are_changed_with_the_words(client, iceland):
    words = {"name": "Iceland", "description": "Cold", "visibility": "unlisted", "order": "oldest"}
    assert client.post(f"{LIST}iceland/", words).url == "/members/ana/iceland/"
    gallery = fresh(iceland)
    assert (gallery.visibility, gallery.order, gallery.description) == ("unlisted", "oldest", "Cold")
    assert "Only people with the link" in client.get("/members/ana/iceland/").content.decode()


def test_what_is_no_choice_is_refused_and_what_was_typed_stays(client, iceland):
    words = {"name": "Iceland", "description": "Cold", "visibility": "nobody", "order": "oldest"}
    response = client.post(f"{LIST}iceland/", words)
    assert response.status_code == 422 and "Cold" in response.content.decode()
    assert fresh(iceland).order == "newest"


def test_choosing_by_hand_leads_to_putting_in_order(client, iceland):
    words = {"name": "Iceland", "description": "", "visibility": "public", "order": "hand"}
    assert client.post(f"{LIST}iceland/", words).url == f"{LIST}iceland/order/"


def test_a_gallery_for_followers_is_there_for_them_alone(client, ana, iceland):
    f.a_post(ana, gallery=iceland, original=f.an_original(by=ana))
    set_gallery_visibility(iceland, by=ana, visibility="followers")
    milo, zoe = f.a_member("milo"), f.a_member("zoe")
    Follow.objects.create(follower=milo, followed=ana, accepted_at=timezone.now())
    Follow.objects.create(follower=zoe, followed=ana)
    seen = {}
    for who in (ana, milo, zoe, None):
        client.logout()
        if who:
            client.force_login(who)
        seen[who] = (
            client.get("/members/ana/iceland/").status_code,
            "Iceland" in client.get("/members/ana/").content.decode(),
        )
    assert seen == {ana: (200, True), milo: (200, True), zoe: (404, False), None: (404, False)}


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_a_button_moves_a_post(client, iceland, posts):
    a, b, c = (post.short_id for post in posts)
    assert in_order(client, f"{LIST}iceland/order/") == [c, b, a]
    client.post(f"{LIST}iceland/order/", {"key": [c, b, a], "do": f"place:{a}:1"})
    assert in_order(client, f"{LIST}iceland/order/") == [c, a, b]
    assert in_order(client, "/members/ana/iceland/") == [c, a, b]


def test_a_script_sends_the_whole_order(client, iceland, posts):
    a, b, c = (post.short_id for post in posts)
    answer = client.post(f"{LIST}iceland/order/", {"key": [b, a, c]}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert in_order(client, "/members/ana/iceland/") == [b, a, c]


def test_an_order_that_is_out_of_date_is_refused_in_words(client, iceland, posts):
    answer = client.post(f"{LIST}iceland/order/", {"key": ["gone"]}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "changed meanwhile" in answer.content.decode()
    plain = client.post(f"{LIST}iceland/order/", {"key": ["gone"]}, follow=True)
    assert "changed meanwhile" in plain.content.decode()


def test_a_gallery_by_date_says_what_to_choose_first(client, iceland):
    assert "ordered by date" in client.get(f"{LIST}iceland/order/").content.decode()


def test_galleries_are_moved_by_buttons(client, iceland):
    client.post(f"{LIST}order/", {"key": ["photos", "iceland"], "do": "place:iceland:0"})
    page = client.get(LIST).content.decode()
    assert page.index("/members/ana/iceland/") < page.index("/members/ana/photos/")


# --- Cover ------------------------------------------------------------------------------------------------------------


def test_a_cover_is_chosen_and_given_up(client, iceland, posts):
    client.post(f"{LIST}iceland/cover/", {"post": posts[0].short_id})
    assert fresh(iceland).cover_choice_id == posts[0].pk
    assert "This is the cover" in client.get(f"{LIST}iceland/cover/").content.decode()
    client.post(f"{LIST}iceland/cover/", {"post": ""})
    assert fresh(iceland).cover_choice_id is None


def test_a_post_of_somebody_else_is_no_cover(client, iceland):
    stray = f.a_post()
    assert client.post(f"{LIST}iceland/cover/", {"post": stray.short_id}).status_code == 404


@pytest.mark.parametrize("page", ["order/", "cover/"])
def test_of_others_galleries_there_is_no_such_page(client, ana, page):
    f.a_gallery(f.a_member(), "Rome")
    assert client.get(f"{LIST}rome/{page}").status_code == 404


def test_ones_galleries_with_covers_cost_few_queries(client, iceland, posts, django_assert_max_num_queries):
    for url in (LIST, f"{LIST}iceland/order/", f"{LIST}iceland/cover/", "/members/ana/iceland/"):
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
