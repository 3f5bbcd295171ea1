"""Delete a gallery: its posts move to another one, or are withdrawn with it. The page stays, withdrawn, with its slug."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down
from ..models import GalleryPage, PostPage
from ..states import AuthorState
from ..tasks import withdraw_rest_of_gallery
from .move_post import move_post
from .withdraw_post import withdraw_post

INLINE = 50  # posts withdrawn before the answer returns; the rest, out of reach by the gallery's row, as a task


def delete_gallery(gallery, *, by, move_to=None):
    """Delete `gallery`; posts that are not deleted themselves go to `move_to`, or, where that is None, are all withdrawn.

    The last open gallery stays. The gallery's own row is committed first, so that everything in it is out of reach at
    that commit; its posts follow one by one, and a call that was interrupted can be made again. Raises PermissionDenied,
    or ValidationError for the last gallery or a target that is not the author's.
    """
    with transaction.atomic():
        own = list(
            GalleryPage.objects.select_for_update(of=("self",))
            .select_related("author")
            .filter(author=by)
            .order_by("pk")
        )
        gallery = next((g for g in own if g.pk == gallery.pk), None)
        if gallery is None or not permissions.is_author(by, gallery):
            raise PermissionDenied(_("Only its author can delete a gallery."))
        others = [g for g in own if g.is_open and g.pk != gallery.pk]
        if not others:
            raise ValidationError(_("This is your last gallery: it stays. Make another one first."))
        if move_to is not None and move_to.pk not in {g.pk for g in others}:
            raise ValidationError(_("Choose another of your galleries for the posts."))
        if move_to is None:
            close(gallery, by=by)

    if move_to is None:
        if withdraw_posts_of(gallery, most=INLINE) == INLINE:
            withdraw_rest_of_gallery.enqueue(gallery.pk)
    else:
        for post in remaining_posts(gallery):
            if permissions.may_edit(by, post):
                move_post(post, move_to, by=by)
        with transaction.atomic():
            gallery = GalleryPage.objects.select_for_update(of=("self",)).select_related("author").get(pk=gallery.pk)
            close(gallery, by=by)
    return gallery


def remaining_posts(gallery):
    return PostPage.objects.filter(gallery=gallery).exclude(author_state=AuthorState.WITHDRAWN).order_by("pk")


def withdraw_posts_of(gallery, *, most=None):
    """Withdraw up to `most` posts (all, where None) that a deleted gallery still has; returns how many."""
    count = 0
    for post in remaining_posts(gallery)[:most]:
        withdraw_post(post, by=gallery.author)
        count += 1
    return count


def close(gallery, *, by):
    """Inside a transaction: withdraw the gallery's page and enter the ledger."""
    if gallery.author_state == AuthorState.WITHDRAWN:
        return
    gallery.author_state = AuthorState.WITHDRAWN
    gallery.save(update_fields=["author_state"])
    write_down(gallery, "gallery.deleted", by=by)
    ledger.enter("gallery.withdrawn", gallery, author=gallery.author_state, team=gallery.team_state)
