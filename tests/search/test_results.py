"""The search page: what it shows, what it says when it finds nothing, and what it costs."""

import re
from urllib.parse import urlencode

import pytest

from gallery import addresses
from gallery.actions.withdraw_post import withdraw_post
from search import views
from search.backends import postgresql
from tests.factories import a_member, a_post, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


def search(client, text, **headers):
    return client.get("/search/?" + urlencode({"q": text}), headers=headers)


def posts_in(response):
    """Short ids of the posts that a page links to, in order, each once."""
    return list(dict.fromkeys(re.findall(r'href="/members/[^/"]+/[^/"]+/([^/"]+)/"', response.content.decode())))


def next_page(response):
    found = re.search(r'href="(/search/[^"]*after=[^"]*)"', response.content.decode())
    return found and found[1].replace("&amp;", "&")


def test_posts_with_the_words_are_shown_newest_first(client, ana):
    older, newer = a_post(ana, caption="Old boats"), a_post(ana, caption="New boats")
    a_post(ana, caption="Hills")
    page = search(client, "boats")
    assert page.status_code == 200
    assert posts_in(page) == [newer.short_id, older.short_id]


def test_a_picture_is_found_by_its_description(client, ana):
    post = a_post(ana, caption="Morning", alt_text="Two boats in fog")
    assert posts_in(search(client, '"boats in fog"')) == [post.short_id]


def test_show_more_leads_through_everything_once(client, ana, monkeypatch):
    monkeypatch.setattr(views, "POSTS_A_PAGE", 2)
    made = [a_post(ana, caption="Boats & gulls").short_id for _ in range(5)]
    seen, page = [], search(client, "boats & gulls")
    while True:
        seen += posts_in(page)
        url = next_page(page)
        if not url:
            break
        page = client.get(url)
    assert seen == made[::-1]


def test_with_script_show_more_answers_the_next_posts_alone(client, ana, monkeypatch):
    monkeypatch.setattr(views, "POSTS_A_PAGE", 1)
    first, _second = a_post(ana, caption="Boats"), a_post(ana, caption="Boats")
    part = client.get(next_page(search(client, "boats")), headers={"HX-Request": "true"})
    assert posts_in(part) == [first.short_id]
    assert b"<html" not in part.content
    assert "HX-Request" in part["Vary"]


def test_what_was_typed_stays_in_the_field_and_is_escaped(client):
    page = search(client, '"><script>alert(1)</script>')
    assert b"<script>alert" not in page.content
    assert b"&quot;&gt;&lt;script&gt;" in page.content


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "What are you looking for?"),
        ("...", "What are you looking for?"),
        ("-boats", "Say what to look for as well"),
        ("zeppelin", "Words are found whole"),
        ("zeppelin fog", "Try fewer of them"),
    ],
)
def test_an_empty_page_says_what_would_help(client, ana, text, words):
    page = search(client, text)
    assert page.status_code == 200
    assert words in page.content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "q=a&after=%00", "after=zzz", "q=" + "a" * 5000, "q=a&q=b", "x=1"]
)
def test_odd_addresses_are_answered(client, query):
    assert client.get(f"/search/?{query}").status_code == 200


def test_search_engines_are_told_to_leave_results_out(client):
    assert b'<meta name="robots" content="noindex">' in search(client, "boats").content


def test_a_withdrawn_post_is_gone_from_every_search_page_that_showed_it(client, ana):
    post = a_post(ana, caption="Fog over #harbour 🌊")
    urls = [found.url for found in addresses.addresses_of(post) if found.kind == "search"]
    assert len(urls) == 3
    assert all(posts_in(client.get(url)) == [post.short_id] for url in urls)
    withdraw_post(post, by=ana)
    assert all(posts_in(client.get(url)) == [] for url in urls)


class TestCost:
    @pytest.fixture
    def thirty_posts(self, ana):
        original = an_original(by=ana)
        for _ in range(31):
            a_post(ana, caption="Boats", original=original)

    def test_thirty_results_cost_a_visitor_at_most_8_queries(self, client, thirty_posts, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            assert len(posts_in(search(client, "boats"))) == 30

    def test_thirty_results_cost_a_member_at_most_12_queries(
        self, client, ana, thirty_posts, django_assert_max_num_queries
    ):
        client.force_login(ana)
        with django_assert_max_num_queries(12):
            assert len(posts_in(search(client, "boats"))) == 30

    @pytest.mark.postgres  # SQLite has one way
    def test_the_longest_way_to_a_page_costs_no_more(
        self, client, thirty_posts, monkeypatch, django_assert_max_num_queries
    ):
        for name, value in {"WINDOW": 1, "CAP": 0, "BUDGET": 30}.items():
            monkeypatch.setattr(postgresql, name, value)
        with django_assert_max_num_queries(8):
            page = search(client, "boats")
        assert len(posts_in(page)) == 30
        assert next_page(page)
