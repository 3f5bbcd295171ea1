"""Take down what a member says of themselves (biography, pronouns, link), by staff; and take that back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery import ledger, permissions
from gallery.acts import write_down_staff
from gallery.states import TeamState

from ..models import Profile


def take_down_profile(user, *, by, reason):
    """Take the profile of `user` down: nobody else reads any of its words from the commit on, whatever they write there.

    With another reason the one that the member reads is replaced. `by` None is the system. Raises PermissionDenied, or
    ValidationError without a reason; returns the saved Profile.
    """
    check(by, user)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the member is told.")})
    with transaction.atomic():
        profile = locked(user)
        if (profile.team_state, profile.team_reason) == (TeamState.TAKEN_DOWN, reason):
            return profile
        profile.team_state, profile.team_reason = TeamState.TAKEN_DOWN, reason
        profile.save(update_fields=["team_state", "team_reason"])
        write_down_staff(profile.user, "pixlpix.take_down_profile", by=by, reason=reason)
        ledger.enter("profile.taken_down", profile.user, team_state=profile.team_state)
    return profile


def restore_profile(user, *, by, reason=""):
    """Let everybody read again what `user` says of themselves. Raises PermissionDenied; returns the saved Profile."""
    check(by, user)
    with transaction.atomic():
        profile = locked(user)
        if profile.team_state not in (TeamState.TAKEN_DOWN, TeamState.HELD):
            raise PermissionDenied(_("This profile is not taken down."))
        profile.team_state, profile.team_reason = TeamState.NONE, ""
        profile.save(update_fields=["team_state", "team_reason"])
        write_down_staff(profile.user, "pixlpix.restore_profile", by=by, reason=reason.strip())
    ledger.enter("profile.restored", profile.user, team_state=profile.team_state)
    return profile


def locked(user):
    return Profile.objects.select_for_update(of=("self",)).select_related("user").get(user=user)


def check(by, user):
    if by is None:
        return
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if by.pk == user.pk:
        raise PermissionDenied(_("Somebody else must decide about you."))
