"""Have a draft published by itself at a time to come."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock
from ..states import AuthorState
from .publish_draft import check

FURTHEST = timedelta(days=366)


def schedule_post(post, *, by, at):
    """Publish the draft `post` at `at` (aware datetime), or at another time than before; returns the saved post.

    Until then its author and staff alone see it; the sweeper publishes it, at most a minute late. Raises PermissionDenied,
    or ValidationError for a time that has passed or is more than a year away, and for what could not be published now.
    """
    with transaction.atomic():
        post = lock(post)
        if not post.is_draft or not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be scheduled."))
        if at is None or not timezone.now() < at < timezone.now() + FURTHEST:
            raise ValidationError({"scheduled_for": _("Choose a time to come, within a year.")})
        check(list(post.photos.in_place().order_by("position")), post.gallery)
        post.author_state, post.scheduled_for = AuthorState.SCHEDULED, at
        post.save(update_fields=["author_state", "scheduled_for"])
        write_down(post, "post.scheduled", by=by, at=at.isoformat())
    return post
