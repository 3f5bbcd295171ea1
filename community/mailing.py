"""Mails to members about what is new: who gets any, how one is made and sent, and the link that stops more of them.

Plain text, without pictures and without anything that tells whether it was read.
"""

import logging
import secrets
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Profile
from .models.notifications import Kind
from .models.users import Standing
from .notification_kinds import FIXED

logger = logging.getLogger(__name__)

SALT = "community.unsubscribe"
DIGEST = "digest"


# Sent for each mail that was tried, with `outcome`, a Sent: whoever watches the site counts them.
mail_tried = Signal()


class Sent(Enum):
    """What became of a mail."""

    YES = "sent"
    REFUSED = "refused"  # this address takes none
    LATER = "later"  # the mail server did not answer as it should


def may_be_mailed(user, kind=None):
    """Whether `user` gets mail: at a confirmed address, in good standing; of the team's decisions also suspended."""
    standings = {Standing.ACTIVE, Standing.SUSPENDED} if kind in FIXED else {Standing.ACTIVE}
    return user.standing in standings and user.verified_at is not None and user.is_active and bool(user.email)


class Mailer:
    """Sends mails over one connection: `with Mailer() as mailer: mailer.send(message)`."""

    def __enter__(self):
        self.connection = None
        return self

    def __exit__(self, *error):
        self.close()

    def send(self, message):
        """Send `message`; returns Sent. Raises nothing for what mail servers do."""
        try:
            if self.connection is None:
                self.connection = get_connection()
                self.connection.open()
            message.connection = self.connection
            message.send()
            mail_tried.send(sender=None, outcome=Sent.YES)
            return Sent.YES
        except SMTPRecipientsRefused:
            outcome = Sent.REFUSED
        except (OSError, SMTPException) as error:
            logger.error("A mail could not be sent: %s", error)
            outcome = Sent.LATER
        mail_tried.send(sender=None, outcome=outcome)
        self.close()  # who knows what state it is in: the next mail gets another one
        return outcome

    def close(self):
        if self.connection is not None:
            try:
                self.connection.close()
            except (OSError, SMTPException) as error:
                logger.info("A connection to the mail server did not close: %s", error)
        self.connection = None


def message_to(user, template, context, *, what):
    """A mail to `user` from `<template>_subject.txt` and `<template>_message.txt`.

    `what` is the kind of notification or DIGEST: the link in it, and the button that mail programs show (RFC 8058), stop
    mails of that kind. The team's decisions have neither.
    """
    link = "" if what in FIXED else unsubscribe_link(user, what)
    context = {
        **context,
        "user": user,
        "unsubscribe": link,
        "settings_link": absolute(reverse("notification_settings")),
    }
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    body = render_to_string(f"{template}_message.txt", context).strip() + "\n"
    headers = {"Auto-Submitted": "auto-generated"}
    if link:
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body, to=[user.email], headers=headers)


def absolute(path):
    return f"{settings.SITE_URL}{path}"


# --- The link that stops mails ----------------------------------------------------------------------------------------


def unsubscribe_link(user, what):
    """The address that stops mails of one kind to `user`. It works for ever, signed in or not, and can do nothing else."""
    token = signing.Signer(salt=SALT).sign_object([mail_key_of(user), str(what)])
    return absolute(reverse("unsubscribe", args=[token]))


def mail_key_of(user):
    """What stands for `user` in such links: random, made when it is first needed."""
    known = Profile.objects.filter(user=user.pk)
    key = known.values_list("mail_key", flat=True).get()
    if key is None:
        known.filter(mail_key__isnull=True).update(mail_key=secrets.token_urlsafe(16))
        key = known.values_list("mail_key", flat=True).get()
    return key


def read_token(token):
    """(Profile with its user, kind or DIGEST) of such a link's token; None where it was not made here."""
    try:
        key, what = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    profile = Profile.objects.select_related("user").filter(mail_key=key).first()
    return (profile, what) if profile and (what == DIGEST or what in Kind.values) else None
