"""Take a gallery down, or bring it back, by staff: its row first, then its posts in chunks."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down_staff
from ..models import GalleryPage
from ..states import TeamState
from ..tasks import follow_gallery


def take_down_gallery(gallery, *, by, reason):
    """Take `gallery` down with a reason. Its posts are out of reach at the commit of its row; files follow as a task.

    Raises PermissionDenied, or ValidationError without a reason; returns the saved gallery.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: its author is told.")})
    return set_team_state(gallery, TeamState.TAKEN_DOWN, by=by, reason=reason.strip(), act="take_down")


def restore_gallery(gallery, *, by, reason=""):
    """Bring back a gallery that staff took down. What its author deleted stays deleted."""
    return set_team_state(gallery, TeamState.NONE, by=by, reason=reason.strip(), act="restore")


def set_team_state(gallery, state, *, by, reason, act):
    if by is not None and not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    hides = state != TeamState.NONE
    with transaction.atomic():
        gallery = GalleryPage.objects.select_for_update(of=("self",)).select_related("author").get(pk=gallery.pk)
        gallery.team_state = state
        gallery.team_reason = reason if hides else ""
        gallery.save(update_fields=["team_state", "team_reason"])
        write_down_staff(gallery, f"pixlpix.{act}", by=by, reason=reason)
        follow_gallery.enqueue(gallery.pk)
        if hides:
            ledger.enter("gallery.taken_down", gallery, author=gallery.author_state, team=gallery.team_state)
    if not hides:
        ledger.enter("gallery.restored", gallery, author=gallery.author_state, team=gallery.team_state)
    return gallery
