"""Blocking hides two people from each other everywhere; muting makes one quiet for another, secretly."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages

from community.actions.block import block, unblock
from community.actions.follow import follow
from community.actions.mute import mute, unmute
from community.models import Block, Mute
from community.notifying import notify
from community.visibility import discoverable_for, featured_for, listed_for, posts_for
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import MemberAct
from tests.factories import a_gallery, a_member, a_post
from tests.people_world import a_follower, numbers, signed_in, told

pytestmark = pytest.mark.django_db


def ledger_acts():
    vault = storages["vault"]
    import json

    _folders, names = vault.listdir("ledger")
    return [json.loads(vault.open(f"ledger/{name}").read())["act"] for name in sorted(names)]


def test_blocking_ends_follows_both_ways_and_requests_and_unread_news():
    ana, milo = a_member("ana"), a_member("milo")
    follow(ana, milo), follow(milo, ana)
    block(ana, milo)
    assert (numbers(ana), numbers(milo)) == ((0, 0), (0, 0))
    assert (told(ana), told(milo)) == ([], [])


def test_who_is_blocked_is_not_told_and_neither_hears_of_the_other():
    ana, milo = a_member("ana"), a_member("milo")
    block(ana, milo)
    assert told(milo) == []
    assert notify("follow", ana, actor=milo) is None and notify("follow", milo, actor=ana) is None


def test_blocking_is_in_the_ledger_and_the_log_and_taking_it_back_too():
    ana, milo = a_member("ana"), a_member("milo")
    block(ana, milo), block(ana, milo)
    assert unblock(ana, milo) and not unblock(ana, milo)
    assert ledger_acts()[-2:] == ["member.blocked", "member.unblocked"]
    acts = MemberAct.objects.filter(key="milo", actor=ana).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["member.blocked", "member.unblocked"]


def test_nobody_blocks_or_mutes_themselves():
    ana = a_member("ana")
    for act in (block, mute):
        with pytest.raises(PermissionDenied):
            act(ana, ana)


@pytest.mark.parametrize("blocker", ["ana", "milo"])
def test_neither_of_two_finds_the_other_whoever_blocked(blocker):
    ana, milo = a_member("ana"), a_member("milo")
    gallery = a_gallery(ana)
    post = a_post(ana, gallery=gallery, caption="Kestrel")
    block(*((ana, milo) if blocker == "ana" else (milo, ana)))
    client = signed_in(milo)
    for url in ("/members/ana/", "/members/ana/followers/", gallery.address(), post.address()):
        assert client.get(url).status_code == 404, url
    assert client.get(f"/p/{post.short_id}/").status_code == 404
    for url in ("/", "/members/", "/search/?q=kestrel"):
        assert "/members/ana/" not in client.get(url).content.decode(), url
    for act in ("follow", "mute", "block"):
        assert client.post(f"/members/ana/{act}/").status_code == 404 or blocker == "milo"


def test_what_is_gone_is_gone_for_blocked_people_as_for_everybody():
    ana, milo = a_member("ana"), a_member("milo")
    post = a_post(ana)
    withdraw_post(post, by=ana)
    block(ana, milo)
    assert signed_in(milo).get(post.address()).status_code == 410


def test_blocking_asks_first_and_is_taken_back_in_the_settings():
    ana = a_member("ana")
    a_member("milo")
    client = signed_in(ana)
    assert "Block this member?" in client.get("/members/milo/block/").content.decode()
    assert not Block.objects.exists()
    assert client.post("/members/milo/block/").url == "/settings/privacy/"
    assert "/members/milo/unblock/" in client.get("/settings/privacy/").content.decode()
    assert client.post("/members/milo/unblock/", {"next": "/settings/privacy/"}).url == "/settings/privacy/"
    assert not Block.objects.exists()
    assert client.get("/members/milo/").status_code == 200


def test_a_muted_member_is_left_out_where_nobody_asked_for_them_and_never_learns():
    ana, milo = a_member("ana"), a_member("milo")
    post = a_post(ana, caption="Kestrel")
    follow(milo, ana)
    before = signed_in(ana).get("/members/milo/").content
    mute(milo, ana)
    client = signed_in(milo)
    for url in ("/", "/search/?q=kestrel"):
        assert post.address() not in client.get(url).content.decode(), url
    for url in ("/members/ana/", post.address()):
        assert client.get(url).status_code == 200
    assert "Muted" in client.get("/members/ana/").content.decode()
    after = signed_in(ana).get("/members/milo/").content
    assert after.count(b"Muted") == before.count(b"Muted") == 0
    assert told(ana) == [("follow", "milo")] and numbers(ana) == (1, 0)
    assert not MemberAct.objects.filter(act__contains="mute").exists()
    assert notify("comment", milo, actor=ana) is None


def test_muting_and_back_by_the_pages():
    a_member("ana")
    client = signed_in(a_member("milo"))
    client.post("/members/ana/mute/")
    assert Mute.objects.count() == 1
    assert "/members/ana/unmute/" in client.get("/settings/privacy/").content.decode()
    client.post("/members/ana/unmute/")
    assert not Mute.objects.exists() and not unmute(*map(a_member, ("one", "two")))


def test_who_may_not_be_featured_is_found_by_whoever_looks_and_put_forward_by_nobody(client):
    ana = a_member("ana")
    post = a_post(ana, caption="Kestrel")
    type(ana).objects.filter(pk=ana.pk).update(featurable=False)
    visitor = AnonymousUser()
    assert not featured_for(visitor).exists()
    for queryset in (posts_for, listed_for, discoverable_for):
        assert queryset(visitor).filter(pk=post.pk).exists()
    assert post.address() not in client.get("/").content.decode()
    members = client.get("/members/").content.decode()
    assert "/members/ana/" in members and post.address() not in members
    assert post.address() in client.get("/search/?q=kestrel").content.decode()


def test_a_follower_is_removed_on_ones_own_list():
    ana = a_member("ana")
    a_follower(ana, "milo")
    client = signed_in(ana)
    assert "/members/milo/remove-follower/" in client.get("/members/ana/followers/").content.decode()
    client.post("/members/milo/remove-follower/")
    assert numbers(ana) == (0, 0) and ledger_acts()[-1] == "member.follower_removed"
