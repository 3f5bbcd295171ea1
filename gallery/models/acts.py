"""The log of what members do. Staff's acts stand in Wagtail's log; a million members' would drown its site history."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberAct(models.Model):
    """One thing that a member did to something of theirs. Rows are written once and never changed."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        GALLERY = "gallery", _("Gallery")
        MEMBER = "member", _("Member")

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("member"))
    act = models.CharField(_("act"), max_length=40)  # "post.published", "gallery.renamed", "member.left"
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    # The post's short id, "username/gallery slug", or the username: what survives a deleted row and names no person anew.
    key = models.CharField(_("key"), max_length=120)
    details = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("member's act")
        verbose_name_plural = _("members' acts")
        indexes = [
            models.Index(fields=["kind", "key", "-at"], name="acts_on_one_thing"),
            models.Index(fields=["actor", "-at"], name="acts_of_one_member"),
        ]

    def __str__(self):
        return f"{self.act} {self.key}"
