"""What must not grow with the number of posts: each list walks an index of our own, newest first, and sorts nothing."""

import pytest
from django.db import connection

from gallery.models import PostPage
from gallery.states import AuthorState, TeamState

pytestmark = pytest.mark.django_db

PUBLISHED = ("-published_at", "-short_id")
CREATED = ("-created_at", "-short_id")
LISTS = {
    "listed_posts_newest": lambda posts: posts.listed().order_by(*PUBLISHED),
    "visible_posts_newest": lambda posts: posts.visible().order_by(*PUBLISHED),
    "posts_of_author": lambda posts: posts.visible().filter(author=1).order_by(*PUBLISHED),
    "posts_of_gallery": lambda posts: posts.visible().filter(gallery=1).order_by(*PUBLISHED),
    "all_posts_newest": lambda posts: posts.order_by(*CREATED),
    "posts_the_team_acted_on": lambda posts: posts.exclude(team_state=TeamState.NONE).order_by(*CREATED),
    "posts_authors_deleted": lambda posts: posts.filter(author_state=AuthorState.WITHDRAWN).order_by(*CREATED),
}


@pytest.mark.parametrize("index", LISTS)
def test_a_list_of_posts_walks_its_index(index):
    """Wagtail's own table has no index for any of them: a feed over it reads and sorts every page of the tree."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
            if index not in ("visible_posts_newest", "listed_posts_newest"):
                # To a planner that knows of no rows, walking all posts for a few costs no more than their own index.
                cursor.execute("DROP INDEX visible_posts_newest")
    plan = LISTS[index](PostPage.objects).values("short_id")[:30].explain()
    assert index in plan or (index == "listed_posts_newest" and "visible_posts_newest" in plan)  # either is in order
    assert "SORT" not in plan.upper() and "TEMP B-TREE" not in plan.upper()


def test_an_address_is_found_by_unique_columns_of_our_own():
    """Wagtail's `url_path` has no index, and its slugs have no constraint."""
    with connection.cursor() as cursor:
        constraints = {
            (table, tuple(constraint["columns"]))
            for table in ("gallery_postpage", "gallery_gallerypage", "gallery_memberpage")
            for constraint in connection.introspection.get_constraints(cursor, table).values()
            if constraint["unique"]
        }
    assert {
        ("gallery_postpage", ("short_id",)),
        ("gallery_gallerypage", ("author_id", "gallery_slug")),
        ("gallery_memberpage", ("user_id",)),
    } <= constraints
