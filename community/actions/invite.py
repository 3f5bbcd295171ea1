"""Invite somebody to the staff: a link that works once, for one address, for a limited time."""

import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down_staff

from .. import permissions
from ..mailing import Sent, mail_tried
from ..models import Invitation
from ..models.invitations import hash_of_token

logger = logging.getLogger(__name__)


def invite(email, group_name, *, by):
    """Invite `email` into the group called `group_name`, and mail the link; returns (Invitation, link, mailed).

    An open invitation of that address to that group ends. `by` None is an operator at the command line. Raises
    PermissionDenied, or ValidationError for an address or a group that is none.
    """
    if by is not None and not permissions.may_choose_staff(by):
        raise PermissionDenied(_("Only administrators invite staff."))
    email = email.strip().lower()
    validate_email(email)
    group = Group.objects.filter(name=group_name).first()
    if group is None:
        raise ValidationError(_("There is no group called “%(name)s”.") % {"name": group_name})
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with transaction.atomic():
        Invitation.objects.open().filter(email=email, group=group).update(expires_at=now)
        invitation = Invitation.objects.create(
            email=email,
            group=group,
            token_sha256=hash_of_token(token),
            invited_by=by,
            expires_at=now + timedelta(days=settings.INVITATION_DAYS),
        )
        write_down_staff(invitation, "pixlpix.invite", by=by, group=group.name)
    link = f"{settings.SITE_URL}{reverse('invitation', args=[token])}"
    return invitation, link, mail(invitation, link)


def mail(invitation, link):
    """Mail the link; False (and a line in the log) where the mail server does not take it."""
    context = {"invitation": invitation, "link": link, "site_url": settings.SITE_URL}
    subject = " ".join(render_to_string("community/email/invitation_subject.txt", context).split())
    body = render_to_string("community/email/invitation_message.txt", context).strip()
    try:
        EmailMessage(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body, to=[invitation.email]).send()
        mail_tried.send(sender=None, outcome=Sent.YES)
    except (OSError, SMTPException) as error:
        mail_tried.send(sender=None, outcome=Sent.LATER)
        logger.error("An invitation could not be mailed: %s", error)
        return False
    return True
