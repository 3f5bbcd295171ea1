"""Wagtail's userbar on the site's pages, under the policy that lets nothing inline run there: it opens, and does its work."""

import pytest
from playwright.sync_api import expect

from home.models import Pick
from tests.browser.axe import ALL_RULES, AXE, a_window, violations
from tests.factories import a_post, a_staff_member
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def open_bar(person):
    """Open it by the keyboard, as Wagtail has it: the first entry has the focus."""
    trigger = person.page.get_by_role("button", name="View Wagtail quick actions")
    expect(trigger).to_be_visible()
    trigger.press("Enter")
    return person.page.locator("wagtail-userbar")


def test_an_administrator_picks_by_the_keyboard_and_goes_on_to_the_console(a_person):
    post = a_post(caption="A quay", alt_text="A quay")
    adm = a_person().signed_in_as(a_staff_member("Administrators", "adm"))
    adm.go(post.address())
    bar = open_bar(adm)
    expect(bar.get_by_role("menuitem", name="Go to Wagtail admin")).to_be_focused()
    adm.page.keyboard.press("ArrowDown")
    expect(bar.get_by_role("menuitem", name="Pick for the front page")).to_be_focused()
    adm.turn("Enter")
    assert Pick.objects.current().get().post == post
    bar = open_bar(adm)
    expect(bar.get_by_role("menuitem", name="End the pick")).to_be_visible()
    adm.follow(bar.get_by_role("menuitem", name="Cases of this post"))
    assert adm.page.url.endswith(f"/admin/cases/?q={post.short_id}")
    adm.go(post.address())
    adm.follow(open_bar(adm).get_by_role("menuitem", name="Take down"))
    expect(adm.page.get_by_role("main").get_by_role("button", name="Take down")).to_be_visible()
    assert adm.complaints == []


def test_axe_finds_nothing_wrong_with_the_page_that_carries_it(a_person):
    post = a_post(caption="A quay", alt_text="A quay")
    window = a_window(a_person, signed_in(a_staff_member("Administrators", "adm")))
    window.go(post.address())
    open_bar(window)
    window.page.evaluate(AXE)
    assert violations(window.page, ALL_RULES) == []
