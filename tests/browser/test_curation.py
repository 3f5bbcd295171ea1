"""A curator composes the front page in the console, picks a post on the site, and a member puts an announcement aside."""

import json

import pytest
from playwright.sync_api import expect

from community.models import Announcement
from gallery.actions.withdraw_post import withdraw_post
from home.models import HomePage
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db(transaction=True)

# What Chromium says when Wagtail saves by itself while the post of a block is not chosen yet: its editor tries again later.
SAVED_TOO_SOON = "Failed to load resource: the server responded with a status of 400 (Bad Request)"


def test_a_post_is_chosen_in_the_window_by_its_caption_and_stands_on_the_front_page_until_it_is_withdrawn(a_person):
    wanted, other = (a_post(caption=caption, alt_text=caption) for caption in ("A kestrel", "A quay"))
    home = HomePage.objects.get()
    home.body = json.dumps([{"type": "posts", "value": {"heading": "Of the week", "posts": [other.short_id]}}])
    home.save_revision().publish()
    cora, visitor = a_person().signed_in_as(a_staff_member("Curators", "cora")), a_person(width=390, height=844)

    cora.go(f"/admin/pages/{home.pk}/edit/")
    editor = cora.page
    expect(editor.locator("[data-chooser-title]").first).to_contain_text("A quay")
    editor.locator(".chooser .chosen button").first.click()
    editor.locator("button:visible", has_text="Choose another post").first.click()
    window = editor.locator(".modal-body")
    expect(window.get_by_role("link", name="A quay")).to_be_visible()
    window.get_by_label("Find").fill("kestrel")
    expect(window.get_by_role("link", name="A quay")).to_have_count(0)
    window.get_by_role("link", name="A kestrel").click()
    expect(editor.locator("[data-chooser-title]").first).to_contain_text("A kestrel")
    editor.get_by_role("button", name="More actions").last.click()
    with editor.expect_navigation():
        editor.get_by_role("button", name="Publish").click()

    visitor.go("/")
    composed = visitor.page.locator(".composed.posts")
    expect(composed.get_by_role("link", name="A kestrel")).to_be_visible()
    withdraw_post(wanted, by=wanted.author)
    visitor.go("/")
    expect(composed).to_be_empty()
    assert visitor.complaints == []
    assert set(cora.complaints) <= {SAVED_TOO_SOON}


def test_a_curator_picks_a_post_where_they_come_across_it(a_person):
    post = a_post(caption="A quay", alt_text="A quay")
    cora = a_person(width=390, height=844).signed_in_as(a_staff_member("Curators", "cora"))
    cora.go(post.address())
    cora.press("Pick for the front page")
    expect(cora.page.get_by_text("Picked: the front page shows it first.")).to_be_visible()
    cora.go("/")
    expect(cora.page.locator("#picks").get_by_role("link", name="A quay")).to_be_visible()
    assert cora.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_member_puts_an_announcement_aside(a_person, scripts):
    Announcement.objects.create(text="<p>Prints on Friday</p>")
    ana = a_person(java_script_enabled=scripts).signed_in_as(a_member("ana"))
    ana.go("/about/")
    told = ana.page.get_by_text("Prints on Friday")
    expect(told).to_be_visible()
    ana.page.get_by_role("button", name="Got it").click()
    expect(told).to_have_count(0)
    ana.go("/members/")
    expect(told).to_have_count(0)
    assert ana.complaints == []
