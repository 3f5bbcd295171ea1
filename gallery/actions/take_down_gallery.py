"""Take a gallery down, or bring it back, by staff: its row first, then its posts in chunks."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down_staff
from ..flags import follow
from ..locks import lock_galleries
from ..models import PostPage
from ..states import TeamState
from ..tasks import follow_gallery

INLINE = 50  # posts whose files go before the answer returns; the rest as a task


def take_down_gallery(gallery, *, by, reason):
    """Take `gallery` down with a reason. Its posts are out of reach at the commit of its row.

    The public files of the first posts go before this returns, the others' as a task. `by` None is the system. Raises
    PermissionDenied, or ValidationError without a reason; returns the saved gallery.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: its author is told.")})
    with transaction.atomic():
        gallery = locked_for(by, gallery)
        gallery.team_state = TeamState.TAKEN_DOWN
        gallery.team_reason = reason.strip()
        save(gallery, "pixlpix.take_down", by=by, reason=gallery.team_reason)
        ledger.enter("gallery.taken_down", gallery, author=gallery.author_state, team=gallery.team_state)
    follow(PostPage.objects.filter(gallery=gallery), most=INLINE)
    return gallery


def restore_gallery(gallery, *, by, reason=""):
    """Bring back a gallery that staff took down. What its author deleted stays deleted.

    Its posts follow as a task. Raises PermissionDenied; returns the saved gallery.
    """
    with transaction.atomic():
        gallery = locked_for(by, gallery)
        if gallery.team_state == TeamState.NONE:
            raise PermissionDenied(_("This gallery is not taken down."))
        gallery.team_state = TeamState.NONE
        gallery.team_reason = ""
        save(gallery, "pixlpix.restore", by=by, reason=reason.strip())
    ledger.enter("gallery.restored", gallery, author=gallery.author_state, team=gallery.team_state)
    return gallery


def locked_for(by, gallery):
    if by is not None and not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if by is not None and not permissions.may_decide_on(by, gallery):
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    return lock_galleries(gallery.pk)[gallery.pk]


def save(gallery, act, *, by, reason):
    gallery.save(update_fields=["team_state", "team_reason"])
    write_down_staff(gallery, act, by=by, reason=reason)
    follow_gallery.enqueue(gallery.pk)
