"""People in lists: who is named to whom, on pages, in search, in captions, by the API and in the sitemap."""

import pytest
from django.test import Client
from django.utils import timezone

from community.actions.add_comment import add_comment
from community.actions.block import block
from community.actions.follow import follow
from community.actions.leave import leave
from community.actions.like_post import like_post
from community.actions.mute import mute
from community.actions.suspend_member import suspend_member
from community.models import Follow, Like, Mention
from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings):
    """(ola's post, {letter: client}): four people follow ola, are followed by her, like her post and are named there.

    zoe is in good standing, zsus suspended, zleft gone, znew's address unconfirmed. zoe blocked B; C blocked her; M muted her.
    """
    settings.ACCOUNT_RATE_LIMITS = {}
    ola, moderator = a_member("ola"), a_staff_member("Moderators")
    zoe, zsus, zleft = those = [a_member(name) for name in ("zoe", "zsus", "zleft")]
    znew = a_member("znew", verified=False)
    post = a_post(ola, caption="With @zoe @zsus @zleft")
    for one in those:
        follow(one, ola), follow(ola, one), like_post(post, by=one), add_comment(post, "There I am.", by=one)
    now = timezone.now()
    Follow.objects.create(follower=znew, followed=ola, accepted_at=now)
    Follow.objects.create(follower=ola, followed=znew, accepted_at=now)
    Like.objects.create(user=znew, post=post)
    Mention.objects.create(post=post, name="znew", user=znew)
    members = {"S": a_member(), "B": a_member(), "C": a_member(), "M": a_member(), "O": ola, "T": moderator}
    block(zoe, members["B"]), block(members["C"], zoe), mute(members["M"], zoe)
    suspend_member(zsus, by=moderator, reason="Spam")
    leave(zleft)
    return post, {"V": Client(), **{letter: signed_in(member) for letter, member in members.items()}}


def test_people_are_named_to_whom_may_see_them_and_who_is_not_a_member_now_to_nobody(people):
    post, clients = people
    pages = {
        "VSMOT": (
            "/members/",
            "/search/?q=z&in=members",
            "/search/?q=@z",
            "/search/suggest/?q=z",
            "/members/ola/followers/",
            "/members/ola/following/",
            f"/p/{post.short_id}/likes/",
            "/members/zoe/",
            "/members/zoe/followers/",
        ),
        # Muted people's comments are not shown, their names in captions are.
        "VSOT": (f"/p/{post.short_id}/comments/",),
        "VSBCMOT": ("/api/v1/members", "/api/v1/members/zoe", "/sitemap/members.xml"),
    }
    for expected, urls in pages.items():
        for url in urls:
            read = {who: client.get(url).content.decode() for who, client in clients.items()}
            assert {who for who, text in read.items() if "/members/zoe/" in text} == set(expected), url
            for name in ("zsus", "zleft", "znew"):
                assert not [who for who, text in read.items() if f"/members/{name}/" in text], (url, name)


def test_who_is_not_a_member_now_has_no_page(people):
    _post, clients = people
    for name in ("zsus", "zleft", "znew"):
        for url in (
            f"/members/{name}/",
            f"/members/{name}/followers/",
            f"/feeds/members/{name}/rss/",
            f"/api/v1/members/{name}",
        ):
            assert {clients[who].get(url).status_code for who in "VS"} == {404}, url


def test_a_mention_leads_to_its_member_where_one_may_see_them(people):
    post, clients = people
    read = {who: client.get(post.address()).content.decode() for who, client in clients.items()}
    assert {who for who, text in read.items() if 'href="/members/zoe/">@zoe' in text} == set("VSMOT")
    assert not [who for who, text in read.items() if 'href="/members/zsus/' in text or 'href="/members/zleft/' in text]
