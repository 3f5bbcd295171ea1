"""Telling an owner by mail: once a kind of trouble and hour, with how much it is, and once more when it is over.

The worker looks every minute. A mail that nobody takes (it may be mail that is broken) stands in the log as CRITICAL and
on the console's home page. Without ALERT_EMAILS, as on a developer's machine, nothing is looked for.
"""

import logging
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.mailing import Mailer, Sent

from .models import Alert
from .troubles import TROUBLES

logger = logging.getLogger(__name__)

AGAIN = timedelta(hours=1)  # between two mails of one kind
SOONER = timedelta(minutes=10)  # after one that was not taken


def note_mail(sender, outcome, **kwargs):
    """Sent with every mail that is tried: count those that nobody took. Never raises: the mail has its own care."""
    if outcome is not Sent.LATER or not settings.ALERT_EMAILS:
        return
    with suppress(DatabaseError), transaction.atomic():
        now, words = timezone.now(), _("The mail server or sender did not take them; members' mails are tried again.")
        Alert.objects.get_or_create(kind="mails", defaults={"words": words})
        Alert.objects.filter(kind="mails").update(count=F("count") + 1, last_at=now)


def look():
    """Look for every kind of trouble once, and mail what is new, still there, or over; returns how many mails went."""
    if not settings.ALERT_EMAILS:
        return 0
    known = {alert.kind: alert for alert in Alert.objects.all()}
    sent = 0
    for kind, trouble in TROUBLES.items():
        try:
            finding = trouble.find()
            if finding:
                sent += raise_alert(kind, finding)
            elif kind in known:
                sent += resolve(known[kind])
        except Exception:
            logger.exception("The alert %s could not be looked after.", kind)
    return sent


def raise_alert(kind, finding):
    """Note trouble, and mail it unless that was done within the hour; returns how many mails went."""
    alert, _made = Alert.objects.get_or_create(kind=kind)
    now = timezone.now()
    rows = Alert.objects.filter(pk=alert.pk)
    if kind != "mails":  # these are counted as they happen
        rows.update(count=finding.count, words=finding.words, last_at=now)
    alert.count, alert.words = finding.count, finding.words
    if not finding.count or (alert.mailed_at and alert.mailed_at > now - AGAIN):
        return 0
    # Taken before it is sent: of two workers one mails, and one that is killed here mails in an hour.
    taken = rows.filter(mailed_at=alert.mailed_at).update(mailed_at=now)
    if not taken:
        return 0
    logger.error("Alert: %s: %s", kind, finding.words, extra={"alert": kind})
    if mail(alert, over=False):
        mine = {"count": F("count") - finding.count} if kind == "mails" else {}
        rows.update(is_untold=False, **mine)
        return 1
    rows.update(is_untold=True, mailed_at=now - AGAIN + SOONER)
    return 0


def resolve(alert):
    """Trouble is over: forget it, and say so to who was told of it; returns how many mails went."""
    if not Alert.objects.filter(pk=alert.pk, last_at=alert.last_at).delete()[0]:
        return 0  # it came again meanwhile, or another worker was first
    logger.warning("Alert is over: %s", alert.kind, extra={"alert": alert.kind})
    was_told = alert.mailed_at and not alert.is_untold
    return int(bool(was_told and mail(alert, over=True)))


def mail(alert, *, over):
    """Mail one alert, or that it is over; True where it was taken. What is not stands in the log as CRITICAL."""
    trouble = TROUBLES[alert.kind]
    title = _("over: %(title)s") if over else _("%(title)s: please look")
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{title % {'title': trouble.title}}"
    context = {
        "alert": alert,
        "trouble": trouble,
        "over": over,
        "console": f"{settings.SITE_URL}{reverse('wagtailadmin_home')}",
    }
    body = render_to_string("watching/alert.txt", context).strip() + "\n"
    with Mailer() as mailer:
        outcome = mailer.send(EmailMessage(subject, body, to=settings.ALERT_EMAILS))
    if outcome is not Sent.YES:
        logger.critical("Nobody could be mailed about %s: %s", alert.kind, alert.words, extra={"alert": alert.kind})
    return outcome is Sent.YES
