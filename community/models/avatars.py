"""Profile pictures: one row for each that a member ever chose. Whoever has none is shown by drawn initials."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gallery.models.bans import BannedPicture, Match
from gallery.models.processing import Processed
from gallery.states import ProcessingState, TeamState


class AvatarQuerySet(models.QuerySet):
    """Profile pictures in the product's words."""

    def current(self):
        """Those that their member has neither replaced nor removed."""
        return self.filter(removed_at__isnull=True)

    def in_place(self):
        """What stands beside their member's name where visitors may see the member: at most one of each."""
        return self.filter(IN_PLACE)

    def to_place(self):
        """Ready, and still to take the place of the one before: its worker was killed, or a storage failed."""
        return self.current().filter(state=ProcessingState.READY, retry_at__isnull=False)


# Ready alone is not enough: while `retry_at` is set, its files are still to be published and the one before has the place.
IN_PLACE = models.Q(
    removed_at__isnull=True, team_state=TeamState.NONE, state=ProcessingState.READY, retry_at__isnull=True
)


class Avatar(Processed):
    """One profile picture, cut square by its member. The one before stays shown until the next is ready."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="avatars", verbose_name=_("member"))
    picture = models.OneToOneField("gallery.Picture", models.PROTECT, related_name="avatar", verbose_name=_("picture"))
    # The square, in pixels of the upright original; a side of 0 is the largest one in the middle.
    crop_left = models.PositiveIntegerField(_("left"), default=0)
    crop_top = models.PositiveIntegerField(_("top"), default=0)
    crop_side = models.PositiveIntegerField(_("side"), default=0)
    team_state = models.CharField(_("team's state"), max_length=12, choices=TeamState.choices, default=TeamState.NONE)
    team_reason = models.TextField(_("reason"), blank=True)  # what its member is told of a takedown
    # When another took its place, or its member removed it: the team keeps it, nobody else reaches it.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = AvatarQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("profile picture")
        verbose_name_plural = _("profile pictures")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                name="one_profile_picture_per_member",
                condition=IN_PLACE,
            ),
        ]
        indexes = [
            models.Index(
                fields=["retry_at"], name="avatars_to_process", condition=models.Q(state=ProcessingState.PENDING)
            ),
            models.Index(
                fields=["retry_at"],
                name="avatars_to_place",
                condition=models.Q(state=ProcessingState.READY, retry_at__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.user)

    @property
    def is_in_place(self):
        """The rule of `in_place()` for this instance."""
        return self.removed_at is None and self.team_state == TeamState.NONE and self.is_ready and not self.retry_at

    @property
    def key(self):
        """What the console's addresses call it: all cuts of one original go together."""
        return self.picture.original.sha256[:16]


class AvatarMatch(Match):
    """A profile picture that is, or looks like, a banned picture: initials stand in its place until staff have looked."""

    avatar = models.ForeignKey(Avatar, models.CASCADE, related_name="matches", verbose_name=_("profile picture"))
    banned = models.ForeignKey(
        BannedPicture, models.CASCADE, related_name="avatar_matches", verbose_name=_("banned picture")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("match of a profile picture")
        verbose_name_plural = _("matches of profile pictures")
        constraints = [models.UniqueConstraint(fields=["avatar", "banned"], name="one_match_of_avatar_and_picture")]
        indexes = [models.Index(fields=["state", "-found_at", "-key"], name="avatar_matches_newest")]

    def __str__(self):
        return f"{self.avatar_id} {self.state}"
