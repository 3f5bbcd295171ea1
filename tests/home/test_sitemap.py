"""The sitemap of what is listed, in sections by cursor; robots.txt."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from home.views import sitemap
from tests.factories import a_member, a_post, an_original

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
    a_post()
    for path in everything(client):
        assert client.get(path).status_code == 200, path


def test_post_that_is_not_listed_is_not_in_the_sitemap(client):
    """Wagtail's own sitemap lists every live page, those with only a link as well."""
    unlisted, withdrawn = a_post(), a_post()
    PostPage.objects.filter(pk=unlisted.pk).update(effective_visibility=Visibility.UNLISTED)
    withdraw_post(withdrawn, by=withdrawn.author)
    assert not {unlisted.address(), withdrawn.address()} & set(everything(client))


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
