"""Shared galleries: rows, never moves in the tree. What is a contributor's stays in their own gallery, and theirs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Contributor(models.Model):
    """A member whom a gallery's owner invited to add posts; with `accepted_at`, one who does."""

    gallery = models.ForeignKey(
        "gallery.GalleryPage", models.CASCADE, related_name="contributors", verbose_name=_("gallery")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shared_galleries", verbose_name=_("member")
    )
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        constraints = [models.UniqueConstraint(fields=["gallery", "user"], name="once_invited_to_a_gallery")]
        indexes = [models.Index(fields=["user", "-accepted_at"], name="galleries_of_contributor")]

    def __str__(self):
        return f"{self.user_id} in {self.gallery_id}"


class GalleryEntry(models.Model):
    """A post of a contributor's in a shared gallery of somebody else's."""

    gallery = models.ForeignKey(
        "gallery.GalleryPage", models.CASCADE, related_name="entries", verbose_name=_("gallery")
    )
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="entries", verbose_name=_("post"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    # The post's own, which never moves: the order by date walks an index of these rows alone.
    published_at = models.DateTimeField(_("post published"))
    position = models.PositiveIntegerField(_("position"), default=0)  # where the gallery is ordered by hand

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [models.UniqueConstraint(fields=["gallery", "post"], name="once_in_a_shared_gallery")]
        indexes = [
            models.Index(fields=["gallery", "-published_at"], name="entries_by_date"),
            models.Index(fields=["gallery", "position", "-published_at"], name="entries_by_hand"),
            models.Index(fields=["added_by", "gallery"], name="entries_of_contributor"),
        ]

    def __str__(self):
        return f"{self.post_id} in {self.gallery_id}"
