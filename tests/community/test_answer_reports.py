"""Answers to those who reported: members on the site, visitors by mail, everybody once."""

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.utils import timezone

from community.actions.answer_reports import ANSWERS, answer_for, answer_reports
from community.answering import GIVE_UP, key_of, link_of, mail_due_reports, path_of
from community.bell import with_people
from community.models import Decision, Notification, Report
from community.sweep import sweep_people
from community.telling import in_words, leads_to, quoted
from tests.cases_world import a_comment_on, a_report
from tests.factories import a_member, a_post
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db
VERA = "vera@example.org"


def told(member):
    """What `member` was told, as the site and its mails put it in words."""
    rows = list(Notification.objects.filter(recipient=member))
    with_people(rows, member)
    return rows


def later(**columns):
    Report.objects.update(**columns)


def test_a_member_who_reported_is_told_the_answer_and_led_to_it():
    milo, post = a_member(), a_post()
    report = a_report(post, by=milo)
    assert answer_reports(report.case, "We removed it.") == 1
    (row,) = told(milo)
    assert in_words(row) == "The team answers your report of a post."
    assert quoted(row) == "We removed it." and leads_to(row) == f"/reports/{report.key}/"
    assert (row.actor, row.post) == (None, None)
    assert "We removed it." in signed_in(milo).get(leads_to(row)).content.decode()


@pytest.mark.parametrize("kind", ["post", "comment", "profile"])
def test_the_answer_says_what_was_reported_and_shows_nothing_of_it(kind):
    milo, ana = a_member(), a_member("ana")
    post = a_post(ana, caption="Secret words")
    thing = {"post": post, "comment": a_comment_on(post, ana, "Secret words"), "profile": ana}[kind]
    answer_reports(a_report(thing, by=milo).case, "Done.")
    (row,) = told(milo)
    assert in_words(row).startswith("The team answers your report")
    assert "Secret words" not in signed_in(milo).get(leads_to(row)).content.decode()


def test_everybody_in_the_case_is_answered_and_nobody_twice():
    post = a_post()
    reports = [a_report(post), a_report(post), a_report(post, email=VERA)]
    assert answer_reports(reports[0].case, "Done.") == 3
    assert answer_reports(reports[0].case, "Done.") == 0
    assert Notification.objects.filter(kind="moderation").count() == 2
    assert set(Report.objects.values_list("answer", flat=True)) == {"Done."}
    assert not Notification.objects.filter(recipient=post.author).exists()


def test_another_decision_is_told_as_well():
    milo = a_member()
    case = a_report(by=milo).case
    answer_reports(case, "It is removed.")
    assert answer_reports(case, "It is back.") == 1
    assert {quoted(row) for row in told(milo)} == {"It is removed.", "It is back."}


def test_every_decision_has_a_usual_answer():
    assert ANSWERS.keys() == set(Decision.Act)
    assert all(answer_for(act) for act in Decision.Act)


# --- Mails to visitors ------------------------------------------------------------------------------------------------


def test_a_visitor_gets_a_reference_by_mail_then_the_answer():
    report = a_report(a_post(caption="Secret words"), email=VERA)
    assert sweep_people()["report_mails_queued"] == 1
    answer_reports(report.case, "We removed it.")
    assert sweep_people()["report_mails_queued"] == 1
    assert sweep_people()["report_mails_queued"] == 0
    first, second = mail.outbox
    assert first.to == second.to == [VERA]
    assert report.key in first.subject and "looks at it" in first.body
    assert report.key in second.subject and "We removed it." in second.body
    assert link_of(report) in first.body and link_of(report) in second.body
    assert "Secret words" not in first.body + second.body


def test_a_member_gets_no_such_mail():
    a_report(by=a_member())
    assert mail_due_reports() == 0


def test_what_the_mail_server_does_not_take_now_is_tried_again(monkeypatch):
    a_report(email=VERA)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", raising(SMTPException("down")))
        assert mail_due_reports() == 0
    assert mail_due_reports() == 0, "not at once"
    later(mail_due_at=timezone.now())
    assert mail_due_reports() == 1


@pytest.mark.parametrize(
    ("error", "age"),
    [(SMTPRecipientsRefused({}), timedelta()), (SMTPException("down"), GIVE_UP + timedelta(hours=1))],
    ids=["address", "days"],
)
def test_a_mail_is_given_up_and_the_operator_told(monkeypatch, caplog, error, age):
    report = a_report(email=VERA)
    later(created_at=timezone.now() - age)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", raising(error))
    mail_due_reports()
    assert Report.objects.get().mail_due_at is None
    assert f"report {report.key} could not be delivered" in caplog.text and VERA not in caplog.text


def raising(error):
    def send(message, *args, **kwargs):
        raise error

    return send


def test_a_mail_that_another_process_sends_is_not_sent_twice(monkeypatch):
    a_report(email=VERA)
    sent = []

    def send(message, *args, **kwargs):
        sent.append(message)
        assert mail_due_reports() == 0, "while the first is on its way"

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    assert mail_due_reports() == 1 == len(sent)


def test_a_visitors_address_is_forgotten_half_a_year_after_the_answer():
    report = a_report(email=VERA)
    later(answered_at=timezone.now() - timedelta(days=179), mail_due_at=None)
    assert sweep_people()["reporters_forgotten"] == 0
    later(answered_at=timezone.now() - timedelta(days=181))
    assert sweep_people()["reporters_forgotten"] == 1
    assert Report.objects.get() == report and Report.objects.get().email == ""


# --- The page ---------------------------------------------------------------------------------------------------------


def test_a_visitor_reads_the_answer_by_the_link(client):
    report = a_report(email=VERA, text="It hurts")
    url = path_of(report)
    page = client.get(url)
    assert report.key in page.content.decode() and "Not decided yet" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    answer_reports(report.case, "We removed it.")
    assert "We removed it." in client.get(url).content.decode()


def test_nobody_else_reads_a_report(client):
    milo = a_member()
    theirs, visitors = a_report(by=milo), a_report(email=VERA)
    other = signed_in(a_member())
    assert signed_in(milo).get(f"/reports/{theirs.key}/").status_code == 200
    assert other.get(f"/reports/{theirs.key}/").status_code == 404
    assert client.get(f"/reports/{theirs.key}/")["Location"].startswith("/accounts/login/")
    for token in (visitors.key, f"{visitors.key}:forged", link_of(theirs).rstrip("/").rpartition("/")[2], "x", "%00"):
        assert other.get(f"/reports/{token}/").status_code == 404, token
    assert key_of("x:y") == ""
