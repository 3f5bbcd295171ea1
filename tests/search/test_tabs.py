"""The tabs of the search page, and what the search field suggests."""

import re

import pytest
from django.core.cache import cache

from search import views
from tests.factories import a_member, a_post, an_original

from .world import tagged

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    ana = a_member("ana", name="Ana of the Fog")
    tagged(a_post(ana, caption="Fog over the #fogbank"), "fogbank")
    return ana


def tab_of(response):
    return re.search(r'<a href="[^"]*" aria-current="page">(\w+)</a>', response.content.decode())[1]


def links(response, within="main"):
    return re.findall(r'href="([^"]+)"', response.content.decode().partition(f"<{within}")[2])


@pytest.mark.parametrize(
    ("query", "tab"),
    [
        ("q=ana", "Posts"),
        ("q=@ana", "Members"),
        ("q=%23fog", "Posts"),
        ("q=ana&in=members", "Members"),
        ("q=@ana&in=posts", "Posts"),
        ("q=fog&in=hashtags", "Hashtags"),
        ("q=fog&in=nonsense", "Posts"),
    ],
)
def test_what_was_typed_or_chosen_decides_the_tab(client, ana, query, tab):
    assert tab_of(client.get(f"/search/?{query}")) == tab


def test_members_are_listed_with_name_and_username(client, ana):
    page = client.get("/search/?q=@ana")
    assert "/members/ana/" in links(page)
    assert "Ana of the Fog" in page.content.decode()


def test_who_writes_a_hashtag_gets_hashtags_before_posts(client, ana):
    text = client.get("/search/?q=%23fogbank").content.decode()
    assert text.index("#fogbank</bdi>") < text.index("Fog over the")
    assert "#fogbank</bdi>" in client.get("/search/?q=fog&in=hashtags").content.decode()


@pytest.mark.parametrize("tab", ["members", "hashtags"])
def test_a_tab_without_finds_says_what_would_help(client, tab):
    nothing, empty = (client.get(f"/search/?in={tab}&q={typed}").content.decode() for typed in ("zzz", ""))
    assert "begin" in nothing and 'class="empty"' in nothing
    assert 'class="empty"' in empty


@pytest.mark.parametrize(("tab", "size"), [("members", "PEOPLE_A_PAGE"), ("hashtags", "HASHTAGS_A_PAGE")])
def test_show_more_goes_on_within_the_tab(client, ana, monkeypatch, tab, size):
    monkeypatch.setattr(views, size, 1)
    a_member("anabel")
    tagged(a_post(ana), "anb", "anc")
    first = client.get(f"/search/?q=an&in={tab}")
    following = next(link for link in links(first) if "after=" in link).replace("&amp;", "&")
    part = client.get(following, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert links(part, "li") and set(links(part, "li")) - set(links(first))


@pytest.mark.parametrize("tab", ["members", "hashtags"])
@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "q=a&after=%00", "q=an&after=WyJcdWQ4MDAiLCJhIl0", "q=" + "a" * 5000]
)
def test_odd_addresses_are_answered(client, ana, tab, query):
    assert client.get(f"/search/?in={tab}&{query}").status_code == 200


@pytest.mark.parametrize(
    "address", ["/search/?q=@a", "/search/?q=a&in=hashtags", "/search/?q=%23a", "/search/suggest/?q=a"]
)
@pytest.mark.parametrize(("who", "most"), [("visitor", 8), ("member", 12)])
def test_a_page_costs_few_queries_with_a_cold_cache(client, ana, address, who, most, django_assert_max_num_queries):
    original = an_original(by=ana)
    for letter in "bcdef":
        tagged(a_post(a_member(f"an{letter}"), original=original), f"a{letter}")
    if who == "member":
        client.force_login(ana)
    cache.clear()
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200


class TestSuggestions:
    def options(self, client, typed):
        response = client.get("/search/suggest/", {"q": typed})
        return re.findall(r'role="option"[^>]* href="([^"]+)"', response.content.decode())

    def test_are_members_and_hashtags_that_begin_so(self, client, ana):
        a_member("fogan")
        assert self.options(client, "fog") == ["/members/ana/", "/members/fogan/", "/tags/fogbank/"]

    def test_are_of_one_kind_for_who_says_which(self, client, ana):
        assert self.options(client, "@fog") == ["/members/ana/"]
        assert self.options(client, "#fog") == ["/tags/fogbank/"]

    def test_are_at_most_five_of_each(self, client):
        original = an_original()
        for letter in "abcdefg":
            tagged(a_post(a_member(f"fog{letter}"), original=original), f"fog{letter}")
        assert len(self.options(client, "fog")) == 10

    @pytest.mark.parametrize("typed", ["", " ", "zzz", "\0", "#", "@"])
    def test_are_none_for_nothing(self, client, ana, typed):
        assert self.options(client, typed) == []

    def test_are_limited_in_number_for_each_visitor(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"search": "2/m/ip"}
        assert [client.get("/search/suggest/?q=a").status_code for _ in range(3)] == [200, 200, 429]
