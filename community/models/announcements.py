"""What staff announce on every page, and who has put it aside."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from gallery.ids import new_short_id

from ..rich_text import shown


class Announcement(models.Model):
    """A few words above every page, from one moment until another or until they are put aside."""

    class Audience(models.TextChoices):
        ALL = "all", _("Everybody, visitors too")
        MEMBERS = "members", _("Members")
        STAFF = "staff", _("Staff")

    key = models.CharField(max_length=10, unique=True, default=new_short_id, editable=False)
    text = RichTextField(_("text"), features=["bold", "italic", "link"], help_text=_("One or two sentences."))
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until it is deleted."))
    audience = models.CharField(_("for"), max_length=7, choices=Audience.choices, default=Audience.MEMBERS)
    dismissible = models.BooleanField(
        _("can be put aside"), default=True, help_text=_("Members can; visitors see it as long as it lasts.")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["ends_at"], name="announcements_ending")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="announcement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=["all", "members", "staff"]), name="announcement_is_for_somebody"
            ),
        ]

    def __str__(self):
        return self.key

    def save(self, *args, **kwargs):
        from .. import announcing

        super().save(*args, **kwargs)
        announcing.forget()

    def delete(self, *args, **kwargs):
        from .. import announcing

        deleted = super().delete(*args, **kwargs)
        announcing.forget()
        return deleted

    def shown_text(self):
        """The text as HTML to show."""
        return shown(self.text)


class Dismissal(models.Model):
    """A member has put an announcement aside: it is not shown to them again."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="dismissals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dismissals")
    at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "announcement"], name="put_aside_once")]

    def __str__(self):
        return f"{self.announcement_id} by {self.user_id}"
