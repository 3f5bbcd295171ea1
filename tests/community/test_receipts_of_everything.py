"""Receipts of what is no post: a suspended member, a gallery, its name, a comment, a profile, a profile picture, a held photo;
each is proven when it is put out of reach and when it is brought back, and what is left over is an alarm."""

from functools import partial

import pytest

from community.actions.decide_case import decide_case, undo_decision
from community.actions.edit_profile import edit_profile
from community.actions.erase_account import forget_receipts
from community.actions.rename_member import rename_member
from community.actions.suspend_member import lift_suspension, suspend_member
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.actions.take_down_member_name import restore_member_name, take_down_member_name
from community.actions.take_down_profile import restore_profile, take_down_profile
from community.actions.write_receipt import queue_post_receipts_again
from community.erasing import forget_file
from community.models import Comment, Receipt, ReceiptLine
from community.receipts import check
from gallery.actions.decide_match import confirm_match
from gallery.actions.erase_by_order import erase_by_order
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_gallery_name import restore_gallery_name, take_down_gallery_name
from gallery.actions.take_down_photo import restore_photo, take_down_photo
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import media
from gallery.models import BanMatch, BannedPicture, Photo
from gallery.states import TeamState
from tests.cases_world import a_case, a_comment_on
from tests.factories import a_further_photo, a_member, a_post, a_staff_member, an_avatar
from tests.receipts_world import alarmed, newest

pytestmark = pytest.mark.django_db
WHY = "Not allowed"
LONG, SHORT = "A remark of some length, <b>rude</b> & more", "Oh no"


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


@pytest.fixture
def ana():
    return a_member("ana")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def wrong(receipt):
    return list(receipt.lines.filter(as_expected=False).values_list("url", "status", "error"))


def proven(kind, expected):
    """The newest receipt of `kind`, which says what is `expected` and is proven once it is checked."""
    receipt = Receipt.objects.filter(kind=kind).order_by("-pk")[0]
    assert receipt.expected == expected
    assert check(receipt.pk), wrong(receipt)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.expected, receipt.due_at) == ("clean", expected, None)
    assert receipt.lines.exists()
    return receipt


def asked(receipt):
    return set(receipt.lines.values_list("url", flat=True))


# --- Words ------------------------------------------------------------------------------------------------------------


def a_comment(ana, text=LONG):
    comment = a_comment_on(a_post(a_member("bert")), author=ana, text=text)
    return comment, partial(take_down_comment, comment), lambda **how: restore_comment(again(comment), **how)


def a_profile(ana, text=LONG):
    edit_profile(ana, biography=text, pronouns="", link="")
    return ana, partial(take_down_profile, ana), partial(restore_profile, ana)


def a_name(ana, text=LONG):
    gallery = a_post(ana).gallery
    gallery.title = gallery.draft_title = text
    gallery.save(update_fields=["title", "draft_title"])
    return gallery, partial(take_down_gallery_name, gallery), lambda **how: restore_gallery_name(again(gallery), **how)


def called(ana, text=LONG):
    a_post(ana)
    rename_member(ana, text)
    return ana, partial(take_down_member_name, ana), partial(restore_member_name, ana)


WORDS = {"comment": a_comment, "profile": a_profile, "name": a_name, "called": called}


@pytest.mark.parametrize("text", [LONG, SHORT])
@pytest.mark.parametrize("kind", WORDS)
def test_words_are_found_nowhere_once_they_are_taken_down_and_again_once_restored(site, mod, ana, kind, text):
    _thing, take_down, restore = WORDS[kind](ana, text)
    take_down(by=mod, reason=WHY)
    receipt = proven(kind, "gone")
    assert receipt.member == ana and len(asked(receipt)) > 5
    restore(by=mod)
    assert asked(proven(kind, "shown"))


