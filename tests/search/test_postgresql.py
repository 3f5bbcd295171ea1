"""The way to a page on PostgreSQL: whichever it takes, the answer is the same, and no way looks at everything."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from community.visibility import posts_for
from gallery.text import tokens
from search.backends import engine_of, postgresql
from search.query import parse
from tests.factories import a_member

from .world import a_listed_post, captions, find

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def sea():
    """Forty posts: each with sea, each fourth with gull, none with gull and crab together."""
    ana = a_member("ana")
    for number in range(40):
        a_listed_post(ana, f"sea {number} " + ("gull" if number % 4 == 0 else "crab"))


WAYS = {
    "by date alone": {"WINDOW": 100, "CAP": 100, "BUDGET": 100},
    "gathering from the index": {"WINDOW": 1, "CAP": 100, "BUDGET": 1},
    "walking on after too many candidates": {"WINDOW": 1, "CAP": 0, "BUDGET": 100},
}


@pytest.fixture(params=WAYS, ids=lambda name: name)
def way(request, monkeypatch):
    for name, value in WAYS[request.param].items():
        monkeypatch.setattr(postgresql, name, value)


@pytest.mark.parametrize("text", ["sea", "gull", "crab gull", '"3 crab"', "sea -gull", 'sea -"3 crab"', "nothing"])
def test_every_way_finds_the_same(sea, way, text):
    found, cursor = [], ""
    while True:
        page = find(text, cursor=cursor, size=7)
        found += [post.caption for post in page]
        cursor = page.next
        if not cursor:
            break
    expected = [f"sea {n} " + ("gull" if n % 4 == 0 else "crab") for n in reversed(range(40))]
    keep = {
        "sea": lambda caption: True,
        "gull": lambda caption: "gull" in caption,
        "crab gull": lambda caption: False,
        '"3 crab"': lambda caption: caption == "sea 3 crab",
        "sea -gull": lambda caption: "gull" not in caption,
        'sea -"3 crab"': lambda caption: caption != "sea 3 crab",
        "nothing": lambda caption: False,
    }[text]
    assert found == [caption for caption in expected if keep(caption)]


def test_a_page_looks_no_further_than_its_budget_and_says_where_to_look_on(sea, monkeypatch):
    """Words that are everywhere, as a phrase that is nowhere: no index helps, so the walk has an end."""
    for name, value in {"WINDOW": 1, "CAP": 0, "BUDGET": 16}.items():
        monkeypatch.setattr(postgresql, name, value)
    page = find('"5 crab"')
    pages = 1
    assert list(page) == []
    assert page.next
    while page.next:
        page = find('"5 crab"', cursor=page.next)
        pages += 1
        if list(page):
            break
    assert [post.caption for post in page] == ["sea 5 crab"]
    assert pages == 3


def test_common_words_that_never_meet_are_not_looked_for_by_date(sea, monkeypatch, django_assert_num_queries):
    """The planner expects many such posts and would walk all of them by date; the index knows at once."""
    monkeypatch.setattr(postgresql, "BUDGET", 1)
    with django_assert_num_queries(2):
        engine_of().find(parse("gull crab"), posts_for(AnonymousUser()).listed())


def test_the_vector_is_made_of_the_tokens_as_they_are():
    """PostgreSQL's own parser would cut or drop most of these."""
    words = tokens("#golden_hour 東京 the running 😀 f/2.8 naïve@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(search_post_vector(%s))", [" ".join(words)])
        (lexemes,) = cursor.fetchone()
    assert set(lexemes) == set(words)


def test_signs_that_are_no_token_cannot_break_the_vector():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(search_post_vector(%s))", ["a':1 \\ b:2  '' "])
        (lexemes,) = cursor.fetchone()
    assert set(lexemes) == {"a':1", "\\", "b:2", "''"}


def test_a_text_of_many_thousand_tokens_is_stored(sea):
    ana = a_member("bea")
    a_listed_post(ana, "", *["w" + " w".join(map(str, range(900)))] * 20)
    assert len(captions("w17")) == 1
