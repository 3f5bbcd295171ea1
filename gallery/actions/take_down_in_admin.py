"""What Wagtail's own Unpublish and Delete become on members' things: a takedown, whoever's button it was."""

from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from .. import permissions
from ..models import GalleryPage
from ..states import TeamState
from .take_down_gallery import take_down_gallery
from .take_down_post import take_down_post


def take_down_in_admin(page, *, by=None):
    """Take down a post, or a gallery with its posts, with the reason "removed in the admin" until staff edit it.

    `by` None asks Wagtail's log context who is at it; nobody (the scheduler) is the system.
    """
    if page.team_state != TeamState.NONE:
        return
    by = by or get_active_log_context().user
    if by is not None and not permissions.may_decide_on(by, page):
        by = None  # their own as well: they could have deleted it on the site
    take_down = take_down_gallery if isinstance(page, GalleryPage) else take_down_post
    take_down(page, by=by, reason=_("Removed in the admin"))
