"""Suspending and its end, as the console asks for it."""

from django.utils.translation import gettext as _

from ..models.users import Standing


def suspend(member, *, by, reason):
    """Suspend `member`, with a reason that they are told."""
    from ..actions.suspend_member import suspend_member

    suspend_member(member, by=by, reason=reason)


def lift(member, *, by, reason=""):
    """End the suspension of `member`."""
    from ..actions.suspend_member import lift_suspension

    lift_suspension(member, by=by, reason=reason)


def suspend_in_admin(member, *, by):
    """What deleting or deactivating a member in Wagtail's own views becomes: a suspension, with a reason to be edited."""
    if member.standing == Standing.ACTIVE:
        suspend(member, by=by, reason=_("Removed in the admin"))
