"""What the team's machines note about the site: the console shows the newest of each kind."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OperationRecord(models.Model):
    """One backup, restore drill or restore, and how it went. Rows are written once and never changed.

    The machine that backs up reads the database; this is the one table that its user may add rows to (docs/backups.md).
    """

    kind = models.CharField(_("kind"), max_length=20)  # a word of `community.operations.KINDS`, or "restore"
    at = models.DateTimeField(_("at"), default=timezone.now)
    went_well = models.BooleanField(_("went well"))
    words = models.TextField(_("what it said"), blank=True)

    class Meta:
        verbose_name = _("record of operations")
        verbose_name_plural = _("records of operations")
        indexes = [models.Index(fields=["kind", "-at"], name="operations_newest")]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
