"""Ledger entries that the vault would not take in time, to be written out by the sweeper."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """One act that changed what a visitor may reach, waiting for the vault. Rows go once they are written there."""

    name = models.CharField(_("name in the vault"), max_length=100, unique=True)
    body = models.JSONField(_("body"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("pending ledger entry")
        verbose_name_plural = _("pending ledger entries")
        ordering = ["created_at"]

    def __str__(self):
        return self.name
