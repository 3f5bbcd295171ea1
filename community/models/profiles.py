"""What members say of themselves, and what they chose for themselves. Apart from the account, which lists of posts join."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gallery.states import TeamState


class Digest(models.TextChoices):
    """How often what is new is mailed together."""

    NEVER = "never", _("Never")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")


class Profile(models.Model):
    """One row for each account, made with it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="profile")
    biography = models.TextField(_("biography"), max_length=500, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    link = models.URLField(_("link"), max_length=200, blank=True)
    # The team's state of the words above: taken down, others see none of them.
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)
    team_reason = models.TextField(_("reason"), blank=True)
    # The name that the team took down: {"name", "instead" (what stands there until they choose another), "reason", "at"}.
    name_taken_down = models.JSONField(_("name taken down"), default=dict, db_default={}, blank=True)
    # Comments with one of these are folded away for this member: words as typed, one a line.
    hidden_words = models.TextField(_("hidden words"), max_length=2000, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    # What is mailed together, and when that was last done.
    digest = models.CharField(_("digest"), max_length=6, choices=Digest.choices, default=Digest.NEVER)
    digest_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Stands for the member in links that end mails, which must work for ever and tell nobody who it is; made when needed.
    mail_key = models.CharField(max_length=22, unique=True, null=True, blank=True, default=None, editable=False)
    # {kind: {"app": bool, "email": bool}} where it differs from what is usual for that kind.
    notification_choices = models.JSONField(default=dict, blank=True, editable=False)

    # Wishes that a task carries out: what was posted, and who asked to follow, until then. Null once all is done.
    narrow_before = models.DateTimeField(null=True, blank=True, editable=False)
    accept_before = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = [
            models.Index(
                fields=["digest", "digest_sent_at"], name="digests_due", condition=~models.Q(digest=Digest.NEVER)
            ),
            models.Index(
                fields=["user"],
                name="privacy_to_follow",
                condition=models.Q(narrow_before__isnull=False) | models.Q(accept_before__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.user_id}"
