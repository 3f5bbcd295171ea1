"""What was erased for good: nothing but hashes, by which its addresses answer 410 and its bytes are known again."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One thing that was erased, by the SHA-256 of its name (a post's short id) or of its bytes (an original)."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        ORIGINAL = "original", _("Original")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    erased_at = models.DateTimeField(_("erased"), default=timezone.now)
    # Why, where staff erased it; empty where its member left and their account was erased.
    reason = models.TextField(_("reason"), blank=True)
    # Until when backups still hold it.
    in_backups_until = models.DateTimeField(_("in backups until"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [models.UniqueConstraint(fields=["kind", "sha256"], name="one_erasure_of_one_thing")]

    def __str__(self):
        return f"{self.kind} {self.sha256[:12]}"

    @classmethod
    def digest(cls, name):
        return hashlib.sha256(name.encode()).hexdigest()

    @classmethod
    def of_post(cls, short_id):
        """Whether a post with this short id was erased."""
        return cls.objects.filter(kind=cls.Kind.POST, sha256=cls.digest(short_id)).exists()
