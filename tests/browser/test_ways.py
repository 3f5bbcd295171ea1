"""Smaller ways that people meet by: swiping from post to post, the share button, a description that somebody suggests, words
that one would rather not read, and a post that waits for its time."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from community.actions.add_comment import add_comment
from gallery.actions.publish_due import publish_due
from gallery.models import PostPage
from tests.factories import a_draft, a_member, a_post, an_original

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


# --- From post to post by a finger ------------------------------------------------------------------------------------


def swipe(person, by, down=0):
    """A finger goes over the picture: `by` pixels to the right, `down` pixels downwards."""
    box = person.page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2 - by / 2, box["y"] + box["height"] / 2 - down / 2
    finger = person.page.context.new_cdp_session(person.page)

    def touch(kind, *points):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", (x, y))
    for part in (0.3, 0.6, 1):
        touch("touchMove", (x + by * part, y + down * part))
    touch("touchEnd")


def test_a_swipe_leads_to_the_next_post_and_back(a_person):
    author = a_member("ana")
    original = an_original(by=author)
    a_post(author, original=original, caption="Older", alt_text="Older")
    newer = a_post(author, original=original, caption="Newer", alt_text="Newer")
    visitor = a_person(**PHONE)
    visitor.go(newer.gallery.address())
    visitor.follow(visitor.page.get_by_role("main").get_by_role("link", name="Newer"))
    heading = visitor.page.get_by_role("main").get_by_role("heading", level=1)

    # Neither a short one nor one downwards, which scrolls.
    visitor.page.evaluate("() => navigation.addEventListener('navigate', () => { window.left = true; })")
    swipe(visitor, -40)
    swipe(visitor, -80, down=-120)
    assert not visitor.page.evaluate("window.left")
    expect(heading).to_have_text("Newer")

    with visitor.page.expect_navigation():
        swipe(visitor, -200)
    expect(heading).to_have_text("Older")
    with visitor.page.expect_navigation():
        swipe(visitor, 200)
    expect(heading).to_have_text("Newer")
    assert visitor.complaints == []


# --- Sharing a link ---------------------------------------------------------------------------------------------------


def test_share_opens_the_system_s_sheet_on_a_phone_and_copies_the_link_elsewhere(a_person):
    post = a_post(a_member("ana"), caption="Heron")
    at_phone, at_desk = a_person(**PHONE), a_person(permissions=["clipboard-read", "clipboard-write"])
    at_phone.page.add_init_script(
        "Object.defineProperty(navigator, 'share', { value: async (what) => { window.shared = what; } });"
    )
    for person in (at_phone, at_desk):
        person.go(post.address())
        person.page.get_by_role("link", name="Share", exact=True).click()
    at_phone.page.wait_for_function("() => window.shared")
    permanent = at_desk.page.locator("#share").evaluate("link => link.href")
    assert at_phone.page.evaluate("window.shared") == {"title": "Heron", "url": permanent}

    expect(at_desk.page.locator("#shared")).to_have_text("The link is copied")
    # Pasted, as they would do it: no page of ours may read what is on the clipboard.
    field = at_desk.page.locator("[name=q]").first
    field.press("Control+V")
    expect(field).to_have_value(permanent)
    # The link leads to the post.
    assert permanent.endswith(f"/p/{post.short_id}/")
    at_phone.go(f"/p/{post.short_id}/")
    expect(at_phone.page.get_by_role("heading", name="Heron")).to_be_visible()


# --- Words ------------------------------------------------------------------------------------------------------------


def test_a_description_is_suggested_and_taken_with_one_tap(a_person):
    author, other = a_member("ana"), a_member("milo", name="Milo")
    post = a_post(author, caption="First light", alt_text="")
    ana, milo = a_person(width=390, height=844).signed_in_as(author), a_person().signed_in_as(other)

    milo.go(post.address())
    milo.follow(milo.page.get_by_role("link", name="Describe it"))
    milo.page.get_by_label("Description").fill("A heron above a weir")
    milo.press("Suggest it")

    ana.go(post.address())
    question = ana.page.get_by_role("group", name="A suggested description")
    expect(question).to_contain_text("Milo suggests a description")
    ana.press("Take it")
    expect(question).to_have_count(0)
    milo.go(post.address())
    expect(milo.page.get_by_role("main").get_by_role("img", name="A heron above a weir").first).to_be_visible()
    expect(milo.page.get_by_role("link", name="Describe it")).to_have_count(0)
    assert ana.complaints == milo.complaints == []


def test_a_comment_with_hidden_words_is_folded_for_who_hid_them_alone(a_person):
    author, other = a_member("ana"), a_member("milo")
    post = a_post(author)
    add_comment(post, by=other, text="Spoiler: it was a Heron")
    ana, milo = a_person().signed_in_as(author), a_person(width=390, height=844).signed_in_as(other)

    ana.go("/settings/words/")
    ana.page.get_by_label("Hidden words").fill("heron")
    ana.press("Save")
    ana.go(post.address())
    comment = ana.page.locator(".comment")
    said = comment.get_by_text("it was a Heron")
    expect(comment.get_by_text("Hidden by your words")).to_be_visible()
    expect(said).to_be_hidden()
    comment.locator("summary").click()
    expect(said).to_be_visible()

    milo.go(post.address())
    expect(milo.page.locator(".comment").get_by_text("it was a Heron")).to_be_visible()
    expect(milo.page.get_by_text("Hidden by your words")).to_have_count(0)


# --- Later ------------------------------------------------------------------------------------------------------------


def test_a_draft_waits_for_its_time_and_only_its_author_sees_it_until_then(a_person):
    author = a_member("ana")
    draft = a_draft(author, caption="Aurora")
    ana, visitor = a_person().signed_in_as(author), a_person(width=390, height=844)
    ana.go("/share/")
    ana.follow(ana.page.get_by_role("link", name="Continue Aurora"))
    ana.page.get_by_label("Publish it by itself at").fill(f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}")
    ana.press("Schedule")
    ana.go(f"/share/{draft.short_id}/")
    expect(ana.page.get_by_role("button", name="Make it a draft again")).to_be_visible()
    assert publish_due() == 0
    assert visitor.go(draft.address()).status == 404

    PostPage.objects.filter(pk=draft.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))
    assert publish_due() == 1
    assert visitor.go(PostPage.objects.get(pk=draft.pk).address()).status == 200
    expect(visitor.page.get_by_role("heading", name="Aurora")).to_be_visible()
    assert ana.complaints == []
