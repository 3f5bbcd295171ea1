"""Take the deletion of a post back, by its author, within 30 days."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..showing import show_again
from ..states import AuthorState
from .move_post import relocate


def undo_withdrawal(post, *, by, gallery=None):
    """Bring a deleted `post` back, into `gallery` where its own was deleted meanwhile.

    Never brings back what the team took down: then only the author's side is undone. Raises PermissionDenied when it is
    too late or not theirs, ValidationError (code "gallery_needed") when a gallery must be chosen. Returns the saved post.
    """

    def allowed(locked):
        return permissions.may_undo(by, locked)

    if gallery is not None and gallery.pk != post.gallery_id:
        post = relocate(post, gallery, by=by, allowed=allowed)

    def change(locked):
        if not allowed(locked):
            raise PermissionDenied(_("This deletion can no longer be undone."))
        if locked.gallery.author_state == AuthorState.WITHDRAWN:
            raise ValidationError(_("Its gallery was deleted. Choose another one for it."), code="gallery_needed")
        locked.author_state = AuthorState.PUBLISHED
        locked.withdrawn_at = None
        write_down(locked, "post.undone", by=by)

    return show_again(post, change, act="post.undone")
