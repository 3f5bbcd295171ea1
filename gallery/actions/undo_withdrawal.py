"""Take the deletion of a post back, by its author, within 30 days."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..models import GalleryPage
from ..showing import show_again
from ..states import AuthorState, HiddenBy
from .move_post import move_post


def undo_withdrawal(post, *, by, gallery=None):
    """Bring a deleted `post` back, into `gallery` where its own was deleted meanwhile.

    Never brings back what the team took down: then only the author's side is undone. Raises PermissionDenied when it is
    too late or not theirs, ValidationError (code "gallery_needed") when a gallery must be chosen. Returns the saved post.
    """
    if not permissions.may_undo(by, post):
        raise PermissionDenied(_("This deletion can no longer be undone."))
    home = GalleryPage.objects.get(pk=post.gallery_id)
    if gallery is not None and gallery.pk != home.pk:
        post = move_post(post, gallery, by=by, withdrawn=True)
    elif home.author_state == AuthorState.WITHDRAWN:
        raise ValidationError(_("Its gallery was deleted. Choose another one for it."), code="gallery_needed")

    def change(locked):
        if not permissions.may_undo(by, locked):
            raise PermissionDenied(_("This deletion can no longer be undone."))
        locked.author_state = AuthorState.PUBLISHED
        locked.withdrawn_at = None
        locked.hidden_by &= ~HiddenBy.GALLERY_WITHDRAWN
        write_down(locked, "post.undone", by=by)

    return show_again(post, change, act="post.undone")
