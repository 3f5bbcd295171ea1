"""What people do with posts, two of them at two windows: liking and saving, visibility, and from post to post by key."""

import pytest

from gallery.models import PostPage
from tests.browser.test_story import sign_in
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_likes_and_saves_and_the_other_sees_the_count_and_narrows_the_post(a_person):
    author = a_member("ana")
    post = a_post(author, caption="Ridge")
    a_member("milo")
    ana, milo = a_person(), a_person(width=390, height=844)
    sign_in(ana, "ana")
    sign_in(milo, "milo")

    milo.go(post.address())
    page = milo.page
    milo.ask(page.get_by_role("button", name="Like", exact=True).click)
    page.locator("#like[aria-pressed=true]").wait_for()
    milo.ask(page.get_by_role("button", name="Save", exact=True).click)
    page.locator("#save[aria-pressed=true]").wait_for()
    milo.go("/saved/")
    milo.follow(page.get_by_role("main").get_by_role("link", name="Saved"))
    assert page.get_by_role("main").locator(f"a[href*='{post.short_id}']").count() == 1

    ana.go(post.address())
    ana.page.get_by_role("link", name="1 like").wait_for()
    ana.go(f"/p/{post.short_id}/edit/")
    ana.page.get_by_label("Who can see it").select_option("followers")
    ana.press("Save")
    assert PostPage.objects.get(pk=post.pk).visibility == "followers"
    ana.page.get_by_role("link", name="1 like").wait_for()
    assert milo.go(post.address()).status == 404
    assert ana.complaints == []


def test_the_arrow_keys_lead_through_the_gallery(a_person):
    author = a_member("ana")
    older, newer = a_post(author, caption="Older"), a_post(author, caption="Newer")
    visitor = a_person()
    visitor.go(f"/members/ana/{newer.gallery.gallery_slug}/")
    visitor.follow(visitor.page.locator(f"a[href*='{newer.short_id}']"))
    visitor.page.get_by_role("heading", name="Newer").wait_for()
    visitor.turn("ArrowRight")
    visitor.page.get_by_role("heading", name="Older").wait_for()
    assert older.short_id in visitor.page.url
    visitor.turn("ArrowLeft")
    visitor.page.get_by_role("heading", name="Newer").wait_for()
    # In a field the keys belong to what is typed.
    visitor.page.evaluate("() => navigation.addEventListener('navigate', () => { window.left = true; })")
    visitor.page.locator("header input[name=q]").focus()
    visitor.page.keyboard.press("ArrowRight")
    assert not visitor.page.evaluate("window.left")
    assert newer.short_id in visitor.page.url
    assert visitor.complaints == []
