"""Give up photos of a post that could not be processed; a post that has no other goes with them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock
from ..models import Original, Photo, Picture
from ..publication import show
from ..states import AuthorState, ProcessingState
from .remove_unused_original import remove_unused_original


def discard_failed_post(post, *, by):
    """Discard the failed photos of `post`, which nobody but its author ever saw, with their originals.

    Where none is left the post is deleted for good (there is nothing that undo could bring back); else the others are
    shown. `by` is its author, or None for the sweep of what nobody took care of. Raises PermissionDenied; returns the
    saved post.
    """
    with transaction.atomic():
        post = lock(post)
        failed = Photo.objects.filter(post=post, state=ProcessingState.FAILED)
        pictures = list(failed.values_list("picture", flat=True))
        if not pictures or (by is not None and not permissions.may_withdraw(by, post)):
            raise PermissionDenied(_("This post has no photo to discard."))
        originals = list(Original.objects.filter(pictures__in=pictures).distinct())
        failed.delete()
        Picture.objects.filter(pk__in=pictures).delete()
        if not post.photos.exists():
            post.author_state = AuthorState.WITHDRAWN
            post.withdrawn_at = None
            post.save(states=True)
        write_down(post, "post.discarded", by=by or post.author, swept=by is None)
    for original in originals:
        remove_unused_original(original, why="it could not be processed, and its post was discarded")
    return post if post.author_state == AuthorState.WITHDRAWN else show(post)
