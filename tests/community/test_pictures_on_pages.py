"""How pages show pictures: their markup, posts of many photos, sensitive posts, camera, animated pictures."""

import re

import pytest
from django.urls import reverse

from gallery.models import Photo, Picture, PostPage, Rendition
from gallery.states import TeamState
from home.actions.pick_post import pick_post
from tests.factories import a_member, a_post, a_staff_member, first_gallery
from tests.pages import Page

pytestmark = pytest.mark.django_db
CLEAR = re.compile(r"width-\d+|preview-jpeg|animated-webp")


def page_of(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def images(page, **wanted):
    return [
        a for tag, a in page.elements if tag == "img" and all(a.get(name) == value for name, value in wanted.items())
    ]


def sources(page):
    return [a for tag, a in page.elements if tag == "source"]


def mark_sensitive(post, reason="Shows a wound", **marks):
    PostPage.objects.filter(pk=post.pk).update(**(marks or {"sensitive": True}), sensitive_reason=reason)
    return post


def clear_files(post):
    """The addresses of every rendition of `post` on which something can be made out."""
    renditions = Rendition.objects.filter(image__photo__post=post)
    return [rendition.url for rendition in renditions if CLEAR.fullmatch(rendition.filter_spec)]


# --- Any picture ------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["front page", "post page", "member's page", "gallery", "members", "search"])
def anywhere(request):
    """The address of a page of each kind, each of which shows the one post."""
    post = a_post(a_member("ana"), caption="Xylophone")
    addresses = {
        "front page": "/",
        "post page": post.address(),
        "member's page": "/members/ana/",
        "gallery": first_gallery(post.author).address(),
        "members": "/members/",
        "search": "/search/?q=xylophone",
    }
    return addresses[request.param]


def test_picture_is_webp_with_a_jpeg_for_what_cannot_show_that_and_states_its_size(client, anywhere):
    page = page_of(client, anywhere)
    assert [source["type"] for source in sources(page)] == ["image/webp"] * len(sources(page)) and sources(page)
    preview = Rendition.objects.get(filter_spec="preview-jpeg")
    assert images(page, src=preview.url)
    assert all(int(image["width"]) > 0 and int(image["height"]) > 0 for image in images(page))


def test_placeholder_stands_behind_and_is_nothing_to_a_screen_reader(client, anywhere, monkeypatch):
    monkeypatch.setattr("gallery.cards.placeholder_url", lambda data: "data:image/png;base64,AAAA")
    Picture.objects.update(placeholder=bytes.fromhex("d50822250c87a7977886887888776778570f77c7"))
    behind = images(page_of(client, anywhere), **{"class": "placeholder"})
    assert behind
    assert {(a["src"], a["alt"], a["aria-hidden"]) for a in behind} == {("data:image/png;base64,AAAA", "", "true")}


def test_crops_keep_the_focal_point(client):
    post = a_post(a_member("ana"))
    Picture.objects.update(focal_point_x=40, focal_point_y=270)
    for url in ("/", "/members/ana/", post.address()):
        assert images(page_of(client, url), **{"class": "fx-10 fy-90"})


def test_animated_picture_moves_on_its_own_page_for_who_does_not_ask_for_less_and_rests_on_cards(client):
    post = a_post()
    picture = post.photos.get().picture
    Picture.objects.filter(pk=picture.pk).update(animated=True)
    moving = Rendition.objects.create(
        image=picture, filter_spec="animated-webp", file="derived/a.webp", public_name="p/a.webp", width=400, height=300
    )
    first = sources(page_of(client, post.address()))[0]
    assert (first["srcset"], first["media"]) == (moving.url, "(prefers-reduced-motion: no-preference)")
    front = client.get("/").content.decode()
    assert moving.url not in front and "Animated" in front


# --- Many photos ------------------------------------------------------------------------------------------------------


def test_post_of_many_photos_is_a_strip_that_works_by_links_and_counts(client):
    post = a_post(photos=3)
    keys = list(post.photos.order_by("position").values_list("key", flat=True))
    text = client.get(post.address()).content.decode()
    page = Page(text)
    assert [a["id"] for tag, a in page.elements if tag == "figure"] == [f"photo-{key}" for key in keys]
    turns = [a["href"] for tag, a in page.elements if tag == "a" and "turn" in a.get("class", "")]
    assert turns == [f"#photo-{keys[place]}" for place in (1, 0, 2, 1)]
    assert ["1 / 3" in text, "2 / 3" in text, "3 / 3" in text] == [True] * 3


def test_only_the_first_photo_is_fetched_before_it_comes_near(client):
    loading = [a.get("loading") for a in images(page_of(client, a_post(photos=3).address())) if a["alt"]]
    assert loading == [None, "lazy", "lazy"]


def test_post_of_one_photo_has_nothing_to_turn(client):
    text = client.get(a_post().address()).content.decode()
    assert 'class="turn' not in text and "1 / 1" not in text


def test_link_of_a_photo_leads_to_its_largest_file(client):
    post = a_post(photos=2)
    links = [a for tag, a in page_of(client, post.address()).elements if tag == "a" and a.get("class") == "open"]
    for link, photo in zip(links, post.photos.order_by("position"), strict=True):
        widest = photo.picture.renditions.filter(filter_spec__startswith="width-").order_by("-width").first()
        assert (link["href"], int(link["data-width"])) == (widest.url, widest.width)


def test_card_says_how_many_photos_there_are_to_look_at(client):
    post = a_post(photos=3)
    assert "3 photos" in client.get("/").content.decode()
    Photo.objects.filter(pk=post.photos.first().pk).update(team_state=TeamState.TAKEN_DOWN)
    assert "2 photos" in client.get("/").content.decode()


# --- Sensitive posts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["sensitive", "team_sensitive"])
@pytest.mark.parametrize("with_blurred", [True, False], ids=["blurred", "no blurred file yet"])
def test_no_list_gives_the_clear_picture_of_a_sensitive_post(client, mark, with_blurred):
    post = mark_sensitive(a_post(a_member("ana"), caption="Xylophone"), **{mark: True})
    blurred = Rendition.objects.get(filter_spec="blurred-jpeg")
    if not with_blurred:
        Rendition.objects.filter(pk=blurred.pk).delete()
    pick_post(post, by=a_staff_member("Curators"))
    clear = clear_files(post)
    assert clear
    gallery, sitemap = first_gallery(post.author).address(), reverse("sitemap_section", args=["posts"])
    for url in ("/", "/members/", "/members/ana/", gallery, "/search/?q=xylophone", sitemap):
        text = client.get(url).content.decode()
        assert not [file for file in clear if file in text], url
        assert (blurred.url in text) == (with_blurred and "sitemap" not in url), url
        if "sitemap" not in url:
            assert "Sensitive" in text and "Shows a wound" in text
            assert 'alt="A ridge"' not in text


def test_link_preview_of_a_sensitive_post_is_blurred_and_tells_nothing_of_what_it_shows(client):
    post = mark_sensitive(a_post())
    properties = dict(
        re.findall(r'<meta property="og:([a-z:]+)" content="([^"]*)"', client.get(post.address()).content.decode())
    )
    blurred = Rendition.objects.get(filter_spec="blurred-jpeg")
    assert properties["image"].endswith(blurred.url)
    assert properties["image:alt"] != "A ridge"


def test_sensitive_post_without_a_blurred_file_offers_no_link_preview(client):
    post = mark_sensitive(a_post())
    Rendition.objects.filter(filter_spec="blurred-jpeg").delete()
    assert "og:image" not in client.get(post.address()).content.decode()


def test_page_of_a_sensitive_post_does_not_name_its_pictures_before_they_are_asked_for_and_says_why(client):
    post = mark_sensitive(a_post(photos=2), allow_download=True, sensitive=True)
    text = client.get(post.address()).content.decode()
    assert "Shows a wound" in text and "Show the pictures" in text
    assert not [file for file in clear_files(post) if file in text]
    assert "/download/" not in text and 'alt="A ridge"' not in text


def test_sensitive_pictures_are_shown_to_who_asks_and_hidden_again_by_the_plain_address(client):
    post = mark_sensitive(a_post(photos=2))
    address = f"{post.address()}?show=1"
    assert f'href="{address}"' in client.get(post.address()).content.decode()
    text = client.get(address).content.decode()
    assert 'class="veil"' not in text and text.count('class="open"') == 2
    assert "Shows a wound" in text and f'<a class="button" id="veil" href="{post.address()}"' in text


def test_shown_sensitive_pictures_are_kept_out_of_search_engines_and_link_previews(client):
    post = mark_sensitive(a_post())
    head = client.get(f"{post.address()}?show=1").content.decode().partition("</head>")[0]
    assert 'content="noindex"' in head
    assert not [file for file in clear_files(post) if file in head]


def test_asking_for_what_is_not_sensitive_changes_nothing(client):
    post = a_post()
    assert client.get(f"{post.address()}?show=1").content == client.get(post.address()).content


def test_post_that_is_not_sensitive_has_no_veil(client):
    assert 'class="veil"' not in client.get(a_post().address()).content.decode()


def test_author_asks_for_their_own_sensitive_pictures_as_well(client):
    post = mark_sensitive(a_post())
    client.force_login(post.author)
    assert 'class="veil"' in client.get(post.address()).content.decode()


def test_consoles_lists_show_sensitive_posts_blurred_and_the_posts_own_page_as_it_is(client):
    post = mark_sensitive(a_post())
    client.force_login(a_staff_member("Moderators"))
    listed = client.get(reverse("console_posts:index")).content.decode()
    assert not [file for file in clear_files(post) if file in listed]
    looked_at = client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert [file for file in clear_files(post) if file in looked_at]


# --- Camera -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_camera():
    post = a_post()
    Picture.objects.update(camera={"make": "Fujifilm", "model": "X-T5", "aperture": 8.0, "place": "64.14, -21.94"})
    return post


def test_camera_is_shown_where_its_author_chooses_and_never_a_place(client, with_camera):
    PostPage.objects.filter(pk=with_camera.pk).update(show_camera=True)
    text = client.get(with_camera.address()).content.decode()
    assert "Fujifilm X-T5, f/8" in text and "64.14" not in text


def test_camera_is_not_shown_otherwise_not_even_to_its_author(client, with_camera):
    assert "Fujifilm" not in client.get(with_camera.address()).content.decode()
    client.force_login(with_camera.author)
    assert "Fujifilm" not in client.get(with_camera.address()).content.decode()


@pytest.mark.parametrize("member", [False, True], ids=["visitor", "member"])
def test_a_visible_post_whose_picture_is_being_made_again_breaks_no_page(client, member):
    """As after the vault was lost: the post stays visible, and its photo waits for the worker."""
    post = a_post(caption="Harbour at dawn")
    pick_post(post, by=a_staff_member("Curators"))
    Photo.objects.update(state="pending")
    Rendition.objects.all().delete()
    if member:
        client.force_login(a_member())
    for url in ("/", "/explore/", "/picks/", "/search/?q=harbour", post.get_absolute_url(), f"/members/{post.author}/"):
        assert client.get(url).status_code == 200, url
    for url in (
        "/api/v1/posts",
        f"/feeds/members/{post.author}.xml",
        f"/oembed?url=http://testserver/p/{post.short_id}/",
    ):
        assert client.get(url).status_code < 500, url