@pytest.mark.parametrize("text", [LONG, SHORT])
@pytest.mark.parametrize("kind", WORDS)
def test_a_page_that_goes_on_saying_them_is_an_alarm(site, mod, ana, kind, text):
    thing, take_down, _restore = WORDS[kind](ana, text)
    where = {
        "comment": getattr(getattr(thing, "post", None), "address", str)(),
        "profile": "/members/ana/",
        "called": "/members/ana/",
    }
    address = where.get(kind) or thing.address()
    before = site.client.get(address).content
    take_down(by=mod, reason=WHY)
    site.stubs[address] = (200, before, None)
    receipt = Receipt.objects.get(kind=kind)
    alarmed(receipt)
    assert not check(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.state == "reachable" and [url for url, *_rest in wrong(receipt)] == [address]


def test_words_that_are_restored_and_do_not_stand_there_are_not_proven(site, mod, ana):
    _ana, take_down, restore = a_profile(ana)
    take_down(by=mod, reason=WHY)
    restore(by=mod)
    site.stubs["/members/ana/"] = (200, b"<h1>Ana</h1>", None)
    assert not check(newest().pk) and newest().state == "pending"
    site.stubs.clear()
    assert check(newest().pk)


def test_a_short_word_elsewhere_is_no_alarm(site, mod, ana):
    """Another comment says the same, and a page has the word within a sentence."""
    comment, take_down, _restore = a_comment(ana, SHORT)
    a_comment_on(comment.post, text=SHORT), a_comment_on(comment.post, text=f"I say {SHORT} to that")
    take_down(by=mod, reason=WHY)
    proven("comment", "gone")


def test_a_receipt_keeps_nothing_of_the_words(mod, ana):
    _profile, take_down, _restore = a_profile(ana)
    take_down(by=mod, reason=WHY)
    assert LONG not in str(Receipt.objects.values()) + str(ReceiptLine.objects.values())


# --- Members, galleries and their posts ---------------------------------------------------------------------------------


def test_a_suspension_has_a_receipt_of_the_member_and_one_of_each_post(site, mod, ana):
    an_avatar(ana)
    posts = [a_post(ana), a_post(ana)]
    deleted = a_post(ana)
    withdraw_post(deleted, by=ana)
    again_ana = again(ana)
    avatar = media().url(again_ana.avatar_large)
    suspend_member(again_ana, by=mod, reason=WHY)
    receipt = proven("member", "gone")
    assert {"/members/ana/", avatar, posts[0].gallery.address(), "/api/v1/members/ana"} <= asked(receipt)
    of_posts = Receipt.objects.filter(kind="post")
    assert {one.post for one in of_posts} == set(posts) and receipt.posts_after is None
    for one in of_posts:
        assert check(one.pk), wrong(one)


def test_lifting_it_proves_that_all_is_back_and_the_old_files_stay_dead(site, mod, ana):
    an_avatar(ana)
    a_post(ana)
    old = media().url(again(ana).avatar_large)
    suspended = suspend_member(again(ana), by=mod, reason=WHY)
    lift_suspension(suspended, by=mod)
    assert not Receipt.objects.filter(expected="gone", due_at__isnull=False).exists()
    receipt = proven("member", "shown")
    assert receipt.lines.get(url=old).status in (403, 404)
    assert receipt.lines.get(url=media().url(again(ana).avatar_large)).status == 200
    proven("post", "shown")


def test_a_gallery_and_its_posts(site, mod, ana):
    post = a_post(ana)
    gallery = take_down_gallery(post.gallery, by=mod, reason=WHY)
    assert gallery.address() in asked(proven("gallery", "gone"))
    assert proven("post", "gone").post == post
    restore_gallery(gallery, by=mod)
    proven("gallery", "shown"), proven("post", "shown")


@pytest.mark.queued
def test_posts_get_theirs_in_chunks_that_may_be_killed_and_done_again(mod, ana, monkeypatch, run_tasks):
    monkeypatch.setattr("community.actions.write_receipt.CHUNK", 2)
    for _number in range(5):
        a_post(ana)
    run_tasks()  # they are published
    suspend_member(again(ana), by=mod, reason=WHY)
    of_posts, whole = Receipt.objects.filter(kind="post"), Receipt.objects.get(kind="member")
    with monkeypatch.context() as patch:
        patch.setattr(Receipt, "save", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_tasks()
    assert not of_posts.exists() and again(whole).posts_after == 0
    alarmed(whole)
    assert queue_post_receipts_again() == 1
    run_tasks()
    assert len({one.post_id for one in of_posts}) == of_posts.count() == 5
    assert again(whole).posts_after is None and queue_post_receipts_again() == 0


def test_what_brings_them_back_stops_what_is_still_to_be_written(mod, ana, monkeypatch):
    monkeypatch.setattr("community.actions.write_receipt.write_for_posts", lambda pk: None)
    suspended = suspend_member(again(ana), by=mod, reason=WHY)
    lift_suspension(suspended, by=mod)
    gone, shown = Receipt.objects.filter(kind="member").order_by("pk")
    assert (gone.posts_after, gone.due_at, shown.posts_after) == (None, None, 0)


# --- Profile pictures and photos ------------------------------------------------------------------------------------------


def test_a_profile_picture_is_proven_by_its_files_and_by_the_pages_that_showed_it(site, mod, ana):
    avatar = an_avatar(ana)
    old = media().url(again(ana).avatar_large)
    page = site.client.get("/members/ana/").content
    take_down_avatar(avatar, by=mod, reason=WHY)
    site.stubs["/members/ana/"] = (200, page, None)
    receipt = Receipt.objects.get(kind="avatar")
    assert not check(receipt.pk)
    assert [url for url, *_rest in wrong(receipt)] == ["/members/ana/"] and old in asked(receipt)
    site.stubs.clear()
    assert check(receipt.pk)
    restore_avatar(again(avatar), by=mod)
    assert proven("avatar", "shown").lines.get(url=old).status in (403, 404)


def test_a_photo_that_is_restored_has_its_receipt_too(site, mod):
    photo = a_post(photos=2).photos.first()
    old = [media().url(one.public_name) for one in photo.picture.renditions.exclude(public_name="")]
    take_down_photo(photo, by=mod, reason=WHY)
    proven("photo", "gone")
    restore_photo(again(photo), by=mod)
    receipt = proven("photo", "shown")
    assert old and set(receipt.lines.filter(url__in=old).values_list("status", flat=True)) <= {403, 404}
    new = [media().url(one.public_name) for one in photo.picture.renditions.exclude(public_name="")]
    assert set(receipt.lines.filter(url__in=new).values_list("status", flat=True)) == {200}


def test_a_held_photo_that_is_confirmed_has_one(site, mod):
    post = a_post()
    photo = a_further_photo(post)
    Photo.objects.filter(pk=photo.pk).update(team_state=TeamState.HELD)
    match = BanMatch.objects.create(photo=photo, banned=BannedPicture.objects.create(sha256="0" * 64, reason=WHY))
    confirm_match(match, by=mod, reason=WHY)
    kinds = set(proven("photo", "gone").lines.values_list("kind", flat=True))
    assert {"private rendition", "original", "download"} <= kinds


# --- What a decision did, and what is erased --------------------------------------------------------------------------------


def test_undoing_a_decision_proves_all_that_it_brought_back(site, mod, ana):
    an_avatar(ana)
    edit_profile(ana, biography=LONG, pronouns="", link="")
    decision = decide_case(a_case(ana), by=mod, act="take_down", told=WHY)
    proven("avatar", "gone"), proven("profile", "gone")
    undo_decision(decision, by=mod)
    proven("avatar", "shown"), proven("profile", "shown")


def hashed(receipt):
    receipt.refresh_from_db()
    urls = asked(receipt)
    return (receipt.member, receipt.reference) == (None, "") and urls and all(len(url) == 64 for url in urls)


def test_of_what_is_erased_by_order_receipts_keep_hashes(site, mod, ana):
    root = a_staff_member("Administrators", "root-one")
    post = a_post(ana)
    take_down_comment(a_comment_on(post, text=LONG), by=mod, reason=WHY)
    receipt = proven("comment", "gone")
    erase_by_order(post, by=root, reason="An order")
    assert hashed(receipt) and not Comment.objects.exists()
    avatar = an_avatar(ana)
    take_down_avatar(avatar, by=mod, reason=WHY)
    receipt = proven("avatar", "gone")
    forget_file(avatar.picture.original, by=root, reason="An order")
    assert hashed(receipt)


def test_what_is_not_proven_yet_when_it_is_erased_keeps_hashes_once_it_is(site, mod, ana):
    avatar = an_avatar(ana)
    take_down_avatar(avatar, by=mod, reason=WHY)
    forget_file(avatar.picture.original, by=a_staff_member("Administrators", "root-one"), reason="An order")
    receipt = Receipt.objects.get(kind="avatar")
    assert receipt.lines.exists() and check(receipt.pk) and hashed(receipt)


def test_an_account_that_is_erased_leaves_hashes(site, mod, ana):
    suspend_member(again(ana), by=mod, reason=WHY)
    receipt = proven("member", "gone")
    assert forget_receipts(ana) and hashed(receipt) and not Receipt.objects.filter(member=ana).exists()
