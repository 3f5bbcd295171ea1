"""Uploads on their way: a file that arrives in parts, and may be resumed after a lost connection."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..ids import new_secret_name

UNFINISHED_KEPT = timedelta(hours=24)  # since its last part
FINISHED_KEPT = timedelta(days=7)

UNFINISHED = Q(offset__lt=F("size"), refusal="")


class UploadQuerySet(models.QuerySet):
    def unfinished(self):
        """Uploads of which more is to come."""
        return self.filter(UNFINISHED)

    def expired(self):
        """Unfinished ones that nothing came of for a day, and finished or refused ones after seven."""
        now = timezone.now()
        given_up = UNFINISHED & Q(changed_at__lt=now - UNFINISHED_KEPT)
        return self.filter(given_up | (~UNFINISHED & Q(changed_at__lt=now - FINISHED_KEPT)))


class Upload(models.Model):
    """One file that a member is sending. Its parts lie in the scratch storage until the last one has come; then it is an
    original in the vault, and this row says which. A file's name is not kept: nobody needs it."""

    key = models.CharField(_("key"), max_length=32, unique=True, default=new_secret_name, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads", verbose_name=_("owner"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    offset = models.PositiveBigIntegerField(_("bytes that have come"), default=0)
    # Names of the parts in the scratch storage, in order.
    parts = models.JSONField(_("parts"), default=list, blank=True)
    original = models.ForeignKey(
        "gallery.Original", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("original")
    )
    # Why the complete file was refused, in words for its owner.
    refusal = models.CharField(_("refusal"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = UploadQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["changed_at"], name="uploads_to_expire")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("size")), name="upload_holds_no_more_than_announced"
            )
        ]

    def __str__(self):
        return f"{self.offset} / {self.size}"

    @property
    def is_complete(self):
        """Whether all of it came and lies in the vault. An original that expired takes this away again."""
        return self.original_id is not None

    @property
    def is_unfinished(self):
        """Whether more of it is to come: the rule of `unfinished()` for this instance."""
        return self.offset < self.size and not self.refusal
