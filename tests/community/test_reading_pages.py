"""Reading: a post's page and the ways to it, for visitors, the author and staff."""

import html
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from gallery.actions.move_post import move_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Photo, PostPage, Rendition
from gallery.states import AuthorState, ProcessingState, TeamState, Visibility
from tests.factories import a_gallery, a_member, a_post, a_staff_member
from tests.visiting import media_host

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def permanent(post):
    return reverse("permalink", args=[post.short_id])


def signed_in(client, user):
    client.force_login(user)
    return client


def ready(photo):
    Photo.objects.filter(pk=photo.pk).update(state=ProcessingState.READY)
    made_of(photo)


def made_of(photo):
    """The one rendition that a page needs to show `photo`, if it has none."""
    if not photo.picture.renditions.exists():
        Rendition.objects.create(
            image=photo.picture, filter_spec="width-400", file=f"derived/{photo.key}.webp", width=400, height=300
        )


def not_ready(post, state=ProcessingState.PENDING, failure=""):
    """`post` as it is while its photo waits for renditions, or has failed."""
    Photo.objects.filter(post=post).update(state=state, failure=failure)
    PostPage.objects.filter(pk=post.pk).update(photos_ready=False)
    for photo in post.photos.all():
        photo.picture.renditions.all().delete()
    return post


# --- What a visitor sees ----------------------------------------------------------------------------------------------


def test_post_page_shows_picture_caption_author_and_gallery(client):
    post = a_post(a_member("ana", name="Ana Duarte"), caption="First light", alt_text="A ridge at dawn")
    page = client.get(post.address()).content.decode()
    assert "<title>First light · Ana Duarte · PixlPix</title>" in page
    assert 'alt="A ridge at dawn"' in page
    assert "@ana" in page and post.gallery.address() in page


def test_picture_comes_in_the_ready_made_sizes_with_its_own_size_stated(client):
    post = a_post()
    page = client.get(post.address()).content.decode()
    renditions = post.photos.get().picture.renditions.filter(filter_spec__startswith="width-")
    assert renditions.count() >= 1
    for rendition in renditions:
        assert f"{rendition.url} {rendition.width}w" in page
    assert re.search(r'<img[^>]*width="400" height="300"', page)


def test_looking_at_a_page_makes_no_rendition(client):
    post = a_post()
    before = set(post.photos.get().picture.renditions.values_list("pk", flat=True))
    client.get(post.address())
    client.get(post.gallery.address())
    assert set(post.photos.get().picture.renditions.values_list("pk", flat=True)) == before


def test_link_previews_get_title_text_and_a_jpeg_at_full_addresses(client):
    post = a_post(caption="First light", alt_text="A ridge at dawn")
    page = client.get(post.address()).content.decode()
    properties = dict(re.findall(r'<meta property="og:([a-z:]+)" content="([^"]*)"', page))
    assert properties["title"].startswith("First light")
    assert properties["url"] == settings.SITE_URL + post.address()
    assert properties["image"].startswith("http")
    assert properties["image:alt"] == "A ridge at dawn"
    path = properties["image"].removeprefix(settings.SITE_URL)
    assert post.photos.get().picture.renditions.get(filter_spec="preview-jpeg").url == path


def test_search_engines_are_told_the_one_address(client):
    post = a_post()
    assert (
        f'<link rel="canonical" href="{settings.SITE_URL}{post.address()}">'
        in client.get(post.address()).content.decode()
    )


def test_what_people_write_is_shown_as_text_and_in_its_own_direction(client):
    post = a_post(caption='<script>alert("x")</script> שלום', alt_text='"><b>')
    page = client.get(post.address()).content.decode()
    assert "<script>alert" not in page and '"><b>' not in page
    assert html.escape('<script>alert("x")</script>') in page
    assert re.search(r'class="caption" dir="auto"', page)


def test_post_with_an_unlisted_link_is_shown_and_kept_out_of_search_engines(client):
    post = a_post()
    PostPage.objects.filter(pk=post.pk).update(visibility="unlisted", effective_visibility=Visibility.UNLISTED)
    page = client.get(post.address())
    assert page.status_code == 200
    assert b'content="noindex"' in page.content


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_permanent_link_leads_to_the_present_address_and_not_for_good(client):
    post = a_post()
    response = client.get(permanent(post))
    assert (response.status_code, response["Location"]) == (302, post.address())


def test_former_address_leads_to_the_present_one_for_good(client):
    post = a_post()
    before = post.address()
    moved = move_post(post, a_gallery(post.author, "Norway"), by=post.author)
    response = client.get(before)
    assert (response.status_code, response["Location"]) == (301, moved.address())


def test_address_that_a_post_never_had_is_not_found(client):
    post, other = a_post(), a_member("milo")
    assert client.get(reverse("post", args=["milo", "first", post.short_id])).status_code == 404
    assert client.get(reverse("post", args=[post.author.username, "nowhere", post.short_id])).status_code == 404
    assert other.pk


