"""Pages by keyset, in any order and of several lists merged."""

from datetime import UTC, datetime, timedelta

import pytest

from gallery.keyset import By, after_in, decode, encode, page_in, page_of
from gallery.models import PostPage
from tests import factories as f

pytestmark = pytest.mark.django_db
NEWEST = (By("published_at", datetime), By("short_id"))
OLDEST = (By("published_at", datetime, descending=False), By("short_id", descending=False))
BY_HAND = (By("gallery_position", int, descending=False), By("published_at", datetime), By("short_id"))
START = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def posts():
    """Six posts of one member, an hour apart but for two of one moment; places 0, 0, 2, 1, 1, 3."""
    ana = f.a_member()
    original = f.an_original(by=ana)
    posts = [f.a_post(ana, original=original) for _ in range(6)]
    for post, hour, place in zip(posts, (0, 1, 2, 2, 3, 4), (0, 0, 2, 1, 1, 3), strict=True):
        at = START + timedelta(hours=hour)
        PostPage.objects.filter(pk=post.pk).update(published_at=at, gallery_position=place)
    return PostPage.objects.all()


def walked(lists, size):
    """Everything that paging finds, and how many pages it took."""
    found, cursor, pages = [], "", 0
    while True:
        page = page_in(lists, cursor, size=size)
        found += [post.pk for post in page]
        pages += 1
        if not page.next:
            return found, pages
        cursor = page.next


def sorted_by_hand(posts):
    return sorted(posts, key=lambda post: (post.gallery_position, -post.published_at.timestamp()))


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
@pytest.mark.parametrize("order", [NEWEST, OLDEST, BY_HAND], ids=["newest", "oldest", "by hand"])
def test_paging_finds_each_once_in_the_order_of_the_whole(posts, order, size):
    terms = [f"-{by.name}" if by.descending else by.name for by in order]
    found, pages = walked([(posts, order)], size)
    assert found == list(posts.order_by(*terms).values_list("pk", flat=True))
    assert pages == -(-len(found) // size)


@pytest.mark.parametrize("size", [1, 2, 4, 9])
def test_two_lists_merge_into_one_in_order(posts, size):
    keys = list(posts.order_by("pk").values_list("pk", flat=True))
    lists = [(posts.filter(pk__in=keys[::2]), BY_HAND), (posts.filter(pk__in=keys[1::2]), BY_HAND)]
    assert walked(lists, size)[0] == [post.pk for post in sorted_by_hand(posts)]


def test_a_page_of_two_lists_costs_two_queries(posts, django_assert_num_queries):
    with django_assert_num_queries(2):
        page_in([(posts, NEWEST), (posts.none() | posts.filter(gallery_position=9), NEWEST)], size=2)


@pytest.mark.parametrize(
    "values", [(START, "abc"), (3, START, "abc"), (0, "é")], ids=["date, key", "place, date, key", "place, key"]
)
def test_a_cursor_says_what_it_was_made_of(values):
    assert decode(encode(*values), [type(value) for value in values]) == values


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "é", "bnVsbA", "NQ", encode("a", "b"), encode(START)),
        *(encode(place, START, "a") for place in (-1, 2**40, True, "1")),
        encode(1, START, "a\0"),
    ],
)
def test_a_mangled_cursor_shows_the_first_page(posts, cursor):
    assert after_in(posts, BY_HAND, cursor).count() == 6
    assert page_of(posts, cursor if cursor != encode(START) else "", size=9).next == ""
