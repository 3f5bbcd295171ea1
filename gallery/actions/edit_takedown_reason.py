"""Change the reason that the author of a post or gallery that was taken down is told."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down_staff
from ..states import TeamState


def edit_takedown_reason(thing, *, by, reason):
    """Set the reason of a takedown that stands, on a post or a gallery; returns it, saved.

    Raises PermissionDenied, or ValidationError without a reason.
    """
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if not permissions.may_decide_on(by, thing):
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: its author is told.")})
    with transaction.atomic():
        thing = type(thing).objects.select_for_update(of=("self",)).select_related("author").get(pk=thing.pk)
        if thing.team_state not in (TeamState.TAKEN_DOWN, TeamState.HELD):
            raise PermissionDenied(_("This is not taken down."))
        thing.team_reason = reason.strip()
        thing.save(update_fields=["team_reason"])
        write_down_staff(thing, "pixlpix.edit_reason", by=by, reason=thing.team_reason)
    return thing
