"""Mail by a sender's API over HTTPS, with the errors of a mail server: whoever sends mail here knows no other."""

from smtplib import SMTPException, SMTPRecipientsRefused

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend


class SenderBackend(BaseEmailBackend):
    """Hands mails to settings.SENDER_BACKEND, one of Anymail's.

    Raises SMTPRecipientsRefused where it will never take a mail to that address, SMTPException where it refuses one for
    another reason or does not answer: mails are tried again as after any mail server that was down. Anymail's own words
    quote addresses and whole mails, which no log shall keep: the status and the kind of error are all that is passed on.
    """

    def __init__(self, fail_silently=False, **options):
        super().__init__(fail_silently=fail_silently)
        self.sender = get_connection(settings.SENDER_BACKEND, fail_silently=fail_silently)

    def open(self):
        """Keep one connection for the mails that follow; returns whether it is a new one."""
        return self.sender.open()

    def close(self):
        self.sender.close()

    def send_messages(self, messages):
        """Send these mails; returns how many were taken. See the class for what it raises."""
        try:
            return self.sender.send_messages(messages)
        except AnymailRecipientsRefused:
            raise SMTPRecipientsRefused({}) from None
        except AnymailError as error:
            status = getattr(error, "status_code", None)
            said = f"answered {status}" if status else type(error.__cause__ or error).__name__
            raise SMTPException(f"{settings.MAIL_PROVIDER}: {said}") from None
