"""Mute a member: their posts and notifications go quiet. Nobody is told, and no log has it: the row alone says so."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ..models import Mute


def mute(user, other):
    """Mute `other`, for `user` alone; returns the Mute. Follows stay. Raises PermissionDenied for oneself."""
    if user.pk == other.pk:
        raise PermissionDenied(_("Nobody mutes themselves."))
    found, _made = Mute.objects.get_or_create(muter=user, muted=other)
    return found


def unmute(user, other):
    """Hear of `other` again; returns whether they were muted."""
    ended, _rows = Mute.objects.filter(muter=user, muted=other).delete()
    return bool(ended)
