"""The states that decide who can reach a post, a gallery or a photo.

Two columns, and neither side touches the other's: the author's state and the team's. So staff's Restore never
republishes what its author deleted, and an author's undo never what staff took down.
"""

from django.db.models import IntegerChoices, Q, TextChoices
from django.utils.translation import gettext_lazy as _


class AuthorState(TextChoices):
    """What its author has made of it."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Deleted by its author")


class TeamState(TextChoices):
    """What the team has made of it."""

    NONE = "none", _("Nothing")
    HELD = "held", _("Held for review")
    TAKEN_DOWN = "taken_down", _("Taken down")
    ERASED = "erased", _("Erased")


class Visibility(TextChoices):
    """Whom the author shows it to. Ordered from wide to narrow: see `narrower`."""

    PUBLIC = "public", _("Everyone")
    UNLISTED = "unlisted", _("Everyone with the link")
    FOLLOWERS = "followers", _("Followers")


class HiddenBy(IntegerChoices):
    """Why a post is out of reach though its own states would show it. Flags, added up in `hidden_by`."""

    AUTHOR_SUSPENDED = 1, _("Its author is suspended")
    AUTHOR_LEFT = 2, _("Its author has left")
    GALLERY_WITHDRAWN = 4, _("Its gallery was deleted")
    GALLERY_TAKEN_DOWN = 8, _("Its gallery was taken down")


class ProcessingState(TextChoices):
    """Where a photo is on its way from bytes to renditions."""

    PENDING = "pending", _("Processing")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be processed")


# Visible: published, nothing from the team, all photos ready, not hidden. Columns of the post's own row alone, so that
# partial indexes serve it; `community.visibility.posts_for` adds what its gallery's and author's rows say.
VISIBLE = Q(author_state=AuthorState.PUBLISHED, team_state=TeamState.NONE, photos_ready=True, hidden_by=0)
# Listed: visible, and public.
LISTED = VISIBLE & Q(effective_visibility=Visibility.PUBLIC)


def narrower(one, other):
    """The narrower of two visibilities: a public post in an unlisted gallery is unlisted."""
    order = Visibility.values
    return max(one, other, key=order.index)
