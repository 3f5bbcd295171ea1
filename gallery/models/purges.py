"""What must go from the media host and out of the CDN: one row a folder whose files nobody may see any more."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PurgeQuerySet(models.QuerySet):
    """Purges in the product's words."""

    def waiting(self):
        """Folders whose files are gone, and which the CDN has yet to forget."""
        return self.filter(purged_at__isnull=True, files_gone_at__isnull=False)

    def due(self):
        """Those of them for which the CDN may be asked now."""
        return self.waiting().filter(retry_at__lte=timezone.now())


class Purge(models.Model):
    """One folder of the media host that is withdrawn: its files are deleted, then the CDN forgets it by one wildcard.

    Written in the transaction that hides, so that whatever a crash or an outage interrupts is found and done again; for a
    photo that comes to a visible post also before its files are copied, and struck off once they are shown.
    """

    # "<publication>/" for a whole post or picture, "<publication>/<photo>/" for one photo of a post.
    path = models.CharField(_("folder"), max_length=70, unique=True)
    files_gone_at = models.DateTimeField(_("files deleted"), null=True, blank=True)
    purged_at = models.DateTimeField(_("purged"), null=True, blank=True)
    # When the CDN was last asked: its limits are kept by counting these.
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("try again at"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PurgeQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        indexes = [
            models.Index(fields=["retry_at"], name="purges_due", condition=models.Q(purged_at__isnull=True)),
            models.Index(fields=["asked_at"], name="purges_asked_for"),
        ]

    def __str__(self):
        return self.path
