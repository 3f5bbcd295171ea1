"""Comments: whose are read by whom, wherever they stand, and what the page of one says about its post."""

import pytest

from community.actions.leave import leave
from community.actions.suspend_member import suspend_member
from community.models import Comment
from tests.factories import a_member
from tests.people_world import signed_in

from .table import PAGE
from .walking import sees
from .world import PEOPLE

pytestmark = pytest.mark.django_db
# Whose comments under ana's public post are read by whom, of those who see the post.
READ_BY = {
    "S": "VSFMAT",
    "F": "VSFMAT",
    "B": "VSFMT",
    "C": "VSFMT",
    "M": "VSFMAT",
    "A": "VSFAT",
    "T": "VSFMAT",
    "suspended": "",
    "left": "VSFMAT",
}


@pytest.fixture
def said(world):
    """{whose: (a comment on the public post, a reply of theirs to a follower's)}; each has a word of its own."""
    suspended, left = a_member(), a_member()
    writers = {**world.members, "suspended": suspended, "left": left}
    post, root = world.posts["public"], world.comments["public"]
    found = {}
    for whose in READ_BY:
        words = {"author": writers[whose], "post": post}
        found[whose] = tuple(
            Comment.objects.create(text=f"{kind}{whose.lower()}zz", parent=parent, **words)
            for kind, parent in (("aaa", None), ("bbb", root))
        )
    suspend_member(suspended, by=world.members["T"], reason="Spam")
    leave(left)
    return found


def test_each_comment_and_reply_is_read_by_whom_the_table_says_on_every_page_that_shows_it(world, said):
    short_id = world.posts["public"].short_id
    pages = [world.posts["public"].address(), f"/p/{short_id}/comments/", f"/p/{short_id}/comments/?comments=top"]
    for who in "VSFMAT":
        read = "".join(world.clients[who].get(page).content.decode() for page in pages)
        thread = world.clients[who].get(f"/p/{short_id}/comments/{world.comments['public'].key}/").content.decode()
        for whose, (comment, reply) in said.items():
            expected = who in READ_BY[whose]
            assert read.count(comment.text) == (3 if expected else 0), (who, whose)
            assert (reply.text in thread) == expected, (who, whose)


def test_the_page_of_one_comment_is_there_for_who_reads_it(world, said):
    short_id = world.posts["public"].short_id
    for whose, (comment, _reply) in said.items():
        url = f"/p/{short_id}/comments/{comment.key}/"
        found = {who for who in PEOPLE if world.clients[who].get(url).status_code == 200}
        assert found == set(READ_BY[whose]), whose


def test_nobody_answers_or_likes_across_a_block(world, said):
    short_id = world.posts["public"].short_id
    for act in ("reply", "like"):
        for whose, status in (("B", 404), ("C", 404), ("S", 302)):
            url = f"/p/{short_id}/comments/{said[whose][0].key}/{act}/"
            assert world.clients["A"].post(url, {"text": "Well."}).status_code == status, (act, whose)


def test_who_removes_a_comment_of_theirs_reads_nothing_of_a_post_that_they_no_longer_see(world):
    for state, post in world.posts.items():
        comment = world.comments[state]
        url = f"/p/{post.short_id}/comments/{comment.key}/remove/"
        for who in "FA":
            page = world.clients[who].get(url)
            mine = who == "F" or post.author_id == world.members["A"].pk
            assert page.status_code == (200 if mine else 404), (state, who)
            reads = world.mark(state) in page.content.decode()
            assert reads == (mine and (state, who) in sees(PAGE)), (state, who)


def test_under_a_post_of_somebody_who_blocked_them_since_they_still_remove_what_is_theirs(world, said):
    own, others = said["B"][0], said["S"][0]
    url = f"/p/{world.posts['public'].short_id}/comments/{{}}/remove/"
    client = signed_in(world.members["B"])
    page = client.get(url.format(own.key))
    assert own.text in page.content.decode() and world.mark("public") not in page.content.decode()
    assert client.get(url.format(others.key)).status_code == 404
    assert client.post(url.format(own.key))["Location"] == "/"
