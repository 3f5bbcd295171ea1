"""Rows of another table beside a row: all of them, in their order, and none of anybody else's."""

import pytest
from django.db.models import OuterRef

from community.models import User
from gallery.models import PostPage
from gallery.rows import Rows
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db


def posts_of(username, order):
    posts = PostPage.objects.filter(author=OuterRef("pk")).order_by(order)
    return (
        User.objects.annotate(posts_=Rows(posts, "caption", "comments_off", "sensitive_reason"))
        .get(username=username)
        .posts_
    )


@pytest.mark.parametrize("order", ["pk", "-pk"])
def test_rows_come_whole_and_in_their_order(order):
    ana = a_member("ana")
    captions = ["It's “one”, [two]", "", "#three 😀"]
    for caption in captions:
        a_post(ana, caption=caption)
    a_post(caption="Somebody else's")
    rows = posts_of("ana", order)
    assert [row[0] for row in rows] == (captions if order == "pk" else captions[::-1])
    assert all(not off and reason == "" for _caption, off, reason in rows)


def test_where_there_are_none_the_list_is_empty():
    a_member("milo")
    assert posts_of("milo", "pk") == []