@pytest.mark.parametrize(
    "address",
    [
        "/p/nothing123/",
        "/members/nobody/",
        "/members/nobody/x/",
        "/members/a/b/c/",
        "/p/%00/",
        "/members/%00/",
        "/members/a/%00/",
    ],
)
def test_address_of_nothing_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_wagtails_own_walk_down_the_tree_answers_for_no_member(client):
    post = a_post()
    assert client.get(f"{post.address()}anything/").status_code == 404
    assert (
        client.get(f"/members/{post.author.username}/{post.gallery.gallery_slug}/{post.short_id}/x/y/").status_code
        == 404
    )


def test_wagtails_serving_of_a_page_leads_to_the_same_page(rf):
    """Wagtail calls `serve` for previews and for "view live"; what it gives must obey the same rules."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import Http404

    post = a_post(caption="First light")
    request = rf.get("/")
    request.user, request.htmx = AnonymousUser(), False
    assert b"First light" in post.serve(request).content
    not_ready(post)
    with pytest.raises(Http404):
        PostPage.objects.get(pk=post.pk).serve(request)


# --- What is not visible ----------------------------------------------------------------------------------------------


def withdrawn(post):
    withdraw_post(post, by=post.author)


def taken_down(post):
    take_down_post(post, by=a_staff_member("Moderators"), reason="Shows somebody who did not agree")


def erased(post):
    PostPage.objects.filter(pk=post.pk).update(team_state=TeamState.ERASED)


def author_left(post):
    type(post.author).objects.filter(pk=post.author_id).update(standing="left", is_active=False)


def draft(post):
    PostPage.objects.filter(pk=post.pk).update(author_state=AuthorState.DRAFT)


def held(post):
    PostPage.objects.filter(pk=post.pk).update(team_state=TeamState.HELD)


def suspended(post):
    type(post.author).objects.filter(pk=post.author_id).update(standing="suspended")


def narrowed(post):
    PostPage.objects.filter(pk=post.pk).update(effective_visibility=Visibility.FOLLOWERS)


@pytest.mark.parametrize("hide", [withdrawn, taken_down, erased, author_left])
def test_removed_post_answers_410_at_its_page_its_link_and_former_addresses(client, hide):
    post = a_post(caption="First light")
    before = post.address()
    post = move_post(post, a_gallery(post.author, "Norway"), by=post.author)
    hide(post)
    for address in (before, post.address(), permanent(post)):
        response = client.get(address)
        assert response.status_code == 410, address
        assert b"First light" not in response.content


@pytest.mark.parametrize("hide", [draft, held, suspended, narrowed, not_ready])
def test_post_that_is_hidden_otherwise_is_as_if_it_had_never_been(client, hide):
    post = a_post(caption="First light")
    hide(post)
    for address in (post.address(), permanent(post)):
        response = client.get(address)
        assert response.status_code == 404, address
        assert b"First light" not in response.content


@pytest.mark.parametrize("hide", [withdrawn, taken_down, draft, held, not_ready])
def test_other_members_learn_no_more_than_visitors(client, hide):
    post = a_post()
    hide(post)
    visitor = client.get(post.address()).status_code
    assert signed_in(client, a_member()).get(post.address()).status_code == visitor


def test_removed_post_says_nothing_at_an_address_that_it_never_had(client):
    post = a_post()
    withdrawn(post)
    assert client.get(reverse("post", args=[post.author.username, "nowhere", post.short_id])).status_code == 404


# --- What its author and staff see ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hide", "words"),
    [
        (withdrawn, "You deleted this post"),
        (taken_down, "Shows somebody who did not agree"),
        (held, "The team is looking at this post"),
        (draft, "This is a draft"),
        (not_ready, "Processing"),
    ],
)
def test_author_sees_their_hidden_post_and_why(client, hide, words):
    post = a_post(caption="First light")
    hide(post)
    response = signed_in(client, post.author).get(post.address())
    assert response.status_code == 200
    assert words in response.content.decode() and "First light" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_permanent_link_leads_the_author_to_their_hidden_post(client):
    post = a_post()
    withdrawn(post)
    assert signed_in(client, post.author).get(permanent(post)).status_code == 302


def test_staff_see_a_hidden_post(client):
    post = a_post(caption="First light")
    taken_down(post)
    response = signed_in(client, a_staff_member("Moderators")).get(post.address())
    assert response.status_code == 200 and "The team took this post down" in response.content.decode()


def test_hidden_post_is_shown_from_private_renditions(client):
    post = a_post()
    withdrawn(post)
    page = signed_in(client, post.author).get(post.address()).content.decode()
    assert "/private/derived/" in page and media_host() not in page


def test_hidden_post_offers_nothing_to_link_previews(client):
    post = a_post()
    withdrawn(post)
    assert 'property="og:' not in signed_in(client, post.author).get(post.address()).content.decode()


def test_post_that_the_author_sees_as_everyone_does_carries_no_notice(client):
    post = a_post()
    assert 'class="notice' not in signed_in(client, post.author).get(post.address()).content.decode()


def test_failed_photo_shows_its_author_the_reason_and_asks_no_more(client):
    post = not_ready(a_post(), ProcessingState.FAILED, "The file breaks off in the middle.")
    page = signed_in(client, post.author).get(post.address()).content.decode()
    assert "The file breaks off in the middle." in page
    assert "every 2s" not in page


# --- The page that turns by itself ------------------------------------------------------------------------------------


def asked_again(page):
    """The address at which an open page asks whether anything is new; empty where it does not ask."""
    found = re.search(r'hx-get="([^"]+)" hx-trigger="every 2s"', page.content.decode())
    return html.unescape(found[1]) if found else ""


def test_page_of_a_post_in_processing_asks_for_itself_again(client):
    post = not_ready(a_post())
    assert asked_again(signed_in(client, post.author).get(post.address())).startswith(post.address())


def test_while_nothing_is_new_the_page_stays_as_it_is(client):
    post = not_ready(a_post())
    page = signed_in(client, post.author).get(post.address())
    response = client.get(asked_again(page), headers=HTMX)
    assert (response.status_code, response.content) == (204, b"")


def test_once_ready_the_answer_is_the_post_alone_with_its_picture(client):
    post = a_post()
    answer = signed_in(client, post.author).get(f"{post.address()}?seen=before", headers=HTMX)
    page = answer.content.decode()
    assert page.lstrip().startswith("<article") and "srcset=" in page
    assert not asked_again(answer) and "<html" not in page


def test_each_photo_that_becomes_ready_is_news_while_others_are_still_waited_for(client):
    post = not_ready(a_post(photos=3))
    page = signed_in(client, post.author).get(post.address())
    ready(post.photos.order_by("position")[1])
    news = client.get(asked_again(page), headers=HTMX)
    assert news.content.decode().count('class="open"') == 1
    assert client.get(asked_again(news), headers=HTMX).status_code == 204


def test_photo_that_fails_is_news_and_the_others_are_waited_for(client):
    post = not_ready(a_post(photos=2))
    page = signed_in(client, post.author).get(post.address())
    Photo.objects.filter(pk=post.photos.first().pk).update(state=ProcessingState.FAILED, failure="It breaks off.")
    news = client.get(asked_again(page), headers=HTMX)
    assert "It breaks off." in news.content.decode() and asked_again(news)


def test_photo_added_to_a_visible_post_turns_on_its_authors_open_page_and_is_nobody_elses_until_then(client):
    post = a_post(photos=2)
    added = post.photos.order_by("position")[1]
    Photo.objects.filter(pk=added.pk).update(state=ProcessingState.PENDING)
    seen = client.get(post.address())
    assert added.key not in seen.content.decode() and not asked_again(seen)
    page = signed_in(client, post.author).get(post.address())
    assert "A photo is being prepared" in page.content.decode()
    assert client.get(asked_again(page), headers=HTMX).status_code == 204
    ready(added)
    news = client.get(asked_again(page), headers=HTMX)
    assert news.content.decode().count('class="open"') == 2 and not asked_again(news)
    assert added.key in Client().get(post.address()).content.decode()


def test_failed_photo_of_a_visible_post_is_its_authors_alone(client):
    post = a_post(photos=2)
    Photo.objects.filter(pk=post.photos.first().pk).update(state=ProcessingState.FAILED, failure="It breaks off.")
    assert "It breaks off." not in client.get(post.address()).content.decode()
    page = signed_in(client, post.author).get(post.address()).content.decode()
    assert "It breaks off." in page and "The post is shown without it." in page


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("photos", [1, 4])
def test_post_page_costs_a_visitor_at_most_8_queries(client, photos, django_assert_max_num_queries):
    post = a_post(photos=photos)
    with django_assert_max_num_queries(8):
        assert client.get(post.address()).status_code == 200


@pytest.mark.parametrize("photos", [1, 4])
def test_post_page_costs_a_member_at_most_12_queries(client, photos, django_assert_max_num_queries):
    post = a_post(photos=photos)
    signed_in(client, a_member())
    with django_assert_max_num_queries(12):
        assert client.get(post.address()).status_code == 200


def test_former_address_costs_a_visitor_at_most_8_queries(client, django_assert_max_num_queries):
    post = a_post()
    before = post.address()
    move_post(post, a_gallery(post.author, "Norway"), by=post.author)
    withdraw_post(PostPage.objects.get(pk=post.pk), by=post.author)
    with django_assert_max_num_queries(8):
        assert client.get(before).status_code == 410


def test_pages_are_found_by_columns_of_their_own_and_not_by_wagtails_path(client, django_assert_max_num_queries):
    """`url_path` has no index and a walk down the tree asks twice a level: both grow with the tree."""
    post = a_post()
    addresses = [post.address(), post.gallery.address(), post.author.member_page.address(), f"/p/{post.short_id}/"]
    with django_assert_max_num_queries(40) as asked:
        assert [client.get(address).status_code for address in addresses] == [200, 200, 200, 302]
    conditions = [query["sql"].partition(" WHERE ")[2] for query in asked]
    assert not [sql for sql in conditions if "url_path" in sql or '"slug" =' in sql or '"path" LIKE' in sql]
