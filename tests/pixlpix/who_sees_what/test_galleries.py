"""Galleries of each visibility and state, and a shared one of a private owner's: who opens them, and what stands there."""

import pytest
from django.test import Client

from community.actions.block import block
from community.actions.follow import follow
from community.actions.leave import leave
from community.actions.suspend_member import suspend_member
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.models import PostPage
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_original
from tests.galleries_world import a_contributor, an_entry
from tests.people_world import a_follower, a_private_member, signed_in
from tests.visiting import body_of

pytestmark = pytest.mark.django_db
KINDS = ("public", "unlisted", "followers", "deleted", "taken_down", "suspended", "left")
# Who opens what, by the kind of gallery: V a visitor, S a stranger, F a follower, B whom ana blocked, A ana, T staff.
OPENED = {
    "/members/{}/{}/": "VSFAT VSFAT FA - - - -",
    "/settings/galleries/{1}/": "A A A - - - -",
    "/feeds/galleries/{}/{}/rss/": "VSFBAT - - - - - -",
    "/api/v1/galleries/{}/{}": "VSFBAT - - - - - -",
    "/api/v1/galleries/{}/{}/posts": "VSFBAT - - - - - -",
}
# Where it is named, or a post of it, to whom. A post that the team took down along with it waits on its author's page.
NAMED = {
    "/members/{}/": "VSFAT A FA - A - -",
    "/api/v1/members/{}/galleries": "VSFBAT - - - - - -",
    "/search/?q=kestrel": "VSFAT - - - - - -",
}
# The page of a public post in it. Staff look at everything, with a notice.
POST = "VSFAT VSFAT FAT AT AT T T"


def cells(row):
    return dict(zip(KINDS, map(set, row.replace("-", "").split(" ")), strict=True))


def opened_by(clients, url):
    return {who for who, client in clients.items() if client.get(url).status_code == 200}


def named_to(clients, url, words):
    return {who for who, client in clients.items() if words in body_of(client.get(url)).decode()}


@pytest.fixture
def galleries(settings):
    """({kind: a gallery with a public post}, {letter: client}); ana's, and one each of sue's and lee's."""
    settings.ACCOUNT_RATE_LIMITS = {}
    ana, sue, lee, blocked = a_member("ana"), a_member("sue"), a_member("lee"), a_member()
    moderator, original = a_staff_member("Moderators"), an_original(by=ana)
    owners = {"suspended": sue, "left": lee}
    made = {}
    for kind in KINDS:
        owner = owners.get(kind, ana)
        made[kind] = a_gallery(owner, f"xq{kind.replace('_', '')}")
        a_post(owner, gallery=made[kind], caption="Kestrel", original=original)
    for kind in ("unlisted", "followers"):
        set_gallery_visibility(made[kind], by=ana, visibility=kind)
    delete_gallery(made["deleted"], by=ana)
    take_down_gallery(made["taken_down"], by=moderator, reason="Not allowed")
    suspend_member(sue, by=moderator, reason="Spam")
    leave(lee)
    follower = a_follower(ana)
    block(ana, blocked)
    members = {"S": a_member(), "F": follower, "B": blocked, "A": ana, "T": moderator}
    return made, {"V": Client(), **{letter: signed_in(member) for letter, member in members.items()}}


def test_a_gallery_and_a_post_in_it_are_opened_by_whom_the_table_says(galleries):
    made, clients = galleries
    for pattern, row in OPENED.items():
        for kind, gallery in made.items():
            url = pattern.format(gallery.author.username, gallery.gallery_slug)
            assert opened_by(clients, url) == cells(row)[kind], (url, kind)
    for kind, gallery in made.items():
        assert opened_by(clients, PostPage.objects.get(gallery=gallery).address()) == cells(POST)[kind], kind


def test_a_gallery_is_named_to_whom_it_is_for(galleries):
    made, clients = galleries
    for pattern, row in NAMED.items():
        for kind, gallery in made.items():
            url = pattern.format(gallery.author.username)
            assert named_to(clients, url, gallery.gallery_slug) == cells(row)[kind], (url, kind)


@pytest.fixture
def den(settings):
    """pat's gallery, whose account and which is for followers, in which con, whose account is public, has two posts.

    (gallery, a public post, one for con's followers, {who: client})
    """
    settings.ACCOUNT_RATE_LIMITS = {}
    pat = a_private_member("pat")
    gallery = a_gallery(pat, "Den")
    con = a_contributor(gallery, "con")
    wide, narrow = (an_entry(gallery, con, caption=caption) for caption in ("Kestrel xqwide", "Kestrel xqnarrow"))
    set_gallery_visibility(gallery, by=pat, visibility="followers")
    set_visibility(narrow, by=con, visibility="followers")
    pats, cons, both, blocked = a_follower(pat), a_follower(con), a_follower(pat), a_follower(pat)
    follow(both, con)
    block(con, blocked)
    members = {"pats": pats, "cons": cons, "both": both, "blocked": blocked, "pat": pat, "con": con, "S": a_member()}
    return gallery, wide, narrow, {"V": Client(), **{who: signed_in(member) for who, member in members.items()}}


def test_a_shared_gallery_is_opened_by_its_owners_followers_and_those_who_share_in_it(den):
    gallery, _wide, _narrow, clients = den
    assert opened_by(clients, gallery.address()) == {"pats", "both", "blocked", "pat", "con"}
    for url in ("/api/v1/galleries/pat/den", "/api/v1/galleries/pat/den/posts", "/feeds/galleries/pat/den/rss/"):
        assert opened_by(clients, url) == set(), url


def test_what_stands_in_it_each_sees_who_may_see_it_by_itself(den):
    gallery, _wide, _narrow, clients = den
    assert named_to(clients, gallery.address(), "xqwide") == {"pats", "both", "pat", "con"}
    assert named_to(clients, gallery.address(), "xqnarrow") == {"both", "con"}


def test_standing_in_it_narrows_nothing_and_tells_others_nothing_of_it(den):
    _gallery, wide, narrow, clients = den
    everyone = set(clients) - {"blocked"}
    assert opened_by(clients, wide.address()) == everyone
    assert named_to(clients, "/members/con/", "xqwide") == named_to(clients, "/search/?q=kestrel", "xqwide") == everyone
    assert opened_by(clients, narrow.address()) == {"cons", "both", "con"}
    # By the link that leads on within it, who may not open it is led nowhere.
    for url in (wide.address(), f"{wide.address()}?in=gallery:pat/den"):
        assert named_to(clients, url, "/members/pat/den/") <= {"con"}, url
    assert named_to(clients, f"{wide.address()}?in=gallery:pat/den", narrow.short_id) == {"both", "con"}


def test_its_owner_takes_out_what_they_cannot_see_without_reading_it(den):
    gallery, wide, narrow, clients = den
    url = f"/settings/galleries/{gallery.gallery_slug}/people/"
    page = clients["pat"].get(url).content.decode()
    assert "xqwide" in page and "xqnarrow" not in page
    assert clients["pat"].post(url, {"do": f"out:{narrow.short_id}"}).status_code == 302
    assert list(gallery.entries.values_list("post", flat=True)) == [wide.pk]
