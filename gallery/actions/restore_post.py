"""Take a takedown back, by staff."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down_staff
from ..bans import lift_bans_of
from ..showing import show_again
from ..states import TeamState


def restore_post(post, *, by, reason=""):
    """Restore a post that was taken down or held: visible again under new rendition names, unless its author deleted it.

    Raises PermissionDenied; returns the saved post.
    """
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators restore posts."))
    if not permissions.may_decide_on(by, post):
        raise PermissionDenied(_("This is your own: somebody else must decide."))

    def change(locked):
        if locked.team_state not in (TeamState.TAKEN_DOWN, TeamState.HELD):
            raise PermissionDenied(_("This post is not taken down."))
        locked.team_state = TeamState.NONE
        locked.taken_down_at = None
        locked.team_reason = ""
        lift_bans_of(locked)
        write_down_staff(locked, "pixlpix.restore", by=by, reason=reason.strip())

    return show_again(post, change, act="post.restored")
