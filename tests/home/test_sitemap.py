"""The sitemap of what is listed, in sections by cursor; robots.txt."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Hashtag, PostPage
from gallery.states import Visibility
from home.views import sitemap
from tests.factories import a_member, a_post, an_original
from tests.feeds_world import tagged
from tests.galleries_world import a_prompt

pytestmark = pytest.mark.django_db


def locations(client, url):
    response = client.get(url)
    assert response["Content-Type"].startswith("application/xml")
    return re.findall(r"<loc>([^<]*)</loc>", response.content.decode())


def everything(client):
    """Every path that the sections of the index name."""
    found = []
    for section in locations(client, "/sitemap.xml"):
        parts = urlsplit(section)
        found += locations(client, f"{parts.path}?{parts.query}")
    return [address.removeprefix(settings.SITE_URL) for address in found]


def test_sitemap_names_posts_members_and_editorial_pages(client):
    post = a_post()
    assert {post.address(), post.author.get_absolute_url(), "/", "/members/", "/about/", "/contact/"} <= set(
        everything(client)
    )


def test_every_address_in_the_sitemap_answers(client):
    tagged(a_post(), "dawn")
    a_prompt()
    for path in everything(client):
        assert client.get(path).status_code == 200, path


def test_post_that_is_not_listed_is_not_in_the_sitemap(client):
    """Wagtail's own sitemap lists every live page, those with only a link as well."""
    unlisted, withdrawn = a_post(), a_post()
    PostPage.objects.filter(pk=unlisted.pk).update(effective_visibility=Visibility.UNLISTED)
    withdraw_post(withdrawn, by=withdrawn.author)
    assert not {unlisted.address(), withdrawn.address()} & set(everything(client))


def test_prompts_that_staff_published_are_in_it_and_drafts_are_not(client):
    prompt, draft = a_prompt("Doors"), a_prompt("Snow", live=False)
    found = everything(client)
    assert {prompt.address(), "/prompts/"} <= set(found) and draft.address() not in found


def test_hashtags_are_in_it_while_visitors_find_a_post_under_them(client):
    gone, narrow = tagged(a_post(), "gone", "dawn"), tagged(a_post(), "narrow")
    tagged(a_post(), "dawn")
    Hashtag.objects.create(name="unused")
    assert {"/tags/dawn/", "/tags/gone/", "/tags/narrow/"} <= set(everything(client))
    withdraw_post(gone, by=gone.author)
    PostPage.objects.filter(pk=narrow.pk).update(effective_visibility=Visibility.FOLLOWERS)
    assert [path for path in everything(client) if path.startswith("/tags/")] == ["/tags/", "/tags/dawn/"]


@pytest.mark.parametrize("name", ["prompts", "hashtags"])
def test_prompts_and_hashtags_go_on_in_further_sections_each_once(client, monkeypatch, name):
    monkeypatch.setattr(sitemap, "SECTION", 2)
    original = an_original()
    paths = []
    for number in range(5):
        tagged(a_post(original=original), f"tag{number}")
        paths.append(a_prompt(f"Prompt {number}").address() if name == "prompts" else f"/tags/tag{number}/")
    assert sorted(path for path in everything(client) if path in paths) == sorted(paths)
    assert len([url for url in locations(client, "/sitemap.xml") if f"/{name}.xml" in url]) == 3


def test_member_who_did_not_confirm_their_address_is_not_in_the_sitemap(client):
    assert a_member(verified=False).get_absolute_url() not in everything(client)


def test_more_posts_than_a_section_holds_go_into_further_sections_each_post_once(client, monkeypatch):
    monkeypatch.setattr(sitemap, "SECTION", 2)
    author = a_member()
    original = an_original(by=author)
    posts = [a_post(author, original=original).address() for _ in range(5)]
    found = [path for path in everything(client) if path in posts]
    assert found == posts
    assert len([url for url in locations(client, "/sitemap.xml") if "/posts.xml" in url]) == 3


def test_post_withdrawn_after_the_index_was_made_is_gone_from_its_section(client):
    post = a_post()
    everything(client)
    withdraw_post(post, by=post.author)
    assert post.address() not in everything(client)


def test_sections_are_read_without_counting_or_offset(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    a_post()
    with CaptureQueriesContext(connection) as queries:
        everything(client)
    assert queries.captured_queries
    assert not [q for q in queries.captured_queries if "COUNT(" in q["sql"] or "OFFSET" in q["sql"]]


@pytest.mark.parametrize("path", ["/sitemap/nothing.xml", "/sitemap/.xml"])
def test_section_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_mangled_cursor_shows_the_first_section(client):
    post = a_post()
    assert locations(client, "/sitemap/posts.xml?after=%00x") == [settings.SITE_URL + post.address()]


def test_robots_are_led_to_the_sitemap_and_kept_from_what_is_not_content(client):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text
    assert "Disallow: /accounts/" in text


def test_crawlers_for_training_are_refused_in_robots_txt_headers_pages_and_tdmrep(client):
    text = client.get("/robots.txt").content.decode()
    group = text[text.index("User-agent: AI2Bot") :]
    assert "User-agent: GPTBot\n" in group and "User-agent: Google-Extended\n" in group
    assert group.endswith("Disallow: /\n") and "Sitemap" not in group
    response = client.get("/about/")
    assert (response["X-Robots-Tag"], response["tdm-reservation"]) == ("noai, noimageai", "1")
    assert '<meta name="robots" content="noai, noimageai">' in response.content.decode()
    assert client.get("/.well-known/tdmrep.json").json() == [{"location": "/", "tdm-reservation": 1}]


def test_a_setting_welcomes_them(client, settings):
    settings.REFUSE_AI_TRAINING = False
    assert "GPTBot" not in client.get("/robots.txt").content.decode()
    response = client.get("/about/")
    assert not response.has_header("X-Robots-Tag") and not response.has_header("tdm-reservation")
    assert "noai" not in response.content.decode()
    assert client.get("/.well-known/tdmrep.json").status_code == 404
