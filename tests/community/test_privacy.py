"""Accounts for followers: what is new is for them, what is old changes only if asked, and no file of it is public."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from community.actions.follow import follow
from community.actions.set_privacy import set_privacy
from community.models import Profile
from community.privacy import narrow_older
from community.sweep import follow_privacy_again
from gallery.actions.create_draft import create_draft
from gallery.actions.publish_draft import publish_draft
from gallery.actions.set_visibility import set_visibility
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage, Publication
from tests.factories import a_draft, a_gallery, a_member, a_post, first_gallery
from tests.people_world import a_follower, a_post_for_followers, a_private_member, numbers, signed_in

pytestmark = pytest.mark.django_db


def visibility_of(post):
    post = PostPage.objects.get(pk=post.pk)
    return post.visibility, post.effective_visibility


def public_files():
    """What lies on the media host."""
    return [name for name, _size, _modified in storages["media"].list_names()]


def going_private(member, **wishes):
    return set_privacy(member, is_private=True, featurable=member.featurable, **wishes)


def going_public(member, **wishes):
    return set_privacy(member, is_private=False, featurable=member.featurable, **wishes)


# --- What is new ------------------------------------------------------------------------------------------------------


def test_new_posts_of_an_account_for_followers_are_for_followers_by_every_way():
    ana = a_private_member("ana")
    assert visibility_of(a_post(ana)) == ("followers", "followers")
    draft = a_draft(ana)
    assert draft.visibility == "followers"
    assert [visibility_of(post) for post in publish_draft(draft, by=ana)] == [("followers", "followers")]


def test_the_author_may_say_otherwise_for_one_post():
    ana = a_private_member("ana")
    post = set_visibility(a_post(ana), by=ana, visibility="public")
    assert visibility_of(post) == ("public", "public")


def test_a_post_for_followers_never_has_a_public_file():
    post = a_post_for_followers(a_private_member("ana"))
    assert not Publication.objects.exists()
    assert public_files() == []
    renditions = [r for photo in post.photos.all() for r in photo.picture.renditions.all()]
    assert renditions and {rendition.file.name.split("/")[0] for rendition in renditions} == {"derived"}


def test_pictures_of_a_post_for_followers_answer_followers_alone(client):
    ana = a_private_member("ana")
    milo, zoe = a_follower(ana, "milo"), a_member("zoe")
    follow(zoe, ana)  # asked, and waits
    post = a_post_for_followers(ana)
    name = post.photos.get().picture.renditions.first().file.name
    urls = [f"/private/{name}", post.address()]
    assert [signed_in(milo).get(url).status_code for url in urls] == [200, 200]
    assert signed_in(milo).get(post.address())["Cache-Control"] == "private, no-store"
    for stranger in (client, signed_in(zoe)):
        assert [stranger.get(url).status_code for url in urls] == [404, 404]


def test_followers_find_what_is_for_them_on_the_pages_of_its_author_alone():
    ana = a_private_member("ana")
    milo, zoe = signed_in(a_follower(ana, "milo")), signed_in(a_member("zoe"))
    gallery = a_gallery(ana)
    post = a_post_for_followers(ana, gallery=gallery, caption="Kestrel")
    for url in ("/members/ana/", gallery.address()):
        assert post.address() in milo.get(url).content.decode(), url
        assert post.address() not in zoe.get(url).content.decode(), url
    for url in ("/", "/members/", "/search/?q=kestrel"):
        assert post.address() not in milo.get(url).content.decode(), url
    assert gallery.address() in milo.get("/members/ana/").content.decode()
    assert "This account is for followers" in zoe.get("/members/ana/").content.decode()
    assert "This account is for followers" not in milo.get("/members/ana/").content.decode()


# --- What is old ------------------------------------------------------------------------------------------------------


def test_going_private_changes_drafts_and_nothing_that_is_published():
    ana = a_member("ana")
    post, draft = a_post(ana), create_draft(ana, gallery=first_gallery(ana))
    going_private(ana)
    assert visibility_of(post) == ("public", "public")
    assert visibility_of(draft) == ("followers", "followers")


def test_asked_to_all_older_posts_are_narrowed_and_their_files_gone(client):
    ana = a_member("ana")
    posts, deleted = [a_post(ana) for _ in range(2)], withdraw_post(a_post(ana), by=ana)
    going_private(ana, narrow=True)
    assert {visibility_of(post) for post in posts} == {("followers", "followers")}
    assert [client.get(post.address()).status_code for post in posts] == [404, 404]
    assert public_files() == []
    assert visibility_of(undo_withdrawal(deleted, by=ana)) == ("followers", "followers")
    assert Profile.objects.get(user=ana).narrow_before is None


@pytest.mark.queued
def test_what_does_not_fit_in_the_answer_is_narrowed_later_and_looked_for_again(monkeypatch):
    monkeypatch.setattr("community.actions.set_privacy.INLINE", 1)
    ana = a_member("ana")
    posts = [a_post(ana) for _ in range(2)]
    going_private(ana, narrow=True)
    assert [visibility_of(post)[0] for post in posts] == ["public", "followers"]  # the newest first
    assert follow_privacy_again() == 0
    Profile.objects.filter(user=ana).update(narrow_before=timezone.now() - timedelta(minutes=5))
    assert follow_privacy_again() == 1
    Profile.objects.filter(user=ana).update(narrow_before=timezone.now())
    narrow_older(ana)
    assert visibility_of(posts[0])[0] == "followers"
    assert Profile.objects.get(user=ana).narrow_before is None


def test_going_public_widens_nothing_and_accepts_nobody_unless_asked():
    ana, milo = a_private_member("ana"), a_member("milo")
    post = a_post_for_followers(ana)
    follow(milo, ana)
    going_public(ana)
    assert (visibility_of(post), numbers(ana)) == (("followers", "followers"), (0, 0))
    going_private(ana)
    going_public(ana, accept=True)
    assert numbers(ana) == (1, 0)
    assert Profile.objects.get(user=ana).accept_before is None


def test_who_asked_before_may_simply_follow_once_the_account_is_public():
    ana, milo = a_private_member("ana"), a_member("milo")
    follow(milo, ana)
    going_public(ana)
    assert follow(milo, ana).accepted_at
    assert numbers(ana) == (1, 0)


# --- The settings -----------------------------------------------------------------------------------------------------


def test_the_privacy_page_offers_what_there_is_and_changes_only_what_was_asked():
    ana = a_member("ana")
    client = signed_in(ana)
    assert set(client.get("/settings/privacy/").context["form"].fields) == {"is_private", "featurable"}
    post = a_post(ana)
    assert "narrow" in client.get("/settings/privacy/").context["form"].fields
    assert client.post("/settings/privacy/", {"is_private": "on"}).url == "/settings/privacy/"
    ana.refresh_from_db()
    assert (ana.is_private, ana.featurable, visibility_of(post)[0]) == (True, False, "public")
    client.post("/settings/privacy/", {"is_private": "on", "narrow": "on", "featurable": "on"})
    ana.refresh_from_db()
    assert (ana.featurable, visibility_of(post)[0]) == (True, "followers")


def test_wishes_that_contradict_are_refused_kindly():
    ana = a_private_member("ana")
    a_post(ana)
    follow(a_member("milo"), ana)
    set_visibility(PostPage.objects.get(), by=ana, visibility="public")
    client = signed_in(ana)
    assert client.post("/settings/privacy/", {"narrow": "on"}).status_code == 422
    assert client.post("/settings/privacy/", {"is_private": "on", "accept": "on"}).status_code == 422
    ana.refresh_from_db()
    assert ana.is_private and numbers(ana) == (0, 0)
    client.post("/settings/privacy/", {"accept": "on"})
    assert numbers(ana) == (1, 0)


# --- The profile's words ----------------------------------------------------------------------------------------------


WORDS = {
    "name": "Ana",
    "biography": "Hills,\nmostly.",
    "pronouns": "she/her",
    "link": "https://example.org/ana/",
    "time_zone": "Europe/Lisbon",
}


def test_a_member_says_who_they_are_and_others_read_it(client):
    ana = signed_in(a_member("ana"))
    assert ana.post("/settings/", WORDS).url == "/settings/"
    page = client.get("/members/ana/").content.decode()
    assert "Hills,\nmostly." in page and "she/her" in page and ">example.org/ana<" in page
    assert 'href="https://example.org/ana/" rel="me nofollow ugc noopener noreferrer"' in page
    assert "Europe/Lisbon" not in page
    form = ana.get("/settings/").context["form"]
    assert {name: form[name].value() for name in WORDS} == WORDS


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link", "javascript:alert(1)"),
        ("link", "ftp://example.org/"),
        ("link", "data:text/html,x"),
        ("biography", "x" * 501),
        ("time_zone", "Mars/Olympus"),
        ("name", " "),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(field, value):
    ana = a_member("ana")
    response = signed_in(ana).post("/settings/", {**WORDS, field: value})
    assert field in response.context["form"].errors
    assert response.context["form"]["pronouns"].value() == "she/her"
    assert Profile.objects.get(user=ana).pronouns == ""


def test_a_link_without_scheme_is_taken_for_https():
    ana = a_member("ana")
    signed_in(ana).post("/settings/", {**WORDS, "link": "example.org"})
    assert Profile.objects.get(user=ana).link == "https://example.org"


def test_words_that_the_team_took_down_are_read_by_their_member_alone(client):
    ana = a_member("ana")
    Profile.objects.filter(user=ana).update(biography="Buy now", team_state="taken_down")
    assert "Buy now" not in client.get("/members/ana/").content.decode()
    assert "Buy now" in signed_in(ana).get("/members/ana/").content.decode()
