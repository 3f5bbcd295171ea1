"""Delete a post, by its author. The team keeps the image; everyone else loses it."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..hiding import hide
from ..states import AuthorState
from .discard_draft import discard_draft


def withdraw_post(post, *, by):
    """Withdraw `post`: out of everyone's reach when this returns. Raises PermissionDenied; returns the saved post.

    A draft is discarded: what was never published has nothing that the team would keep, and undo must not publish it.
    """
    if post.is_draft:
        return discard_draft(post, by=by)

    def change(locked):
        if not permissions.may_withdraw(by, locked) or locked.is_draft:
            raise PermissionDenied(_("Only its author can delete a post."))
        locked.author_state = AuthorState.WITHDRAWN
        locked.withdrawn_at = timezone.now()
        write_down(locked, "post.withdrawn", by=by)

    return hide(post, change, act="post.withdrawn")
