"""Whatever says that a rule was broken leads to that rule: the member's pages and mails, and the console."""

import pytest
from django.utils.html import escape

from community.actions.appeal import appeal
from community.actions.decide_case import decide_case, undo_decision
from community.actions.mail_notifications import mail_notifications
from community.models import Notification
from community.models.cases import Category
from gallery.actions.take_down_post import take_down_post
from tests.cases_world import a_case, a_comment_on
from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db
RULE = Category.HARASSMENT
THERE = f"/guidelines/#rule-{RULE}"
LINK = f'href="{THERE}">{escape(RULE.label)}</a>'


@pytest.fixture
def mona():
    return a_staff_member("Moderators", "mona")


@pytest.fixture
def ana():
    return a_member("ana")


def decided(thing, mona, act="take_down"):
    return decide_case(a_case(thing), by=mona, act=act, rule=RULE, told="Not kind.")


def test_the_members_pages_of_a_decision_lead_to_its_rule(ana, mona):
    decision = decided(a_post(ana), mona)
    for url in ("/settings/decisions/", f"/settings/decisions/{decision.key}/appeal/", "/notifications/"):
        assert LINK in signed_in(ana).get(url).content.decode(), url


@pytest.mark.parametrize("act", ["take_down", "warn", "suspend", "limit", "sensitive"])
def test_the_mail_of_a_decision_names_the_rule_where_it_stands_and_where_one_appeals(
    ana, mona, mailoutbox, settings, act
):
    decided(a_post(ana), mona, act)
    mail_notifications()
    (message,) = [message for message in mailoutbox if message.to == [ana.email]]
    assert f"The rule: {RULE.label}\n{settings.SITE_URL}{THERE}\n" in message.body
    assert f"{settings.SITE_URL}/settings/decisions/" in message.body


def test_so_does_that_of_a_comment_and_of_a_profile(ana, mona, mailoutbox):
    ana.profile.biography = "Rude words"
    ana.profile.save()
    for thing in (a_comment_on(a_post(), ana), ana):
        decided(thing, mona)
    mail_notifications()
    assert "".join(message.body for message in mailoutbox if message.to == [ana.email]).count(THERE) == 2


def test_what_was_decided_without_a_rule_and_what_is_taken_back_name_none(ana, mona):
    take_down_post(a_post(ana), by=mona, reason="Not theirs")
    undo_decision(decided(a_post(ana), mona), by=mona)
    told = Notification.objects.filter(recipient=ana)
    assert [row.details.get("act") for row in told if "rule" in row.details] == ["take_down"]
    assert {"take_down", "restore"} <= {row.details.get("act") for row in told if "rule" not in row.details}


def test_the_console_leads_there_as_well(ana, mona):
    decision = decided(a_post(ana), mona)
    asked = appeal(decision, by=ana, text="I was kind.")
    for url in (f"/admin/cases/{decision.case.key}/", f"/admin/appeals/{asked.key}/"):
        assert f'href="{THERE}"' in signed_in(mona).get(url).content.decode(), url
