"""Mail digests: what is new and unread, together, to who chose so, once a day or a week."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ..bell import in_full
from ..mailing import DIGEST, Mailer, Sent, message_to
from ..models import Profile
from ..models.profiles import Digest
from ..models.users import MEMBER
from ..visibility import notifications_for
from .mail_notifications import MOST_LINES, lines_of

logger = logging.getLogger(__name__)

CHUNK = 200  # members that are read at a time
# A command that runs at the same hour every day must not find yesterday's digest a second too young.
SLACK = timedelta(minutes=30)
EVERY = {Digest.DAILY: timedelta(days=1), Digest.WEEKLY: timedelta(days=7)}
RETRY = timedelta(hours=1)


def send_digests():
    """Send every digest that is due; returns {"sent", "nothing_new", "refused", "later"}.

    That one was sent is committed before it is: a run that is killed loses one member's digest, and what it would have
    said stands on the site; the next run sends nobody a second one. Members whose mail the server did not take are due
    again in an hour. What fails for one member stops no other.
    """
    done = dict.fromkeys(("sent", "nothing_new", "refused", "later"), 0)
    now = timezone.now()
    with Mailer() as mailer:
        for digest, period in EVERY.items():
            for profile in each_due(digest, now - period + SLACK):
                try:
                    outcome = send_digest(profile, period, now, mailer)
                except Exception:
                    logger.exception("The digest of member %s could not be sent.", profile.pk)
                    outcome = "later"
                if outcome:
                    done[outcome] += 1
    return done


def due(digest, before):
    """Profiles of members in good standing, at a confirmed address, whose last digest is older than `before`."""
    members = Q(**{f"user__{lookup}": value for lookup, value in MEMBER.children})
    profiles = Profile.objects.filter(members, digest=digest).select_related("user")
    return profiles.filter(Q(digest_sent_at__lt=before) | Q(digest_sent_at__isnull=True))


def each_due(digest, before):
    """Each such profile once, read in chunks."""
    last = 0
    while chunk := list(due(digest, before).filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def send_digest(profile, period, now, mailer):
    """Send one digest; returns the outcome's name, or "" where another run was faster."""
    before = profile.digest_sent_at
    claimed = Profile.objects.filter(pk=profile.pk, digest=profile.digest, digest_sent_at=before)
    if not claimed.update(digest_sent_at=now):
        return ""
    rows = new_for(profile.user, before or now - period)
    if not rows:
        return "nothing_new"
    context = {"digest": profile.digest, "lines": lines_of(rows, profile.user), "more": len(rows) > MOST_LINES}
    outcome = mailer.send(message_to(profile.user, "community/email/digest", context, what=DIGEST))
    if outcome is Sent.LATER:
        again = Profile.objects.filter(pk=profile.pk, digest=profile.digest, digest_sent_at=now)
        again.update(digest_sent_at=now - period + SLACK + RETRY)
        return "later"
    return "sent" if outcome is Sent.YES else "refused"


def new_for(user, since):
    """What came since `since`, is unread, and neither was mailed nor waits to be; one more than a mail lists."""
    new = notifications_for(user).filter(
        in_app=True, read_at__isnull=True, emailed_at__isnull=True, mail_due_at__isnull=True, created_at__gt=since
    )
    return list(in_full(new, user).order_by("-created_at", "-key")[: MOST_LINES + 1])
