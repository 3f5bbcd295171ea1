"""Reading: the list of members, members' pages, galleries; page by page, at the same cost whatever there is."""

import re

import pytest
from django.urls import reverse

from community import lists
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, Photo, PostPage
from gallery.states import ProcessingState, TeamState, Visibility
from tests.factories import a_gallery, a_member, a_post, an_original, first_gallery

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def posts_in(response):
    """Short ids of the posts that a page links to, in order, each once."""
    return list(
        dict.fromkeys(re.findall(r'href="/members/[^/"]+/[^/"]+/([^/"]+)/(?:\?in=[^"]*)?"', response.content.decode()))
    )


def next_page(response):
    found = re.search(r'href="([^"]*\?after=[^"]*)"', response.content.decode())
    return found and found[1]


@pytest.fixture
def ana():
    return a_member("ana", name="Ana Duarte")


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(lists, "POSTS_A_PAGE", 2)
    monkeypatch.setattr(lists, "MEMBERS_A_PAGE", 2)


@pytest.mark.parametrize("of", ["member", "gallery"])
def test_list_shows_posts_newest_first_with_their_alternative_texts(client, ana, of):
    older, newer = a_post(ana, alt_text="A ridge"), a_post(ana, alt_text="A shore")
    url = reverse("member", args=["ana"]) if of == "member" else first_gallery(ana).address()
    page = client.get(url)
    assert posts_in(page) == [newer.short_id, older.short_id]
    assert 'alt="A ridge"' in page.content.decode()


def test_show_more_leads_through_everything_once_without_script(client, ana, small_pages):
    made = [a_post(ana).short_id for _ in range(5)]
    seen, url = [], reverse("member", args=["ana"])
    while url:
        page = client.get(url)
        seen += posts_in(page)
        url = next_page(page)
    assert seen == made[::-1]


def test_post_published_meanwhile_moves_nothing_on_the_next_page(client, ana, small_pages):
    made = [a_post(ana).short_id for _ in range(4)]
    first = client.get(reverse("member", args=["ana"]))
    a_post(ana)
    assert posts_in(client.get(next_page(first))) == made[1::-1]


def test_with_script_the_same_address_answers_the_next_cards_alone(client, ana, small_pages):
    for _ in range(3):
        a_post(ana)
    url = next_page(client.get(reverse("member", args=["ana"])))
    part = client.get(url, headers=HTMX)
    assert b"<html" not in part.content and len(posts_in(part)) == 1
    assert b'hx-swap-oob="true"' in part.content
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("cursor", ["x", "%00", "!!!!", "W10", "WzEsMl0", "a" * 5000])
def test_mangled_link_to_a_page_shows_the_first(client, ana, cursor):
    post = a_post(ana)
    assert posts_in(client.get(f"/members/ana/?after={cursor}")) == [post.short_id]


@pytest.mark.parametrize("hide", ["withdrawn", "unlisted", "processing", "taken down"])
def test_what_is_not_listed_is_on_no_list(client, ana, hide):
    post = a_post(ana, caption="Xylophone")
    if hide == "withdrawn":
        withdraw_post(post, by=ana)
    else:
        change = {
            "unlisted": {"effective_visibility": Visibility.UNLISTED},
            "processing": {"photos_ready": False},
            "taken down": {"team_state": TeamState.TAKEN_DOWN},
        }[hide]
        PostPage.objects.filter(pk=post.pk).update(**change)
    for url in ("/members/", "/members/ana/", first_gallery(ana).address()):
        page = client.get(url)
        assert page.status_code == 200
        assert posts_in(page) == [] and b"Xylophone" not in page.content


# --- A member's page --------------------------------------------------------------------------------------------------


def test_members_page_shows_their_name_and_galleries(client, ana):
    a_post(ana, gallery=a_gallery(ana, "Iceland"))
    page = client.get("/members/ana/").content.decode()
    assert "<title>Ana Duarte (@ana) · PixlPix</title>" in page
    assert "Iceland" in page


def test_username_in_capitals_leads_to_the_page(client, ana):
    response = client.get("/members/Ana/")
    assert (response.status_code, response["Location"]) == (301, "/members/ana/")


@pytest.mark.parametrize("standing", ["suspended", "left"])
def test_member_who_is_not_in_good_standing_is_not_found(client, ana, standing):
    a_post(ana)
    type(ana).objects.filter(pk=ana.pk).update(standing=standing)
    assert client.get("/members/ana/").status_code == 404
    assert client.get(first_gallery(ana).address()).status_code == 404


def test_member_who_did_not_confirm_their_address_is_seen_by_themselves_alone(client):
    member = a_member("milo", verified=False)
    assert client.get("/members/milo/").status_code == 404
    client.force_login(member)
    page = client.get("/members/milo/")
    assert page.status_code == 200 and b"Confirm your email address" in page.content


