"""Share a gallery: its owner invites members, who add posts of their own once they have accepted."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.locks import lock_galleries
from gallery.models import Contributor
from gallery.permissions import is_author, may_share

from ..models.notifications import Kind
from ..notifying import notify
from ..visibility import members_for

MOST = 50  # members whom a gallery has as contributors, invited ones among them


def invite_contributor(gallery, user, *, by):
    """Invite `user` to add posts to `gallery`, by its owner; returns the Contributor. Done twice, it is one invitation.

    Raises PermissionDenied, or ValidationError for oneself, for whom `by` may not see, and past MOST.
    """
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not (is_author(by, gallery) and may_share(by) and gallery.is_open):
            raise PermissionDenied(_("Only its owner invites to a gallery."))
        if user.pk == by.pk:
            raise ValidationError(_("It is your own gallery."))
        if not members_for(by).filter(pk=user.pk).exists():
            raise ValidationError(_("There is nobody of that name."))
        contributors = Contributor.objects.filter(gallery=gallery)
        if found := contributors.filter(user=user).first():
            return found
        if contributors.count() >= MOST:
            raise ValidationError(_("A gallery has up to %(most)s contributors.") % {"most": MOST})
        invited = Contributor.objects.create(gallery=gallery, user=user)
        notify(Kind.GALLERY, user, actor=by, gallery=gallery, act="invited")
        write_down(gallery, "gallery.contributor_invited", by=by, member=user.username)
    return invited
