"""Two people talk under a photograph, each at their own window."""

import pytest
from playwright.sync_api import expect

from community.models import Comment
from tests.factories import PASSWORD, a_member, a_post

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(person, username):
    person.go("/accounts/login/")
    person.page.get_by_label("Username or email address").fill(username)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.press("Sign in")


def test_a_comment_is_written_answered_changed_and_removed(a_person):
    post = a_post(a_member("ana"), caption="First light #dawn")
    a_member("milo")
    milo, host = a_person(), a_person(390, 844)
    sign_in(milo, "milo")
    sign_in(host, "ana")

    # Milo writes with scripts: nothing but the conversation changes.
    milo.go(post.address())
    milo.page.get_by_label("Add a comment").fill("Lovely #dawn, @ana")
    expect(milo.page.locator("output.count").first).to_have_text("18 / 2,000")
    milo.ask(milo.page.get_by_role("button", name="Comment", exact=True).click)
    comment = milo.page.locator(".comment")
    comment.get_by_text("Lovely").wait_for()
    assert comment.get_by_role("link", name="@ana").get_attribute("href") == "/members/ana/"

    # Ana answers, by keys alone.
    host.go(post.address())
    host.page.get_by_role("link", name="Reply Milo").focus()
    host.ask(host.page.keyboard.press, "Enter")
    expect(host.page.get_by_label("Reply to Milo")).to_be_focused()
    host.page.keyboard.type("It lasted nine minutes")
    host.page.keyboard.press("Tab")
    host.page.keyboard.press("Tab")
    host.ask(host.page.keyboard.press, "Enter")
    reply = host.page.locator(".replies .comment")
    reply.get_by_text("It lasted nine minutes").wait_for()
    expect(reply).to_be_focused()
    expect(host.page.locator("#talk-count")).to_have_text("2")

    # Milo changes his, and ana removes it; the answer keeps its place.
    milo.ask(milo.page.get_by_role("link", name="Edit this comment").click)
    milo.page.get_by_label("Change your comment").fill("Lovelier #dawn")
    milo.ask(milo.page.locator("#comments").get_by_role("button", name="Save").click)
    milo.page.get_by_text("edited").wait_for()
    host.go(post.address())
    host.ask(host.page.locator(".thread > .comment").get_by_role("link", name="Remove this comment").click)
    host.ask(host.page.get_by_role("button", name="Remove", exact=True).click)
    expect(host.page.get_by_text("Removed by the post's author.")).to_be_visible()
    expect(reply).to_be_visible()
    assert Comment.objects.get(parent=None).text == "Lovelier #dawn"

    # The hashtag leads to its page, which can be followed.
    milo.go(post.address())
    milo.follow(milo.page.get_by_role("link", name="#dawn").first)
    assert milo.page.url.endswith("/tags/dawn/")
    milo.page.get_by_role("button", name="Follow #dawn").click()
    milo.page.get_by_role("button", name="Unfollow #dawn").wait_for()
    assert [person.complaints for person in (milo, host)] == [[], []]
