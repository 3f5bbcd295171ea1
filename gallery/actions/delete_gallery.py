"""Delete a gallery: its posts move to another one, or are withdrawn with it. The page stays, withdrawn, with its slug."""

from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down
from ..locks import lock_galleries_of
from ..models import PostPage
from ..states import AuthorState, TeamState
from ..tasks import empty_gallery, withdraw_rest_of_gallery
from .move_post import relocate
from .withdraw_post import withdraw_post

INLINE = 50  # posts that are moved or withdrawn before the answer returns; the rest as a task


def delete_gallery(gallery, *, by, move_to=None):
    """Delete `gallery`; posts that are not deleted themselves go to `move_to`, or, where that is None, are all withdrawn.

    The last open gallery stays. To withdraw, the gallery's own row is committed first, and everything in it is out of
    reach at that commit; to move, the gallery closes once it is empty. Raises PermissionDenied, or ValidationError for
    the last gallery, a target that is not the author's, and moving out of what the team took down. Returns the gallery.
    """
    if move_to is None:
        with transaction.atomic():
            gallery = checked(gallery, by=by)
            close(gallery, by=by)
            # Queued with the commit, so that a crash before the next line leaves nothing undone.
            withdraw_rest_of_gallery.enqueue(gallery.pk)
        withdraw_posts_of(gallery, most=INLINE)
        return gallery
    checked(gallery, by=by, move_to=move_to)
    if move_posts(gallery, move_to, by=by, most=INLINE):
        return close_when_empty(gallery, move_to, by=by)
    empty_gallery.enqueue(gallery.pk, move_to.pk)
    return gallery


def checked(gallery, *, by, move_to=None):
    """The gallery as it is now, locked with all of its author's where a transaction is open. Raises as delete_gallery."""
    with transaction.atomic():
        own = lock_galleries_of(by)
    gallery = own.get(gallery.pk)
    if gallery is None or not permissions.is_author(by, gallery) or gallery.author_state == AuthorState.WITHDRAWN:
        raise PermissionDenied(_("Only its author can delete a gallery."))
    others = {key for key, other in own.items() if other.is_open and key != gallery.pk}
    if not others:
        raise ValidationError(_("This is your last gallery: it stays. Make another one first."))
    if move_to is not None and move_to.pk not in others:
        raise ValidationError(_("Choose another of your galleries for the posts."))
    if move_to is not None and gallery.team_state != TeamState.NONE:
        raise ValidationError(_("The team took this gallery down: its posts cannot move, only be deleted with it."))
    return gallery


def remaining_posts(gallery):
    """The posts of a gallery that is being deleted which still wait for it: all that were not deleted themselves."""
    return PostPage.objects.filter(gallery=gallery).exclude(author_state=AuthorState.WITHDRAWN).order_by("pk")


def withdraw_posts_of(gallery, *, most=None):
    """Withdraw up to `most` posts (all, where None) that a deleted gallery still has."""
    for post in remaining_posts(gallery)[:most]:
        # Refused where somebody was faster: the author in another window, or the task that does the rest.
        with suppress(PermissionDenied):
            withdraw_post(post, by=gallery.author)


def move_posts(gallery, target, *, by, most=None):
    """Move up to `most` posts (all, where None) to `target`, whatever the team made of them; True when none is left."""
    for post in remaining_posts(gallery)[:most]:
        relocate(post, target, by=by, allowed=lambda locked: permissions.is_author(by, locked))
    return not remaining_posts(gallery).exists()


def close_when_empty(gallery, target, *, by):
    """Close a gallery whose posts have moved, with those that were published into it meanwhile; returns it."""
    while True:
        with transaction.atomic():
            gallery = checked(gallery, by=by, move_to=target)
            # Publishing into it waits for the lock that we hold: what is not there now, never will be.
            if not remaining_posts(gallery).exists():
                close(gallery, by=by)
                return gallery
        move_posts(gallery, target, by=by)


def close(gallery, *, by):
    """Inside a transaction: withdraw the gallery's page and enter the ledger."""
    gallery.author_state = AuthorState.WITHDRAWN
    gallery.save(update_fields=["author_state"])
    write_down(gallery, "gallery.deleted", by=by)
    ledger.enter("gallery.withdrawn", gallery, author=gallery.author_state, team=gallery.team_state)
