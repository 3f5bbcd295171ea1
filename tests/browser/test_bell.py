"""Two people at two windows: one likes a post, the other's bell counts it until it is read."""

import pytest

from tests.browser.test_story import sign_in
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db(transaction=True)


def bell(person):
    """The link in the header, by the name that a screen reader says."""
    return person.page.get_by_role("banner").get_by_role("link", name="Notifications")


def test_a_like_is_counted_at_the_bell_until_it_is_read(a_person):
    post = a_post(a_member("ana", name="Ana"))
    a_member("milo", name="Milo")
    ana, milo = a_person(), a_person(width=390, height=844)
    sign_in(ana, "ana")
    sign_in(milo, "milo")
    assert bell(ana).inner_text().strip() == "Notifications"

    milo.go(post.address())
    like = milo.page.get_by_role("main").get_by_role("button", name="Like", exact=True)
    milo.ask(like.click)
    milo.page.get_by_role("link", name="1 like").wait_for()

    ana.page.reload()
    assert "Notifications, 1 unread" in bell(ana).inner_text()
    ana.follow(bell(ana))
    told = ana.page.get_by_role("main").get_by_role("link", name="Milo likes your post.")
    told.wait_for()
    assert "Notifications, 1 unread" in bell(ana).inner_text(), "looking at the list reads nothing"
    ana.follow(told)
    assert post.address() in ana.page.url
    assert bell(ana).inner_text().strip() == "Notifications"

    # Taken back and liked again, it is new; one press reads all.
    milo.ask(like.click)
    milo.page.get_by_role("link", name="1 like").wait_for(state="detached")
    milo.ask(like.click)
    milo.page.get_by_role("link", name="1 like").wait_for()
    ana.go("/notifications/")
    assert "1 unread" in bell(ana).inner_text()
    ana.press("Mark all as read")
    assert bell(ana).inner_text().strip() == "Notifications"
    complaints = [text for person in (ana, milo) for text in person.complaints if "Content Security" in text]
    assert complaints == []
