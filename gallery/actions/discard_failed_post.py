"""Give up photos of a post that could not be processed; a published post that has no other goes with them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..forgetting import forget_photos
from ..locks import lock
from ..making import bring_in_step
from ..models import PostPage
from ..publication import show_when_ready
from ..states import AuthorState, ProcessingState


def discard_failed_post(post, *, by):
    """Discard the failed photos of `post`, which nobody but its author ever saw, with their originals.

    Where none is left the post is deleted for good (there is nothing that undo could bring back), unless it is a draft;
    else the others are shown. `by` is its author, or None for the sweep of what nobody took care of. Raises
    PermissionDenied; returns the saved post.
    """
    with transaction.atomic():
        post = lock(post)
        failed = list(post.photos.current().filter(state=ProcessingState.FAILED).select_related("post"))
        failed = [photo for photo in failed if not photo.was_shown]
        if not failed or (by is not None and not permissions.may_withdraw(by, post)):
            raise PermissionDenied(_("This post has no photo to discard."))
        forget_photos(failed, why="it could not be processed, and its author gave it up")
        if not post.is_draft and not post.photos.current().exists():
            post.author_state = AuthorState.WITHDRAWN
            post.withdrawn_at = None
            post.save(states=True)
        bring_in_step(post)
        write_down(post, "post.discarded", by=by or post.author, swept=by is None)
    show_when_ready(post)
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
