"""Choose whom a gallery is for. A post in it is for whom both it and its gallery are."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down
from ..flags import follow
from ..locks import lock_galleries
from ..models import PostPage
from ..states import Visibility, narrower
from ..tasks import follow_gallery

INLINE = 50  # posts that follow before the answer returns; the rest as a task


def set_gallery_visibility(gallery, *, by, visibility):
    """Make `gallery` as visible as `visibility` says; returns it as it is then.

    Narrowed, its posts are out of reach, and out of lists, at the commit of its row, which `posts_for` tests; public files
    of the first posts are gone when this returns, the others' go as a task. Widened, posts follow the same way. Raises
    PermissionDenied, or ValidationError for what is no visibility.
    """
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Choose who can see this gallery.")})
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not permissions.is_author(by, gallery) or not gallery.is_open:
            raise PermissionDenied(_("Only its author can change a gallery."))
        if gallery.visibility == visibility:
            return gallery
        before, gallery.visibility = gallery.visibility, visibility
        gallery.save(update_fields=["visibility"])
        write_down(gallery, "gallery.visibility_changed", by=by, visibility=visibility)
        # Queued with the commit, so that a crash before the next lines leaves nothing undone.
        follow_gallery.enqueue(gallery.pk)
        narrowed = narrower(before, visibility) == visibility
        if narrowed:
            enter("gallery.narrowed", gallery)
    follow(PostPage.objects.filter(gallery=gallery), most=INLINE)
    if not narrowed:
        enter("gallery.widened", gallery)
    return gallery


def enter(act, gallery):
    ledger.enter(act, gallery, author=gallery.author_state, team=gallery.team_state, visibility=gallery.visibility)
