"""Galleries by two people at two windows: one is shared, added to and left; and putting in order by key and by drag."""

import re

import pytest
from playwright.sync_api import expect

from gallery.actions.edit_gallery import edit_gallery
from gallery.models.pages import GalleryOrder
from tests.browser.test_composer import drag
from tests.factories import a_gallery, a_member, a_post, an_original

pytestmark = pytest.mark.django_db(transaction=True)

ORDER = re.compile("/order/$")


def test_a_member_is_invited_to_a_gallery_adds_a_post_and_leaves(a_person):
    owner, guest = a_member("ana", name="Ana"), a_member("milo", name="Milo")
    gallery = a_gallery(owner, "Iceland")
    post = a_post(guest, caption="Geyser", alt_text="A geyser")
    ana, milo = a_person().signed_in_as(owner), a_person(width=390, height=844).signed_in_as(guest)
    there = ana.page.get_by_role("main").get_by_role("link", name="A geyser")

    ana.go(f"/settings/galleries/{gallery.gallery_slug}/people/")
    ana.page.get_by_label("Username").fill("@milo")
    ana.press("Invite")
    expect(ana.page.get_by_role("button", name="Take the invitation back @milo")).to_be_visible()

    milo.go("/settings/galleries/")
    milo.press("Accept Iceland")
    milo.press("Add Geyser")
    expect(milo.page.get_by_role("button", name="Take out Geyser")).to_be_visible()
    ana.go(gallery.address())
    expect(there).to_be_visible()

    # What is his stays his, where it was.
    milo.go("/settings/galleries/")
    milo.press("Leave Iceland")
    expect(milo.page.get_by_text("You left the gallery.")).to_be_visible()
    ana.go(gallery.address())
    expect(there).to_have_count(0)
    assert ana.go(post.address()).status == 200
    assert ana.complaints == milo.complaints == []


def shown(page):
    """The keys of what is put in order, as the page shows it."""
    return page.locator("[data-list] > li").evaluate_all("all => all.map((one) => one.dataset.key)")


def handle(page, place):
    return page.locator("[data-list] > li").nth(place).get_by_role("button", name=re.compile("arrow keys"))


def test_posts_are_put_in_order_by_key_and_by_drag_and_others_see_them_so(a_person):
    owner = a_member("ana")
    gallery = a_gallery(owner, "Iceland")
    edit_gallery(gallery, by=owner, name="Iceland", description="", order=GalleryOrder.BY_HAND)
    original = an_original(by=owner)
    for number in range(3):
        a_post(owner, gallery=gallery, original=original, caption=f"Number {number}")
    ana, visitor = a_person().signed_in_as(owner), a_person(width=390, height=844)
    page = ana.page
    ana.go("/settings/galleries/iceland/order/")
    one, two, three = shown(page)

    with page.expect_response(ORDER) as answer:
        handle(page, 0).press("ArrowDown")
    assert answer.value.status == 204
    expect(page.get_by_role("status").filter(has_text="Now at place 2 of 3.")).to_be_visible()
    assert shown(page) == [two, one, three]
    # The focus stays on the handle, so that it goes on.
    with page.expect_response(ORDER):
        page.keyboard.press("End")
    assert shown(page) == [two, three, one]
    expect(handle(page, 2)).to_be_focused()
    with page.expect_response(ORDER):
        drag(page, page.locator("[data-list] > li").nth(2), page.locator("[data-list] > li").nth(0))
    assert shown(page) == [one, two, three]
    # By a button, which rests at an end of the list.
    with page.expect_response(ORDER):
        page.locator("[data-list] > li").nth(1).get_by_role("button", name="Move down").click()
    assert shown(page) == [one, three, two]
    expect(page.locator("[data-list] > li").nth(2).get_by_role("button", name="Move down")).to_be_disabled()

    visitor.go(gallery.address())
    links = visitor.page.get_by_role("main").locator("li > a").evaluate_all("all => all.map((one) => one.pathname)")
    assert [link.rstrip("/").rpartition("/")[2] for link in links] == [one, three, two]
    assert ana.complaints == visitor.complaints == []


def test_one_s_galleries_are_put_in_order_and_a_refusal_is_said(a_person):
    owner = a_member("ana")
    a_gallery(owner, "Iceland")
    ana = a_person().signed_in_as(owner)
    ana.go("/settings/galleries/")
    with ana.page.expect_response(ORDER):
        handle(ana.page, 1).press("Home")
    ana.page.reload()
    assert shown(ana.page) == ["iceland", "photos"]

    # One more is made at another window.
    a_gallery(owner, "Norway")
    with ana.page.expect_response(ORDER) as answer:
        handle(ana.page, 1).press("Home")
    assert answer.value.status == 422
    expect(ana.page.locator("[data-status]")).to_contain_text("meanwhile")
