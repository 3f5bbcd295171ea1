"""What is wrong with the site right now, as far as somebody is to be told."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """One kind of trouble while it lasts; gone once it is over. See alerts.py."""

    kind = models.CharField(_("kind"), max_length=20, unique=True)
    # How often it happened since the last mail, or how many things are in this trouble.
    count = models.PositiveIntegerField(_("how many"), default=0)
    words = models.TextField(_("what"), blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    last_at = models.DateTimeField(_("last seen"), default=timezone.now)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    # The last mail about it was not taken: only the console and the log tell.
    is_untold = models.BooleanField(_("could not be mailed"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")

    def __str__(self):
        return self.kind
