"""Take the name down that stands with a member's posts, by staff: their username stands there. And bring the name back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down_staff
from gallery.models import MemberPage

from ..models import User
from .take_down_profile import check, locked


def take_down_member_name(user, *, by, reason):
    """Have `user` called by their username, until they choose another name. That one they cannot choose again.

    `by` None is the system. Raises PermissionDenied, or ValidationError without a reason; returns the saved Profile.
    """
    check(by, user)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the member is told.")})
    with transaction.atomic():
        profile = locked(user)
        member = profile.user
        if member.name == member.username:
            return profile
        profile.name_taken_down = {
            "name": member.name, "instead": member.username, "reason": reason, "at": timezone.now().isoformat()
        }  # fmt: skip
        call(profile, member.username)
        write_down_staff(member, "pixlpix.take_down_member_name", by=by, reason=reason)
        ledger.enter("member.name_taken_down", member, name_taken_down=True)
    return profile


def restore_member_name(user, *, by, reason=""):
    """Give `user` their name back, unless they have chosen another one meanwhile.

    Raises PermissionDenied; returns the saved Profile.
    """
    check(by, user)
    with transaction.atomic():
        profile = locked(user)
        before, member = profile.name_taken_down, profile.user
        if not before:
            raise PermissionDenied(_("The name of this member is not taken down."))
        profile.name_taken_down = {}
        call(profile, before["name"] if member.name == before["instead"] else member.name)
        write_down_staff(member, "pixlpix.restore_member_name", by=by, reason=reason.strip())
    ledger.enter("member.name_restored", member, name_taken_down=False)
    return profile


def call(profile, name):
    """Give the member of a locked `profile` this name, and their page."""
    profile.save(update_fields=["name_taken_down"])
    profile.user.name = name
    User.objects.filter(pk=profile.user_id).update(name=name)
    MemberPage.objects.filter(user=profile.user_id).update(title=name, draft_title=name)
