"""How people stand to each other: follows and requests to follow, blocks, mutes; and the hashtags they follow."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Follow(models.Model):
    """One member follows another, or has asked to: then `accepted_at` is null, and they see no more than before."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="following", verbose_name=_("follower")
    )
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="followers", verbose_name=_("followed")
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="one_follow_for_two_people"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("followed")), name="nobody_follows_themselves"
            ),
        ]
        indexes = [
            models.Index(
                fields=["followed", "-accepted_at", "-id"],
                name="followers_newest",
                condition=models.Q(accepted_at__isnull=False),
            ),
            models.Index(
                fields=["follower", "-accepted_at", "-id"],
                name="following_newest",
                condition=models.Q(accepted_at__isnull=False),
            ),
            models.Index(
                fields=["followed", "-created_at", "-id"],
                name="follow_requests",
                condition=models.Q(accepted_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.follower_id} → {self.followed_id}"


class Block(models.Model):
    """Two people of whom neither sees the other anywhere, because one of them wants it so."""

    blocker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks", verbose_name=_("blocker")
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocked_by", verbose_name=_("blocked")
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block_for_two_people"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self):
        return f"{self.blocker_id} ⊘ {self.blocked_id}"


class Mute(models.Model):
    """A member whose posts and notifications go quiet for another, who tells nobody."""

    muter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes", verbose_name=_("muter"))
    muted = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("muted"))
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="one_mute_for_two_people"),
            models.CheckConstraint(condition=~models.Q(muter=models.F("muted")), name="nobody_mutes_themselves"),
        ]

    def __str__(self):
        return f"{self.muter_id} / {self.muted_id}"


class HashtagFollow(models.Model):
    """A member follows a hashtag."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="hashtags_followed", verbose_name=_("member")
    )
    hashtag = models.ForeignKey("gallery.Hashtag", models.CASCADE, related_name="+", verbose_name=_("hashtag"))
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("followed hashtag")
        verbose_name_plural = _("followed hashtags")
        constraints = [models.UniqueConstraint(fields=["user", "hashtag"], name="one_follow_of_a_hashtag")]

    def __str__(self):
        return f"{self.user_id} → #{self.hashtag_id}"
