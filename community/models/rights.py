"""Members' rights over their account and data: signed-in devices, exports, names that they had."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.ids import new_short_id


class Device(models.Model):
    """One place where a member is signed in: a session of theirs. It knows neither an address nor a user agent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices", verbose_name=_("member"))
    key = models.CharField(max_length=10, unique=True, default=new_short_id, editable=False)
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True)  # what the member calls it, if they want to
    signed_in_at = models.DateTimeField(_("signed in"), default=timezone.now)
    seen_on = models.DateField(_("last seen"), null=True, blank=True)  # to the day

    class Meta:
        verbose_name = _("signed-in device")
        verbose_name_plural = _("signed-in devices")
        indexes = [models.Index(fields=["user", "-signed_in_at"], name="devices_of_member")]

    def __str__(self):
        return self.name or str(self.signed_in_at)


class Export(models.Model):
    """Everything of a member's as one file, which they can fetch by a private link until it expires."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("member"))
    key = models.CharField(max_length=43, unique=True, editable=False)  # secret: its address
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    file = models.CharField(
        max_length=150, blank=True, default="", editable=False
    )  # name in the vault, derived/exports/
    size = models.BigIntegerField(_("size in bytes"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [models.Index(fields=["user", "-created_at"], name="exports_of_member")]

    def __str__(self):
        return f"{self.user_id}, {self.created_at}"
