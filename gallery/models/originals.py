"""Originals: the bytes as they came, one row a content hash. A row outlives the pictures that used it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Original(models.Model):
    """One file in the vault, named by the SHA-256 of its content."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    mime = models.CharField(_("type"), max_length=40)
    width = models.PositiveIntegerField(_("width in pixels, upright"))
    height = models.PositiveIntegerField(_("height in pixels, upright"))
    # What it looks like, as hexadecimal digits; empty until it was looked at. See `gallery.likeness`.
    likeness = models.CharField(_("likeness"), max_length=64, blank=True, default="", db_default="")
    first_seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first by")
    )
    # Set with the first picture and never cleared: what was attached once is kept for the team; what never was expires.
    attached_at = models.DateTimeField(_("first attached"), null=True, blank=True)

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")
        indexes = [
            models.Index(
                fields=["first_seen_at"], name="unattached_originals", condition=models.Q(attached_at__isnull=True)
            )
        ]

    def __str__(self):
        return self.sha256[:12]

    @property
    def name(self):
        """Its name in the vault."""
        return name_in_vault(self.sha256)


def name_in_vault(sha256):
    """The vault's name for content with this SHA-256 (64 hexadecimal digits): two levels of folders, then the hash."""
    return f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}"
