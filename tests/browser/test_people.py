"""Two people at two windows: one goes private, the other asks, is accepted, sees, and is blocked."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_story import sign_in
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db(transaction=True)


def test_ask_be_accepted_see_and_be_blocked(a_person):
    author, _milo = a_member("ana"), a_member("milo")
    ana, milo = a_person(), a_person(width=390)
    sign_in(ana, "ana")
    sign_in(milo, "milo")

    ana.go("/settings/privacy/")
    ana.page.get_by_label("My account is for followers").check()
    ana.press("Save")
    post = a_post(type(author).objects.get(pk=author.pk), caption="Kestrel over the moor")

    assert milo.go(post.address()).status == 404
    milo.go("/members/ana/")
    expect(milo.page.get_by_text("This account is for followers")).to_be_visible()
    milo.page.get_by_role("main").get_by_role("button", name="Follow").click()
    expect(milo.page.get_by_role("button", name="Requested")).to_be_focused()

    ana.go("/settings/requests/")
    ana.press("Accept")

    milo.go("/members/ana/")
    expect(milo.page.get_by_role("button", name="Following")).to_be_visible()
    milo.follow(milo.page.locator(f"a[href^='{post.address()}']").first)
    expect(milo.page.get_by_role("heading", name="Kestrel over the moor")).to_be_visible()
    picture = milo.page.locator(".stage img[src*='/private/']").first
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    ana.go("/members/milo/")
    ana.page.locator(".profile summary").click()
    ana.follow(ana.page.get_by_role("link", name="Block", exact=True))
    ana.press("Block")
    expect(ana.page.locator("#blocked")).to_contain_text("@milo")
    assert milo.go("/members/ana/").status == 404
    assert milo.go(post.address()).status == 404
    assert ana.go("/members/milo/").status == 404
