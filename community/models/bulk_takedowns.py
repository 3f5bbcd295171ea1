"""Taking down all posts of a member: how far it is, and which posts it was."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.ids import new_short_id

from .cases import Decision


class BulkTakedown(models.Model):
    """All posts of one member, taken down one after the other by one decision: see `community.bulk_takedowns`."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    key = models.CharField(_("reference"), max_length=10, unique=True, default=new_short_id, editable=False)
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="bulk", verbose_name=_("decision"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_takedowns", verbose_name=_("member")
    )
    # In whose name posts are taken down, and are brought back.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken down by")
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undo_reason = models.TextField(_("why it is undone"), blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.RUNNING)
    # Posts: those that there were when it began, taken down by it, that could not be, and brought back when it is undone.
    total = models.PositiveIntegerField(_("posts"), default=0)
    done = models.PositiveIntegerField(_("taken down"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    restored = models.PositiveIntegerField(_("brought back"), default=0)
    made_at = models.DateTimeField(_("begun"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # While there is something left to do: when the sweeper looks whether its worker was killed.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("takedown of all posts")
        verbose_name_plural = _("takedowns of all posts")
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                name="one_bulk_takedown_of_a_member",
                condition=models.Q(state__in=["running", "undoing"]),
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-made_at"], name="bulk_takedowns_of_member"),
            models.Index(fields=["due_at"], name="bulk_takedowns_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self):
        return self.key

    @property
    def is_active(self):
        """Whether a worker has something to do for it."""
        return self.state in (self.State.RUNNING, self.State.UNDOING)

    @property
    def is_undoing(self):
        return self.state in (self.State.UNDOING, self.State.UNDONE)

    @property
    def is_short(self):
        """Whether its undoing has ended before all was back."""
        return self.state == self.State.UNDONE and self.restored < self.done

    @property
    def steps(self):
        """(posts that are dealt with, posts in all), as a progress bar has them: of the undoing, once that has begun."""
        if self.is_undoing:
            return self.restored, max(self.done, self.restored)
        return self.done + self.failed, max(self.total, self.done + self.failed)


class BulkTakedownPost(models.Model):
    """One post that such a takedown took down, or could not."""

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken down")
        FAILED = "failed", _("Could not be taken down")
        STUCK = "stuck", _("Could not be brought back")
        # By undoing, or by staff on the post's own page: whoever takes it down again later does so for another reason.
        RESTORED = "restored", _("Brought back")

    job = models.ForeignKey(BulkTakedown, models.CASCADE, related_name="posts", verbose_name=_("takedown"))
    post = models.ForeignKey("gallery.PostPage", models.CASCADE, related_name="bulk_takedowns", verbose_name=_("post"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.TAKEN)
    reason = models.CharField(_("why not"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("post of such a takedown")
        verbose_name_plural = _("posts of such takedowns")
        constraints = [models.UniqueConstraint(fields=["job", "post"], name="one_row_of_a_post_in_a_bulk_takedown")]
        indexes = [models.Index(fields=["job", "state", "post"], name="bulk_takedown_posts_by_state")]

    def __str__(self):
        return f"{self.job_id} {self.state}"
