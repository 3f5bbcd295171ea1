"""Pictures that must not come back: what staff took down, by the hash of its bytes and of what it looks like."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..ids import new_short_id


class BannedPicture(models.Model):
    """One picture that nobody may publish again. What a member deleted is none."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    # What it looks like, as 64 hexadecimal digits; empty where only its bytes are known. See `gallery.likeness`.
    likeness = models.CharField(_("likeness"), max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # The post that was taken down; empty where staff entered the hash.
    about = models.CharField(_("post"), max_length=10, blank=True)
    # While its public look-alikes are to be found: when that is due. See `gallery.look_alikes`.
    alike_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("banned picture")
        verbose_name_plural = _("banned pictures")
        indexes = [
            models.Index(fields=["-added_at", "-sha256"], name="banned_pictures_newest"),
            models.Index(
                fields=["alike_due_at"], name="banned_look_alikes_due", condition=models.Q(alike_due_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.sha256[:12]


class Match(models.Model):
    """What is, or looks like, a banned picture: held until staff have looked. Those of profile pictures are community's."""

    class State(models.TextChoices):
        HELD = "held", _("Held for review")
        LET_THROUGH = "let_through", _("Let through")
        CONFIRMED = "confirmed", _("Confirmed")

    key = models.CharField(max_length=10, unique=True, default=new_short_id, editable=False)
    # Bits in which the two likenesses differ; null where the bytes are the same.
    distance = models.PositiveSmallIntegerField(_("distance"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.HELD)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        abstract = True


class BanMatch(Match):
    """A photo that matches."""

    photo = models.ForeignKey("gallery.Photo", models.CASCADE, related_name="matches", verbose_name=_("photo"))
    banned = models.ForeignKey(BannedPicture, models.CASCADE, related_name="matches", verbose_name=_("banned picture"))

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [models.UniqueConstraint(fields=["photo", "banned"], name="one_match_of_photo_and_picture")]
        indexes = [models.Index(fields=["state", "-found_at", "-key"], name="ban_matches_newest")]

    def __str__(self):
        return f"{self.photo_id} {self.state}"
