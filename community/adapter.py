"""Where allauth asks us: how an account is made, what counts as a visitor's address, and what goes into mails."""

import hashlib
import hmac
import logging
import secrets
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import invitations, returning
from .actions.come_back import may_come_back
from .actions.create_account import create_account
from .mailing import Sent, mail_tried
from .models import PolicyVersion, TakenName, User
from .names import suggestions

logger = logging.getLogger(__name__)

A_DAY = 24 * 60 * 60  # seconds


class AccountAdapter(DefaultAccountAdapter):
    """allauth with our own way of making accounts, and no address of a visitor kept anywhere."""

    def save_user(self, request, user, form, commit=True):
        """Make the account from the sign-up form. Raises ValidationError, by field, for what a race took away."""
        data = form.cleaned_data
        with transaction.atomic():
            user = create_account(
                username=data["username"],
                email=data["email"],
                name=data["name"],
                password=data["password1"],
                policy=PolicyVersion.objects.published().filter(number=data["policy"]).first(),
                confirmed_age=settings.MINIMUM_AGE,
            )
            invitations.redeem_from_session(request, user)
        return user

    def clean_username(self, username, shallow=False):
        """The username in lower case. Raises ValidationError, with suggestions, for one that is taken or refused."""
        username = username.lower()
        try:
            for validator in User._meta.get_field("username").validators:
                validator(username)
        except ValidationError as refusal:
            if refusal.code != "reserved":
                raise
            raise ValidationError(with_suggestions(refusal.messages[0], username), code="reserved") from refusal
        if not TakenName.is_free(username):
            words = _("This name is taken, or too easily confused with one that is.")
            raise ValidationError(with_suggestions(words, username), code="taken")
        return username

    def confirm_email(self, request, email_address):
        """Confirm an address, unless another account has it, verified or not."""
        others = User.objects.exclude(pk=email_address.user_id).filter(email=email_address.email)
        if others.exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        with transaction.atomic():
            return super().confirm_email(request, email_address)

    def get_client_ip(self, request):
        """What the rate limits count by: a keyed hash of the address, whose key is random and lasts a day.

        The address itself stands in no cache key, and once the key is gone, at midnight (UTC), no hash can be told back
        into one. The key is in the cache alone; `get_or_set` adds it, so that of several processes one makes it for all.
        """
        address = truncate_ip(super().get_client_ip(request))
        now = timezone.now()
        name = f"community.address-key:{now:%Y-%m-%d}"
        key = cache.get_or_set(name, secrets.token_hex, A_DAY - (now.hour * 60 + now.minute) * 60 - now.second)
        return hmac.new(f"{key}{settings.SECRET_KEY}".encode(), address.encode(), hashlib.sha256).hexdigest()

    def get_http_user_agent(self, request):
        """Nothing: no mail and no table names a browser."""
        return ""

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell a member that their password or address changed, without the address and browser that allauth adds."""
        email = email or user.email
        self.send_mail(template_prefix, email, {"timestamp": timezone.now(), "user": user, **(context or {})})

    def send_mail(self, template_prefix, email, context):
        """Send a mail; a mail server that is down is logged and told, and breaks nothing."""
        try:
            super().send_mail(template_prefix, email, context)
            mail_tried.send(sender=None, outcome=Sent.YES)
        except (OSError, SMTPException) as error:
            mail_tried.send(sender=None, outcome=Sent.LATER)
            logger.error("Mail %s could not be sent: %s", template_prefix, error)
            if self.request is not None:
                words = _("We could not send you a mail just now. Please try again in a few minutes.")
                self.add_message(self.request, messages.ERROR, message=words)

    def pre_login(self, request, user, **details):
        """Let one who left and may come back go on to their second factor; everybody else as allauth does."""
        if may_come_back(user):
            return None
        return super().pre_login(request, user, **details)

    def login(self, request, user):
        """Sign in; one who left is asked first whether they want to come back, and is not signed in before."""
        if may_come_back(user):
            returning.remember(request, user)
            raise ImmediateHttpResponse(redirect("come_back"))
        super().login(request, user)

    def get_password_change_redirect_url(self, request):
        return reverse("settings")


def with_suggestions(words, username):
    """The message `words`, and names near `username` that are free."""
    free = suggestions(username, TakenName.is_free)
    if not free:
        return words
    return _("%(words)s Still free, for example: %(names)s.") % {"words": words, "names": ", ".join(free)}
