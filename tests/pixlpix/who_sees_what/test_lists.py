"""Lists of posts: feeds, search, pages of people, galleries, hashtags and prompts, sitemap, and the API."""

import pytest

from .table import LISTS
from .walking import tell, wrong_in_lists
from .world import OTHERS, PEOPLE, STATES

pytestmark = pytest.mark.django_db


def test_lists_show_posts_to_whom_the_table_says(world):
    assert tell(wrong_in_lists(world, LISTS, PEOPLE)) == []


def test_who_is_suspended_is_shown_nothing_who_left_what_visitors_are_and_who_is_muted_what_all_are(world):
    assert tell(wrong_in_lists(world, LISTS, OTHERS)) == []


def test_a_hashtag_of_a_post_that_was_never_published_has_no_page_and_no_feed(world):
    for state in ("public", "draft"):
        found = {
            world.clients["V"].get(url.format(world.mark(state))).status_code
            for url in ("/tags/{}/", "/feeds/tags/{}/rss/")
        }
        assert found == {200 if state == "public" else 404}, state
    assert len(STATES) == len(set(map(world.mark, STATES)))
