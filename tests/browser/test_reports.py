"""A visitor reports a post and reads the answer by the link in the mail; a member reports a comment and blocks its author."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from community.actions.answer_reports import answer_reports
from community.answering import mail_due_reports
from community.models import Case
from community.quiet_checks import LEAST
from tests.browser.test_story import sign_in
from tests.cases_world import a_comment_on
from tests.factories import a_member, a_post

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_reports_and_reads_the_answer_by_the_link_in_the_mail(a_person):
    post = a_post(a_member("ana"))
    vera = a_person(width=390)
    vera.go(post.address())
    vera.follow(vera.page.get_by_role("link", name="Report this post"))
    vera.page.get_by_label("Spam or fraud").check()
    vera.page.get_by_label("In your words").fill("It sells something.")
    vera.page.get_by_label("Your email address").fill("vera@example.org")
    expect(vera.page.get_by_label("Leave this empty")).to_be_hidden()
    vera.page.wait_for_timeout(LEAST * 1000)  # nobody fills it in faster
    vera.press("Send the report")
    expect(vera.page.get_by_text("Not decided yet")).to_be_visible()
    reference = vera.page.locator(".facts strong").inner_text()

    answer_reports(Case.objects.get(), "We looked at it, and it is removed.")
    mail_due_reports()
    (message,) = mail.outbox
    assert reference in message.subject
    vera.go(re.search(r"https?://[^/]+(/reports/\S+)", message.body)[1])
    expect(vera.page.get_by_text("it is removed")).to_be_visible()


def test_a_member_reports_a_comment_by_the_keyboard_and_blocks_its_author(a_person):
    post = a_post(a_member("ana"))
    a_comment_on(post, a_member("cora"), "Go away.")
    a_member("milo")
    milo = a_person()
    sign_in(milo, "milo")
    milo.go(post.address())
    expect(milo.page.get_by_text("Go away.")).to_be_visible()
    milo.page.get_by_role("link", name="Report this comment").focus()
    with milo.page.expect_navigation():
        milo.page.keyboard.press("Enter")
    milo.page.get_by_label("Harassment or bullying").check()
    milo.page.get_by_label("Block this member too").check()
    milo.press("Send the report")
    expect(milo.page.get_by_text("Thank you. Somebody of our team looks at it.")).to_be_visible()
    milo.go(post.address())
    expect(milo.page.get_by_text("Go away.")).to_have_count(0)
