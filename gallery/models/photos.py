"""Photos of a post, and publications: what of a post lies on the media host."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..ids import new_secret_name, new_short_id
from ..states import ProcessingState, TeamState
from .processing import Processed


class PhotoQuerySet(models.QuerySet):
    """Photos in the product's words."""

    def current(self):
        """Photos that are in their post: not taken out by its author."""
        return self.filter(removed_at__isnull=True)

    def in_place(self):
        """Photos that stand in their post: current, and not waiting to take another one's place."""
        return self.current().filter(replaces__isnull=True)

    def showable(self):
        """Photos whose files may be public where their post's may: in their post, ready, and not the team's."""
        return self.in_place().filter(state=ProcessingState.READY, team_state=TeamState.NONE)


class Photo(Processed):
    """One place in one post: its picture, its words, and how far the renditions are."""

    # What addresses and forms call it: never a primary key.
    key = models.CharField(_("key"), max_length=10, unique=True, default=new_short_id, editable=False)

    # PROTECT on both sides: neither Wagtail's page tree nor its image library can take a photo along by a cascade.
    post = models.ForeignKey("gallery.PostPage", models.PROTECT, related_name="photos", verbose_name=_("post"))
    picture = models.OneToOneField("gallery.Picture", models.PROTECT, related_name="photo", verbose_name=_("picture"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    alt_text = models.CharField(_("alternative text"), max_length=1000, blank=True)
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)

    # When its author took it out of the post: the team keeps it, nobody else reaches it.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    # The photo whose place this one takes once it is ready; until then that one stays where it is.
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("replaces")
    )

    objects = PhotoQuerySet.as_manager()

    # Photos are found by their post, never by Wagtail's index of references.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["post", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "position"],
                name="one_photo_per_position",
                condition=models.Q(removed_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["retry_at"], name="photos_to_process", condition=models.Q(state=ProcessingState.PENDING)
            ),
            models.Index(
                fields=["created_at"], name="photos_that_failed", condition=models.Q(state=ProcessingState.FAILED)
            ),
            # Ready, and on their way into a visible post.
            models.Index(
                fields=["retry_at"],
                name="photos_to_show",
                condition=models.Q(state=ProcessingState.READY, retry_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.alt_text or str(_("Photo"))

    @property
    def is_in_place(self):
        """Whether it stands in its post: neither taken out nor waiting to take another one's place."""
        return self.removed_at is None and self.replaces_id is None

    @property
    def was_shown(self):
        """Whether others may have seen it: then it is kept for the team when its author takes it out.

        Whatever was there when its post was first seen was ready then, whatever has become of its renditions since.
        """
        published_at = self.post.published_at
        return (
            published_at is not None and self.replaces_id is None and (self.is_ready or self.created_at <= published_at)
        )

    @property
    def is_showable(self):
        """The rule of `showable()` for this instance."""
        return self.is_in_place and self.is_ready and self.team_state == TeamState.NONE


class Publication(models.Model):
    """Files of one post, or of one editorial picture, on the media host, all below one random prefix.

    A row is committed before the first file is copied and closed after the last is gone, so that what a crash leaves is
    always named: `opening` (copies may lie there, no page shows them), `open`, `closing` (no page shows them, files may
    still lie there), `closed`. A closed row stays: its names are the addresses that a takedown must answer for.
    """

    class State(models.TextChoices):
        OPENING = "opening", _("Opening")
        OPEN = "open", _("Open")
        CLOSING = "closing", _("Closing")
        CLOSED = "closed", _("Closed")

    prefix = models.CharField(_("prefix"), max_length=32, unique=True, default=new_secret_name)
    post = models.ForeignKey(
        "gallery.PostPage", models.PROTECT, null=True, blank=True, related_name="publications", verbose_name=_("post")
    )
    # An editorial picture may be deleted by staff; the closed publication still knows what its files were called.
    picture = models.ForeignKey(
        "gallery.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("picture"),
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPENING)
    # Every name that was ever copied below the prefix, in full: "<prefix>/<photo>/<file>.webp".
    names = models.JSONField(_("names"), default=list, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["post"], name="one_open_publication_per_post", condition=models.Q(state="open")
            ),
        ]
        indexes = [
            models.Index(
                fields=["changed_at"],
                name="publications_to_finish",
                condition=models.Q(state__in=["opening", "closing"]),
            )
        ]

    def __str__(self):
        return f"{self.prefix} ({self.get_state_display()})"
