"""Comments on posts, with one level of replies; whom captions and comments mention; suggested alternative texts."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.ids import new_short_id
from gallery.states import TeamState


class RemovedBy(models.TextChoices):
    """Who removed a comment."""

    NOBODY = "", _("Nobody")
    AUTHOR = "author", _("Its author")
    POST_AUTHOR = "post_author", _("The post's author")
    TEAM = "team", _("The team")


# Shown with its words.
STANDING = models.Q(removed_by=RemovedBy.NOBODY, team_state=TeamState.NONE)
# Has a place in the list: with its words, or with "removed by ..." because others replied to it.
IN_PLACE = STANDING | models.Q(replies__gt=0)


class Comment(models.Model):
    """One comment. One that is removed or taken down keeps its text for the team for 90 days, and its place while it has
    replies."""

    key = models.CharField(_("key"), max_length=10, unique=True, default=new_short_id, editable=False)
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="comments", verbose_name=_("post"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", verbose_name=_("author")
    )
    # Of a reply: the comment it replies to, which is none itself.
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    text = models.TextField(_("text"), max_length=2000)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)

    removed_by = models.CharField(_("removed by"), max_length=11, choices=RemovedBy.choices, blank=True, default="")
    # Since when it does not stand, whoever decided that first: its text is kept for 90 days from then.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)
    team_reason = models.TextField(_("the team's reason"), blank=True)

    # Kept by `community.counters` with what they count.
    likes = models.PositiveIntegerField(default=0, editable=False)
    replies = models.PositiveIntegerField(default=0, editable=False)  # that are not removed

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(
                fields=["post", "-created_at", "-key"],
                name="comments_newest",
                condition=models.Q(parent__isnull=True) & IN_PLACE,
            ),
            models.Index(
                fields=["post", "-likes", "-key"],
                name="comments_top",
                condition=models.Q(parent__isnull=True) & IN_PLACE,
            ),
            models.Index(
                fields=["parent", "created_at", "key"],
                name="replies_oldest",
                condition=models.Q(parent__isnull=False) & STANDING,
            ),
            models.Index(fields=["author", "-created_at", "-key"], name="comments_of_member"),
            # Whose text is still to be forgotten.
            models.Index(
                fields=["removed_at"],
                name="removed_comments_with_text",
                condition=models.Q(removed_at__isnull=False) & ~models.Q(text=""),
            ),
            # What the console lists: all of them, and by who decided that they do not stand.
            models.Index(fields=["-created_at", "-key"], name="all_comments_newest"),
            models.Index(
                fields=["removed_by", "-removed_at", "-key"],
                name="comments_people_removed",
                condition=models.Q(removed_at__isnull=False) & ~models.Q(text=""),
            ),
            models.Index(
                fields=["-removed_at", "-key"],
                name="comments_team_took_down",
                condition=~models.Q(team_state=TeamState.NONE) & ~models.Q(text=""),
            ),
        ]

    def __str__(self):
        return self.key

    @property
    def is_standing(self):
        """Shown with its words: the rule of STANDING for this instance."""
        return self.removed_by == RemovedBy.NOBODY and self.team_state == TeamState.NONE

    def address(self):
        """Where it stands on the site with the comment it replies to and the other replies; `post` should be at hand."""
        return f"{reverse('comment', args=[self.post.short_id, self.key])}#c-{self.key}"


class Mention(models.Model):
    """A member whom a caption or a comment names with @username."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions", verbose_name=_("member")
    )
    # As it was typed, without the @, in lower case: the member may have another username by now.
    name = models.CharField(_("name"), max_length=30)
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="mentions", verbose_name=_("post"))
    # Null where the post's caption names them.
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="mentions")
    # Of a caption's: when they were told, which waits until they can see the post.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "name"], name="one_mention_in_a_caption", condition=models.Q(comment__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["comment", "name"], name="one_mention_in_a_comment", condition=models.Q(comment__isnull=False)
            ),
        ]

    def __str__(self):
        return f"@{self.name}"


class AltSuggestion(models.Model):
    """Words that somebody offers for a photo without an alternative text; its author takes or declines them."""

    photo = models.ForeignKey("gallery.Photo", models.CASCADE, related_name="suggestions", verbose_name=_("photo"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    key = models.CharField(max_length=10, unique=True, default=new_short_id, editable=False)
    text = models.TextField(_("text"), max_length=1000)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("suggested alternative text")
        verbose_name_plural = _("suggested alternative texts")
        constraints = [models.UniqueConstraint(fields=["photo", "by"], name="one_suggestion_of_a_member")]

    def __str__(self):
        return self.text
