"""Take a gallery's name down, by staff; its posts stay. And bring the name back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down_staff
from ..locks import lock_galleries


def take_down_gallery_name(gallery, *, by, reason):
    """Have `gallery` called nothing but a gallery, until its author gives it another name. That one they cannot give it again.

    `by` None is the system. Raises PermissionDenied, or ValidationError without a reason; returns the saved gallery.
    """
    check(by, gallery)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: its author is told.")})
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if gallery.name_taken_down and gallery.title == plain_name():
            return gallery
        gallery.name_taken_down = {
            "name": gallery.title,
            "reason": reason,
            "at": timezone.now().isoformat(),
            "by": by.get_username() if by else "",
        }
        name(gallery, plain_name())
        write_down_staff(gallery, "pixlpix.take_down_name", by=by, reason=reason)
        ledger.enter("gallery.name_taken_down", gallery, name_taken_down=True)
    return gallery


def restore_gallery_name(gallery, *, by, reason=""):
    """Give `gallery` its name back, unless its author has given it another one meanwhile.

    Raises PermissionDenied; returns the saved gallery.
    """
    check(by, gallery)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not gallery.name_taken_down:
            raise PermissionDenied(_("The name of this gallery is not taken down."))
        before, gallery.name_taken_down = gallery.name_taken_down, {}
        name(gallery, before["name"] if gallery.title == plain_name() else gallery.title)
        write_down_staff(gallery, "pixlpix.restore_name", by=by, reason=reason.strip())
    ledger.enter("gallery.name_restored", gallery, name_taken_down=False)
    return gallery


def plain_name():
    """What a gallery is called whose name was taken down."""
    return _("Gallery")


def name(gallery, title):
    gallery.title = gallery.draft_title = title
    gallery.save(update_fields=["title", "draft_title", "name_taken_down"])


def check(by, gallery):
    if by is None:
        return
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if not permissions.may_decide_on(by, gallery):
        raise PermissionDenied(_("Somebody else must decide about what is yours."))
