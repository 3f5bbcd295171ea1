"""The order of posts in a gallery, of a member's galleries, and a gallery's cover."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from community.lists import galleries_of, posts_of_gallery
from gallery.actions.choose_cover import choose_cover
from gallery.actions.create_gallery import create_gallery
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.move_post import move_post
from gallery.actions.order_galleries import order_galleries
from gallery.actions.order_posts import order_posts
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage
from gallery.models.pages import GalleryOrder
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def iceland(ana):
    return f.a_gallery(ana)


@pytest.fixture
def posts(ana, iceland):
    """Four posts, the oldest first."""
    original = f.an_original(by=ana)
    return [f.a_post(ana, gallery=iceland, original=original) for _ in range(4)]


def fresh(gallery):
    return GalleryPage.objects.get(pk=gallery.pk)


def make(gallery, order):
    return edit_gallery(gallery, by=gallery.author, name=gallery.title, description="", order=order)


def shown(gallery, size=2):
    """The posts of a gallery as a visitor pages through them."""
    found, cursor = [], ""
    while True:
        page = posts_of_gallery(fresh(gallery), AnonymousUser(), cursor, size=size)
        found += page.items
        cursor = page.next
        if not cursor:
            return found


def ids(posts):
    return [post.short_id for post in posts]


def test_newest_first_unless_its_author_says_otherwise(iceland, posts):
    assert shown(iceland) == posts[::-1]
    make(iceland, GalleryOrder.OLDEST)
    assert shown(iceland) == posts
    make(iceland, GalleryOrder.BY_HAND)
    assert shown(iceland) == posts[::-1]


def test_by_hand_they_stand_as_they_were_put(ana, iceland, posts):
    make(iceland, GalleryOrder.BY_HAND)
    wished = [posts[2], posts[0], posts[3], posts[1]]
    order_posts(iceland, ids(wished), by=ana)
    assert shown(iceland) == wished


def test_what_comes_later_stands_first(ana, iceland, posts):
    make(iceland, GalleryOrder.BY_HAND)
    order_posts(iceland, ids(posts), by=ana)
    new, newer = f.a_post(ana, gallery=iceland), f.a_post(ana, gallery=iceland)
    assert shown(iceland) == [newer, new, *posts]
    elsewhere = f.a_post(ana)
    move_post(elsewhere, iceland, by=ana)
    assert shown(iceland)[0] == elsewhere


def test_what_was_published_while_somebody_was_ordering_stays_first(ana, iceland, posts):
    make(iceland, GalleryOrder.BY_HAND)
    order_posts(iceland, ids(posts), by=ana)
    new = f.a_post(ana, gallery=iceland)
    order_posts(iceland, ids(posts[::-1]), by=ana)
    assert shown(iceland) == [new, *posts[::-1]]


def test_a_few_put_first_leave_the_others_as_they_stood(ana, iceland, posts):
    make(iceland, GalleryOrder.BY_HAND)
    order_posts(iceland, [posts[1].short_id], by=ana)
    assert shown(iceland) == [posts[1], posts[3], posts[2], posts[0]]
    order_posts(iceland, ids(posts), by=ana)
    order_posts(iceland, [posts[3].short_id], by=ana)
    assert shown(iceland) == [posts[3], *posts[:3]]
    order_posts(iceland, ids([posts[2], posts[3]]), by=ana)
    assert shown(iceland) == [posts[2], posts[3], posts[0], posts[1]]


def test_posts_of_elsewhere_twice_or_none_are_refused(ana, iceland, posts):
    stray = f.a_post(ana)
    for wished in ([], [stray.short_id], [posts[0].short_id] * 2, ["nothing"]):
        with pytest.raises(ValidationError):
            order_posts(iceland, wished, by=ana)


def test_only_its_author_orders_and_chooses(iceland, posts):
    milo = f.a_member()
    with pytest.raises(PermissionDenied):
        order_posts(iceland, ids(posts), by=milo)
    with pytest.raises(PermissionDenied):
        choose_cover(iceland, posts[0], by=milo)
    with pytest.raises(ValidationError):
        make(iceland, "by colour")


# --- Cover ------------------------------------------------------------------------------------------------------------


def cover(gallery, viewer=None):
    found = galleries_of(gallery.author, viewer or AnonymousUser())
    return {one.pk: one.cover_post for one in found}.get(gallery.pk)


def test_the_newest_is_the_cover_until_one_is_chosen(ana, iceland, posts):
    assert cover(iceland) == posts[3]
    choose_cover(iceland, posts[1], by=ana)
    assert cover(iceland) == posts[1]
    choose_cover(iceland, None, by=ana)
    assert cover(iceland) == posts[3]


def test_a_cover_that_is_deleted_or_moved_away_gives_way_to_the_newest(ana, iceland, posts):
    choose_cover(iceland, posts[1], by=ana)
    move_post(posts[1], f.first_gallery(ana), by=ana)
    assert cover(iceland) == posts[3]
    choose_cover(iceland, posts[0], by=ana)
    withdraw_post(posts[0], by=ana)
    assert cover(iceland) == posts[3]


def test_a_post_of_another_gallery_is_no_cover(ana, iceland):
    with pytest.raises(ValidationError):
        choose_cover(iceland, f.a_post(ana), by=ana)


# --- A member's galleries ---------------------------------------------------------------------------------------------


def slugs(ana):
    return [gallery.gallery_slug for gallery in galleries_of(ana, ana)]


def test_galleries_stand_in_their_members_order_and_new_ones_last(ana, iceland):
    assert slugs(ana) == ["photos", "iceland"]
    order_galleries(ana, ["iceland", "photos"])
    create_gallery(ana, "Rome")
    assert slugs(ana) == ["iceland", "photos", "rome"]


def test_an_order_of_other_galleries_is_refused(ana, iceland):
    create_gallery(ana, "Rome")
    delete_gallery(fresh(iceland), by=ana)
    order_galleries(ana, ["rome", "photos"])
    for wished in (["rome"], ["rome", "photos", "iceland"], ["rome", "rome", "photos"]):
        with pytest.raises(ValidationError):
            order_galleries(ana, wished)
    assert slugs(ana) == ["rome", "photos"]
