"""What the pages with posts cost, with nothing in any cache: 30 posts shown, more behind them, no counting, no OFFSET."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.actions.pick_post import pick_post
from tests.factories import a_member, a_post, a_staff_member, an_original, first_gallery

pytestmark = pytest.mark.django_db

KINDS = ["front page", "members page", "member's page", "gallery", "search", "post"]
MOST = {"visitor": 8, "member": 12}
# A page reached by counting or skipping rows costs more the further on it is. A member's second to fourth newest picture
# in the list of members skips as many rows as that, wherever the page is; the search on PostgreSQL counts to a cap.
COUNTS_OR_SKIPS = re.compile(r"\bCOUNT\(|\bOFFSET (?![123]\b)")


@pytest.fixture
def addresses():
    """The address of each kind of page, where there are 31 posts to show, three of them picked by a curator."""
    ana, curator = a_member("ana"), a_staff_member("Curators")
    original = an_original(by=ana)
    posts = [a_post(ana, caption="Boats", original=original) for _ in range(31)]
    for post in posts[:3]:
        pick_post(post, by=curator)
    urls = ["/", "/members/", "/members/ana/", first_gallery(ana).address(), "/search/?q=boats", posts[0].address()]
    return dict(zip(KINDS, urls, strict=True))


def queries_of(client, url):
    """The SQL of one GET in a process that has just begun: no cache holds anything."""
    cache.clear()
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return response, [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("who", MOST)
def test_a_page_that_shows_30_posts_costs_few_queries_with_a_cold_cache(client, addresses, who):
    if who == "member":
        client.force_login(a_member("milo"))
    spent = {kind: len(queries_of(client, url)[1]) for kind, url in addresses.items()}
    assert {kind: count for kind, count in spent.items() if count > MOST[who]} == {}


@pytest.mark.parametrize("who", MOST)
def test_no_page_of_a_list_counts_or_skips_rows(client, addresses, who):
    if who == "member":
        client.force_login(a_member("milo"))
    further = 0
    for url in addresses.values():
        response, queries = queries_of(client, url)
        following = re.search(r'href="([^"]*[?;]after=[^"]*)"', response.content.decode())
        if following:
            further += 1
            queries += queries_of(client, following[1].replace("&amp;", "&"))[1]
        assert queries
        assert [sql for sql in queries if COUNTS_OR_SKIPS.search(sql)] == [], url
    assert further == 4  # front page, member's page, gallery and search


@pytest.mark.parametrize("url", ["/settings/galleries/", "/settings/deleted/"])
def test_ones_own_lists_count_and_skip_no_rows(client, addresses, url):
    client.force_login(a_post(a_member("milo")).author)
    assert not [sql for sql in queries_of(client, url)[1] if COUNTS_OR_SKIPS.search(sql)]
