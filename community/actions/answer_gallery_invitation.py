"""Accept or decline the invitation to a shared gallery."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.locks import lock_galleries
from gallery.models import Contributor
from gallery.permissions import may_share

from ..models.notifications import Kind
from ..notifying import forget, notify
from ..visibility import galleries_for


def join_gallery(gallery, *, by):
    """Accept: from now on `by` adds posts of theirs to `gallery`. Its owner is told. Done twice, it is once.

    Raises PermissionDenied without an invitation, or where the gallery is no longer open to them. Returns the Contributor.
    """
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        contributor = Contributor.objects.filter(gallery=gallery, user=by).first()
        if contributor is None or not may_share(by) or not galleries_for(by).filter(pk=gallery.pk).exists():
            raise PermissionDenied(_("This invitation is no longer there."))
        if contributor.accepted_at is None:
            contributor.accepted_at = timezone.now()
            contributor.save(update_fields=["accepted_at"])
            notify(Kind.GALLERY, gallery.author, actor=by, gallery=gallery, act="joined")
            write_down(gallery, "gallery.joined", by=by)
    return contributor


def decline_gallery(gallery, *, by):
    """Decline an invitation that is not accepted yet; returns whether there was one. The owner is not told."""
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        gone, _rows = Contributor.objects.filter(gallery=gallery, user=by, accepted_at=None).delete()
        if gone:
            forget(Kind.GALLERY, by, actor=gallery.author, gallery=gallery)
            write_down(gallery, "gallery.declined", by=by)
    return bool(gone)
