"""Mail what waits to be mailed by itself: one mail for a member and a kind, with all that waits of it."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ..bell import in_full, with_people
from ..mailing import Mailer, Sent, absolute, may_be_mailed, message_to
from ..models import Notification, Profile, User
from ..notification_kinds import FIXED, choice_of
from ..telling import in_words, leads_to, quoted, rule_told
from ..visibility import notifications_for

logger = logging.getLogger(__name__)

BATCH = 200  # mails in one go
MOST_LINES = 20  # notifications in one mail
RETRY = timedelta(minutes=15)
GIVE_UP = timedelta(days=3)  # a mail server that is down for longer: it still stands on the site


def waiting(now):
    """Notifications whose mail is due."""
    return Notification.objects.filter(mail_due_at__lte=now)


def mail_notifications():
    """Mail what is due, up to BATCH mails; returns how many were sent.

    That a mail goes out is committed before it does: a process that is killed in between loses a mail, whose content
    stands on the site, rather than sending it twice. What the server did not take is tried again.
    """
    now = timezone.now()
    due = waiting(now).order_by("mail_due_at", "recipient").values_list("recipient", "kind")[: BATCH * MOST_LINES]
    sent = 0
    with Mailer() as mailer:
        for recipient, kind in list(dict.fromkeys(due))[:BATCH]:
            try:
                sent += mail_one(mailer, recipient, kind)
            except Exception:  # one member's defect is nobody else's
                logger.exception("Notifications (%s) of member %s could not be mailed.", kind, recipient)
    return sent


def mail_one(mailer, recipient, kind):
    """Mail what waits of one kind for one member; True where a mail was sent."""
    user = User.objects.get(pk=recipient)
    rows = claim(user, kind)
    if not rows:
        return False
    context = {"kind": kind, "lines": lines_of(rows, user), "more": max(len(rows) - MOST_LINES, 0)}
    outcome = mailer.send(message_to(user, "community/email/notifications", context, what=kind))
    if outcome is Sent.LATER:
        give_back(rows)
    return outcome is Sent.YES


def claim(user, kind):
    """Take what waits of `kind` for `user` out of the queue, and return what of it is to be mailed now.

    Not what was read meanwhile or may not be shown any more, and nothing where the member wants no such mails by now.
    """
    chosen = Profile.objects.filter(user=user.pk).values_list("notification_choices", flat=True).first() or {}
    wanted = may_be_mailed(user, kind) and choice_of(kind, chosen).email
    now = timezone.now()
    with transaction.atomic():
        mine = Notification.objects.filter(recipient=user.pk, kind=kind, mail_due_at__isnull=False)
        keys = list(mine.select_for_update().values_list("pk", flat=True))
        fresh = Q() if kind in FIXED else Q(read_at__isnull=True)
        told = in_full(notifications_for(user), user).filter(fresh, pk__in=keys)
        rows = list(told.order_by("-created_at", "-key")) if wanted else []
        taken = Notification.objects.filter(pk__in=keys)
        taken.update(mail_due_at=None)
        taken.filter(pk__in=[row.pk for row in rows]).update(emailed_at=now)
        # What is only mailed has been told with this.
        taken.filter(in_app=False).update(read_at=now)
    return rows


def give_back(rows):
    """Let these be mailed later, unless they are old."""
    now = timezone.now()
    again = Notification.objects.filter(pk__in=[row.pk for row in rows], created_at__gt=now - GIVE_UP)
    again.update(mail_due_at=now + RETRY, emailed_at=None)
    # Only where that one is still the only unread one on its likes: the others are closed.
    again.filter(in_app=False, since__isnull=True).update(read_at=None)


def lines_of(rows, user):
    """What a mail says of notifications: [{"words", "quote", "link"}], at most MOST_LINES; of decisions for breaking a rule
    also "rule", its "address", and where "appeal" is possible."""
    rows = rows[:MOST_LINES]
    with_people(rows, user)
    return [
        {"words": in_words(row), "quote": quoted(row), "link": absolute(leads_to(row)), **rule_line(row)}
        for row in rows
    ]


def rule_line(row):
    """What a mail says of the rule that was broken; nothing where the notification names none."""
    rule = rule_told(row)
    if rule is None:
        return {}
    return {"rule": rule.label, "address": absolute(rule.address), "appeal": absolute(reverse("decisions"))}
