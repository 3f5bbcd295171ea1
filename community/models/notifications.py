"""What members are told about."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.ids import new_short_id


class Kind(models.TextChoices):
    """What happened."""

    FOLLOW = "follow", _("Somebody follows you")
    REQUEST = "request", _("Somebody asks to follow you")
    ACCEPTED = "accepted", _("A request of yours was accepted")
    LIKE = "like", _("Somebody likes your post")
    COMMENT_LIKE = "comment_like", _("Somebody likes your comment")
    COMMENT = "comment", _("Somebody comments on your post")
    REPLY = "reply", _("Somebody replies to your comment")
    MENTION = "mention", _("Somebody mentions you")
    SUGGESTION = "suggestion", _("Somebody suggests a description of your photo")
    GALLERY = "gallery", _("Shared galleries")
    PROMPT = "prompt", _("Results of prompts")
    MODERATION = "moderation", _("The team's decisions")


class Notification(models.Model):
    """One thing that a member is told; likes of one thing are one notification while it is unread."""

    key = models.CharField(max_length=10, unique=True, default=new_short_id, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # Who did it, or did it last; null for the team.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    # What it is about, as far as it is about one of these.
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, null=True, blank=True, related_name="+")
    comment = models.ForeignKey("community.Comment", models.CASCADE, null=True, blank=True, related_name="+")
    gallery = models.ForeignKey("gallery.GalleryPage", models.CASCADE, null=True, blank=True, related_name="+")
    prompt = models.ForeignKey("community.PromptPage", models.CASCADE, null=True, blank=True, related_name="+")
    # Words of the team, and what else a template needs.
    details = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)  # of the newest, where it is grouped
    since = models.DateTimeField(_("since"), null=True, blank=True)  # of the first, where it is grouped
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # When it is to be mailed by itself; null where it is not, or not any more. Digests ask for neither.
    mail_due_at = models.DateTimeField(_("to be mailed"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    # Whether it shows in the list of notifications: some kinds are only mailed.
    in_app = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "post"],
                name="likes_are_grouped_while_unread",
                condition=models.Q(kind=Kind.LIKE, read_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["recipient", "comment"],
                name="comment_likes_are_grouped_while_unread",
                condition=models.Q(kind=Kind.COMMENT_LIKE, read_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-created_at", "-key"],
                name="notifications_newest",
                condition=models.Q(in_app=True),
            ),
            models.Index(
                fields=["recipient", "-created_at", "-key"],
                name="notifications_unread",
                condition=models.Q(read_at__isnull=True, in_app=True),
            ),
            models.Index(
                fields=["mail_due_at", "recipient"],
                name="notifications_to_mail",
                condition=models.Q(mail_due_at__isnull=False),
            ),
            # What the sweeper prunes.
            models.Index(
                fields=["read_at"],
                name="notifications_read",
                condition=models.Q(read_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.recipient_id}"
