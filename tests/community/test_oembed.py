"""What machines read of a post: oEmbed, and JSON-LD in the head of its page."""

import json
import re
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.conf import settings

from gallery.actions.move_post import move_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.cards import blurred
from gallery.models import PostPage
from gallery.states import Visibility
from tests.factories import a_gallery, a_member, a_picture, a_post, an_original
from tests.pages import Page

pytestmark = pytest.mark.django_db
HOSTILE = "</script><script>alert(1)</script> & <!-- \u2028"


@pytest.fixture
def post():
    ana = a_member("ana", name="Ana")
    return a_post(ana, original=an_original(a_picture(1600, 1200)), caption="Boats & gulls", alt_text="A boat")


def ask(client, url, **more):
    return client.get("/oembed?" + urlencode({"url": url if "://" in url else settings.SITE_URL + url, **more}))


def change(post, **columns):
    PostPage.objects.filter(pk=post.pk).update(**columns)


def test_a_public_post_answers_by_its_page_its_former_page_and_its_permanent_link(client, post):
    former = post.address()
    post = move_post(post, a_gallery(post.author), by=post.author)
    for url in (post.address(), former, f"/p/{post.short_id}/"):
        response = ask(client, url)
        found = response.json()
        assert (found["type"], found["version"], found["title"]) == ("photo", "1.0", "Boats & gulls")
        assert (found["author_name"], found["author_url"]) == ("Ana", f"{settings.SITE_URL}/members/ana/")
        assert found["web_page"] == settings.SITE_URL + post.address()
        assert found["alt_text"] == "A boat" and found["license"] == "All rights reserved"
        assert found["width"] > found["height"] > 100
        assert response["Access-Control-Allow-Origin"] == "*"


def test_xml_says_the_same(client, post):
    change(post, caption="Boats\x08 & gulls", title="Boats\x08 & gulls")
    root = ElementTree.fromstring(ask(client, post.address(), format="xml").content)
    assert (root.tag, root.findtext("title"), root.findtext("type")) == ("oembed", "Boats & gulls", "photo")


@pytest.mark.parametrize("limit", [{"maxwidth": 400}, {"maxheight": 300}, {"maxwidth": 90}, {"maxwidth": "x"}])
def test_the_picture_is_no_larger_than_asked_for_and_keeps_its_shape(client, post, limit):
    found = ask(client, post.address(), **limit).json()
    assert found["width"] <= limit.get("maxwidth", 9999) if limit != {"maxwidth": "x"} else found["width"] > 400
    assert found["height"] <= limit.get("maxheight", 9999)
    assert found["width"] / found["height"] == pytest.approx(4 / 3, abs=0.02)


@pytest.mark.parametrize("column", [{"effective_visibility": Visibility.UNLISTED}, {"team_state": "taken_down"}])
def test_what_is_not_public_is_not_found(client, post, column):
    change(post, **column)
    assert ask(client, post.address()).status_code == 404
    assert ask(client, post.address(), format="xml").status_code == 404


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.example/p/x/", "javascript:1", "/members/ana/", "/", "http://[", "/p/\0/", "/p/nothing/", ""],
)
def test_other_addresses_are_not_found(client, post, url):
    assert ask(client, url).status_code == 404
    assert client.get("/oembed").status_code == 404


def test_a_post_at_an_address_that_was_never_its_own_is_not_found(client, post):
    assert ask(client, post.address().replace("/ana/", "/bea/")).status_code == 404


def test_other_formats_are_not_implemented_and_nothing_can_be_sent(client, post):
    assert ask(client, post.address(), format="yaml").status_code == 501
    assert client.post("/oembed").status_code == 405


def test_a_sensitive_post_is_embedded_blurred_and_undescribed(client, post):
    change(post, sensitive=True)
    found = ask(client, post.address(), maxwidth=2000).json()
    assert found["url"].endswith(blurred(PostPage.objects.for_cards().get(pk=post.pk).cover).src)
    assert "alt_text" not in found


# --- In the page ------------------------------------------------------------------------------------------------------


def ld_of(client, post):
    source = client.get(post.address()).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', source, re.S)
    return [image for text in found for image in json.loads(text)]


def test_the_page_of_a_public_post_leads_to_oembed_and_describes_each_picture(client):
    post = a_post(a_member("ana", name="Ana"), caption="Boats", alt_text="A boat", photos=2)
    change(post, licence="by-sa")
    images = ld_of(client, post)
    assert len(images) == 2
    image = images[0]
    assert (image["@type"], image["caption"], image["description"]) == ("ImageObject", "Boats", "A boat")
    assert image["license"] == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert image["creator"] == {"@type": "Person", "name": "Ana", "url": f"{settings.SITE_URL}/members/ana/"}
    assert image["contentUrl"].startswith("http") and image["datePublished"][:4] == str(post.published_at.year)
    source = client.get(post.address()).content.decode()
    discovery = re.search(r'type="application/json\+oembed" title="oEmbed" href="([^"]+)"', source)
    assert client.get(discovery[1].replace("&amp;", "&").removeprefix(settings.SITE_URL)).json()["title"] == "Boats"


def test_words_cannot_leave_the_data(client):
    post = a_post(a_member(name="</script>"), caption=HOSTILE, alt_text=HOSTILE)
    page = Page(client.get(post.address()).content.decode())
    assert page.inline == []
    assert ld_of(client, post)[0]["caption"] == post.caption


@pytest.mark.parametrize("column", [{"effective_visibility": Visibility.UNLISTED}, {"sensitive": True}])
def test_what_is_sensitive_or_not_public_has_no_json_ld(client, post, column):
    change(post, **column)
    assert ld_of(client, post) == []


def test_a_withdrawn_post_says_nothing_to_machines(client, post):
    withdraw_post(post, by=post.author)
    client.force_login(post.author)
    source = client.get(post.address()).content.decode()
    assert "ld+json" not in source and "oembed" not in source
