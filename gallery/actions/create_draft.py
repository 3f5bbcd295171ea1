"""Begin a post that is not published yet: a draft, which its author and staff alone see."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..making import add_post
from ..models import GalleryPage, PostPage
from ..states import AuthorState
from .publish_post import lock_open_gallery

MOST_DRAFTS = 20  # of one member at a time


def create_draft(author, *, gallery=None, short_id=None):
    """Begin a draft in `gallery`, or where the author posted last; returns the PostPage, which has no photos yet.

    `short_id` is one that was drawn with the page: sent twice with it, even at once, leads to the same post. Raises
    PermissionDenied when the author may not share or the gallery is somebody else's or closed, ValidationError where they
    have no gallery, or too many drafts.
    """
    if not permissions.may_share(author):
        raise PermissionDenied(_("Confirm your email address first, then share."))
    gallery = gallery or usual_gallery(author)
    for _attempt in range(2):
        if begun := short_id and PostPage.objects.of(author).filter(short_id=short_id).first():
            return begun
        try:
            with transaction.atomic():
                gallery = lock_open_gallery(gallery, author)
                if PostPage.objects.of(author).drafts().count() >= MOST_DRAFTS:
                    message = _("You have %(most)s drafts. Publish or discard one of them first.")
                    raise ValidationError(message % {"most": MOST_DRAFTS}, code="too_many_drafts")
                post = add_post(gallery, author_state=AuthorState.DRAFT, short_id=short_id)
                write_down(post, "post.drafted", by=author)
            return post
        except IntegrityError:
            # The other of two requests at once was faster: the constraint on short ids decided. Somebody else's id is none.
            short_id = short_id if PostPage.objects.of(author).filter(short_id=short_id).exists() else None
    raise AssertionError("unreachable")


def usual_gallery(author):
    """The open gallery where the author's newest post stands, else their first. Raises ValidationError for none."""
    open_ones = GalleryPage.objects.open().filter(author=author)
    newest = PostPage.objects.of(author).filter(gallery__in=open_ones).order_by("-created_at").first()
    gallery = newest.gallery if newest else open_ones.order_by("position", "pk").first()
    if gallery is None:
        raise ValidationError(_("Make a gallery first."), code="no_gallery")
    return gallery
