"""Leave a shared gallery, or be taken out of it: what is a contributor's goes with them, and stays theirs."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.locks import lock_galleries
from gallery.models import Contributor, GalleryEntry
from gallery.permissions import is_author

from ..models.notifications import Kind
from ..notifying import forget


def leave_gallery(gallery, user, *, by):
    """`user` contributes no longer to `gallery`, and their posts do not stand in it any more; returns whether they did.

    By themselves, or by its owner, who takes an invitation back in the same way. Raises PermissionDenied for others.
    """
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not by.is_active or (by.pk != user.pk and not is_author(by, gallery)):
            raise PermissionDenied(_("Only its owner takes people out of a gallery."))
        return end_contribution(gallery, user, by=by)


def part_in_galleries(one, other, *, by):
    """Neither contributes to a gallery of the other's any more, as after a block; inside a transaction or by itself."""
    with transaction.atomic():
        between = Q(gallery__author=one, user=other) | Q(gallery__author=other, user=one)
        keys = sorted(Contributor.objects.filter(between).values_list("gallery", flat=True))
        for gallery in lock_galleries(*keys).values():
            end_contribution(gallery, other if gallery.author_id == one.pk else one, by=by)


def end_contribution(gallery, user, *, by):
    """In a transaction that holds the gallery's lock: the contributor's rows go. Returns whether there were any."""
    gone, _rows = Contributor.objects.filter(gallery=gallery, user=user).delete()
    if not gone:
        return False
    GalleryEntry.objects.filter(gallery=gallery, added_by=user).delete()
    forget(Kind.GALLERY, user, actor=gallery.author, gallery=gallery)
    forget(Kind.GALLERY, gallery.author, actor=user, gallery=gallery)
    act = "gallery.left" if by.pk == user.pk else "gallery.contributor_removed"
    write_down(gallery, act, by=by, member=user.username)
    return True
