"""Invitations to the staff."""

import hashlib

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class InvitationQuerySet(models.QuerySet):
    """Words for invitations."""

    def open(self):
        """Neither used nor expired."""
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now())

    def for_token(self, token):
        """Those (one, or none) whose link holds this token."""
        return self.filter(token_sha256=hash_of_token(token))


class Invitation(models.Model):
    """One link, sent to one address, that makes whoever takes it up a member of one staff group. Works once."""

    email = models.EmailField(_("email address"))
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name=_("group"))
    # The token itself is only in the link: who reads the database, or a backup, cannot make the link from it.
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("used by")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.email} ({self.group})"


def hash_of_token(token):
    """What the database keeps of a token: its SHA-256, as 64 hexadecimal digits. (Tokens are long and random.)"""
    return hashlib.sha256(token.encode()).hexdigest()
