"""Add a post of one's own to a shared gallery of somebody else's, and take it out again. A row, never a move."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.locks import lock_galleries
from gallery.models import Contributor, GalleryEntry
from gallery.permissions import is_author, may_share

from ..models.notifications import Kind
from ..notifying import forget, notify
from ..visibility import galleries_for, posts_for


def add_to_gallery(post, gallery, *, by):
    """Let `post`, of the contributor `by`, stand in `gallery` as well; returns the GalleryEntry. Done twice, it is one.

    Who may not see the post by itself does not see it there either. Raises PermissionDenied, or ValidationError for a
    post that cannot be seen (a draft, or deleted).
    """
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        accepted = Contributor.objects.filter(gallery=gallery, user=by, accepted_at__isnull=False).exists()
        if not accepted or not may_share(by) or not galleries_for(by).filter(pk=gallery.pk).exists():
            raise PermissionDenied(_("Only who was invited adds posts to this gallery."))
        if not is_author(by, post):
            raise PermissionDenied(_("Only a post's author adds it to a gallery."))
        if not posts_for(by).filter(pk=post.pk).exists():
            raise ValidationError(_("This post cannot be seen: it joins no gallery now."))
        entry, new = GalleryEntry.objects.get_or_create(
            gallery=gallery, post=post, defaults={"added_by": by, "published_at": post.published_at}
        )
        if new:
            notify(Kind.GALLERY, gallery.author, actor=by, gallery=gallery, post=post, act="added")
            write_down(gallery, "gallery.post_added", by=by, post=post.short_id)
    return entry


def take_out_of_gallery(post, gallery, *, by):
    """Take a contributor's `post` out of `gallery`, by its author or the gallery's owner; returns whether it was there.

    Raises PermissionDenied for others.
    """
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not is_author(by, post) and not is_author(by, gallery):
            raise PermissionDenied(_("Only its author or the gallery's owner takes it out."))
        gone, _rows = GalleryEntry.objects.filter(gallery=gallery, post=post).delete()
        if gone:
            forget(Kind.GALLERY, gallery.author, actor=post.author, gallery=gallery, post=post)
            write_down(gallery, "gallery.post_removed", by=by, post=post.short_id)
    return bool(gone)
