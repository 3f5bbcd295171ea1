"""Photos of a post, and publications: what of a post lies on the media host."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..ids import new_secret_name
from ..states import ProcessingState, TeamState


class Photo(models.Model):
    """One place in one post: its picture, its words, and how far the renditions are."""

    # PROTECT on both sides: neither Wagtail's page tree nor its image library can take a photo along by a cascade.
    post = models.ForeignKey("gallery.PostPage", models.PROTECT, related_name="photos", verbose_name=_("post"))
    picture = models.OneToOneField("gallery.Picture", models.PROTECT, related_name="photo", verbose_name=_("picture"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    alt_text = models.CharField(_("alternative text"), max_length=1000, blank=True)
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)

    state = models.CharField(
        _("processing"), max_length=8, choices=ProcessingState.choices, default=ProcessingState.PENDING
    )
    # Why decoding refused it, in words for its author; empty unless the state is "failed".
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Past this moment the sweeper queues the photo again: its worker was killed, or storage failed.
    retry_at = models.DateTimeField(_("try again at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    # Photos are found by their post, never by Wagtail's index of references.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["post", "position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="one_photo_per_position"),
        ]
        indexes = [
            models.Index(
                fields=["retry_at"], name="photos_to_process", condition=models.Q(state=ProcessingState.PENDING)
            ),
            models.Index(
                fields=["created_at"], name="photos_that_failed", condition=models.Q(state=ProcessingState.FAILED)
            ),
        ]

    def __str__(self):
        return self.alt_text or str(_("Photo"))


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