def test_no_page_shows_an_email_address(client, ana):
    a_post(ana)
    for url in ("/members/", "/members/ana/", first_gallery(ana).address()):
        assert b"ana@example.org" not in client.get(url).content


def test_empty_gallery_is_shown_to_its_owner_alone(client, ana):
    a_post(ana)
    a_gallery(ana, "Nothing in here")
    assert b"Nothing in here" not in client.get("/members/ana/").content
    client.force_login(ana)
    assert b"Nothing in here" in client.get("/members/ana/").content


def test_member_finds_on_their_page_what_only_they_see(client, ana):
    post = a_post(ana)
    Photo.objects.filter(post=post).update(state=ProcessingState.FAILED)
    PostPage.objects.filter(pk=post.pk).update(photos_ready=False)
    client.force_login(ana)
    page = client.get("/members/ana/")
    assert b"Only you see these" in page.content and posts_in(page) == [post.short_id]


# --- A gallery --------------------------------------------------------------------------------------------------------


def test_gallery_shows_its_name_its_description_and_its_posts_alone(client, ana):
    iceland = a_gallery(ana, "Iceland", description="Two weeks in <June>.")
    inside, outside = a_post(ana, gallery=iceland), a_post(ana)
    page = client.get(iceland.address())
    assert posts_in(page) == [inside.short_id] and outside.short_id.encode() not in page.content
    assert "Two weeks in &lt;June&gt;." in page.content.decode()


def test_deleted_gallery_is_not_found(client, ana):
    iceland = a_gallery(ana, "Iceland")
    delete_gallery(iceland, by=ana)
    assert client.get(iceland.address()).status_code == 404


def test_gallery_that_was_taken_down_is_not_found_and_its_posts_neither(client, ana):
    iceland = a_gallery(ana, "Iceland")
    post = a_post(ana, gallery=iceland)
    GalleryPage.objects.filter(pk=iceland.pk).update(team_state=TeamState.TAKEN_DOWN)
    assert client.get(iceland.address()).status_code == 404
    assert client.get(post.address()).status_code == 404
    assert posts_in(client.get("/members/ana/")) == []


def test_unlisted_gallery_is_shown_to_who_has_the_link_and_listed_nowhere(client, ana):
    iceland = a_gallery(ana, "Iceland")
    post = a_post(ana, gallery=iceland)
    GalleryPage.objects.filter(pk=iceland.pk).update(visibility=Visibility.UNLISTED)
    PostPage.objects.filter(pk=post.pk).update(effective_visibility=Visibility.UNLISTED)
    page = client.get(iceland.address())
    assert posts_in(page) == [post.short_id] and b'content="noindex"' in page.content
    assert b"Iceland" not in client.get("/members/ana/").content


# --- The list of members ----------------------------------------------------------------------------------------------


def test_members_stand_newest_first_with_their_newest_pictures(client, ana):
    a_post(ana, caption="One of Ana")
    milo = a_member("milo")
    newest = [a_post(milo).short_id for _ in range(6)][::-1][: lists.NEWEST_OF_A_MEMBER]
    page = client.get("/members/")
    text = page.content.decode()
    assert text.index("@milo") < text.index("@ana")
    assert posts_in(page)[: len(newest)] == newest


def test_list_of_members_goes_on_by_show_more(client, small_pages):
    names = [a_member().username for _ in range(5)]
    seen, url = [], "/members/"
    while url:
        page = client.get(url)
        seen += re.findall(r"@(member\w+)<", page.content.decode())
        url = next_page(page)
    assert seen == names[::-1]


def test_with_script_the_list_of_members_answers_the_next_members_alone(client, small_pages):
    for _ in range(3):
        a_member()
    part = client.get(next_page(client.get("/members/")), headers=HTMX)
    assert b"<html" not in part.content and part.content.count(b'class="who"') == 1


# --- What it costs, whatever there is ---------------------------------------------------------------------------------


@pytest.fixture(params=[3, 30])
def filled(request, ana):
    """One member with galleries and posts, and others; small and large."""
    original = an_original(by=ana)
    galleries = [first_gallery(ana)] + [a_gallery(ana, f"Gallery {n}") for n in range(request.param // 10 + 1)]
    for n in range(request.param):
        a_post(ana, gallery=galleries[n % len(galleries)], original=original)
    for _ in range(request.param // 3):
        a_post(a_member(), original=original)
    return ["/members/", "/members/ana/", galleries[0].address()]


def test_lists_cost_a_visitor_at_most_8_queries(client, filled, django_assert_max_num_queries):
    for url in filled:
        with django_assert_max_num_queries(8):
            assert client.get(url).status_code == 200


def test_lists_cost_a_member_at_most_12_queries(client, ana, filled, django_assert_max_num_queries):
    client.force_login(ana)
    for url in filled:
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
