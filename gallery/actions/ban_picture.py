"""Enter a picture in the list of those that must not come back, by its hash; and take one off the list."""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down_staff
from ..bans import find_look_alikes
from ..models import BannedPicture, Match, MembersPage, Original

SHA256 = re.compile(r"[0-9a-f]{64}")


def ban_picture(sha256, *, by, reason):
    """Ban the picture whose bytes have this SHA-256 (64 hexadecimal digits), whether we have it or not.

    What we have is known again where it was changed, too, and public posts that look like it become cases.

    Raises PermissionDenied, or ValidationError for what is no hash,
    stands in the list already, or has no reason; returns the BannedPicture.
    """
    if not permissions.may_ban_pictures(by):
        raise PermissionDenied(_("Only moderators and administrators ban pictures."))
    sha256, reason = sha256.strip().lower(), reason.strip()
    if not SHA256.fullmatch(sha256):
        raise ValidationError({"sha256": _("A SHA-256 has 64 digits, 0 to 9 and a to f.")})
    if not reason:
        raise ValidationError({"reason": _("Say why, for the team.")})
    likeness = Original.objects.filter(sha256=sha256).values_list("likeness", flat=True).first() or ""
    with transaction.atomic():
        banned, created = BannedPicture.objects.get_or_create(
            sha256=sha256,
            defaults={
                "reason": reason,
                "likeness": likeness,
                "added_by": by,
                "alike_due_at": timezone.now() if likeness else None,
            },
        )
        if not created:
            raise ValidationError({"sha256": _("This picture stands in the list already.")})
        write_down_staff(MembersPage.objects.first(), "pixlpix.ban_picture", by=by, sha256=sha256, reason=reason)
        if likeness:
            find_look_alikes()
    return banned


def is_anything_held(banned):
    """Whether a photo, or what other apps match, is held because of this picture."""
    relations = [one for one in BannedPicture._meta.related_objects if issubclass(one.related_model, Match)]
    held = [one.related_model.objects.filter(banned=banned, state=Match.State.HELD) for one in relations]
    return any(rows.exists() for rows in held)


def unban_picture(banned, *, by, reason=""):
    """Take `banned` off the list.

    Raises PermissionDenied, or ValidationError while something is held because of it.
    """
    if not permissions.may_ban_pictures(by):
        raise PermissionDenied(_("Only moderators and administrators take pictures off the list."))
    with transaction.atomic():
        if is_anything_held(banned):
            raise ValidationError(_("Something is held because of this picture. Decide that first."))
        BannedPicture.objects.filter(pk=banned.pk).delete()
        write_down_staff(
            MembersPage.objects.first(), "pixlpix.unban_picture", by=by, sha256=banned.sha256, reason=reason.strip()
        )
