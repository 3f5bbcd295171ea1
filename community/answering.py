"""How visitors who reported something are written to: their reference when it has come in, later the answer.

A mail waits in its report until it is sent, so that a mail server that is down, or a worker that is killed, loses none.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from .mailing import Mailer, Sent, absolute
from .models import Report

logger = logging.getLogger(__name__)

SALT = "community.report"
BATCH = 200  # mails in one go
RETRY = timedelta(minutes=15)
GIVE_UP = timedelta(days=3)  # after which a mail server is not asked any more
ADDRESS_KEPT = timedelta(days=180)  # how long after the answer a visitor's address is kept


def path_of(report):
    """Where a visitor reads their report and the answer: it works for ever, and for nobody else."""
    return reverse("report_answer", args=[signing.Signer(salt=SALT).sign(report.key)])


def link_of(report):
    """The same as it stands in mails."""
    return absolute(path_of(report))


def key_of(token):
    """The key of the report in such an address's token; "" where it was not made here."""
    try:
        return signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return ""


def mails_due():
    return Report.objects.filter(mail_due_at__lte=timezone.now())


def mail_due_reports():
    """Send the mails that are due; returns how many went.

    Each is put off before it is sent, so that two at once send none twice; where a process is killed in between, it goes
    out twice rather than never: a visitor has nothing else to read the answer by.
    """
    sent = 0
    with Mailer() as mailer:
        for report in list(mails_due().order_by("mail_due_at")[:BATCH]):
            due, later = report.mail_due_at, timezone.now() + RETRY
            if Report.objects.filter(pk=report.pk, mail_due_at=due).update(mail_due_at=later):
                sent += mail(report, later, mailer)
    return sent


def mail(report, later, mailer):
    """Write to the visitor who made `report`; True where the server took it. What it does not take is tried again `later`."""
    outcome = mailer.send(message_about(report)) if report.email else Sent.REFUSED
    since = report.answered_at or report.created_at
    if outcome is Sent.LATER and timezone.now() < since + GIVE_UP:
        return False
    # One that was answered meanwhile is due anew, and stays so.
    Report.objects.filter(pk=report.pk, mail_due_at=later).update(mail_due_at=None)
    if outcome is not Sent.YES:
        logger.error("The mail about report %s could not be delivered, and is given up.", report.key)
    return outcome is Sent.YES


def message_about(report):
    """The answer where there is one, else that it has come in. Neither quotes what was reported."""
    name = "report_answered" if report.answered_at else "report_received"
    context = {"report": report, "link": link_of(report)}
    subject = " ".join(render_to_string(f"community/email/{name}_subject.txt", context).split())
    body = render_to_string(f"community/email/{name}_message.txt", context).strip() + "\n"
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body, to=[report.email], headers=headers)


def forget_addresses():
    """Forget the addresses of visitors who were answered long ago; returns how many."""
    old = Report.objects.filter(answered_at__lt=timezone.now() - ADDRESS_KEPT, mail_due_at=None).exclude(email="")
    return Report.objects.filter(pk__in=list(old.order_by("answered_at").values_list("pk", flat=True)[:BATCH])).update(
        email=""
    )
