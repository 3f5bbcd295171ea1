"""Decide on a profile picture that was held because it looks like a banned one: let it through, or confirm it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from gallery import permissions

from ..models import AvatarMatch
from .take_down_avatar import restore_avatar, take_down_avatar


def let_avatar_through(match, *, by, reason=""):
    """It is another picture, or may be shown all the same: it takes its place. Decides its other matches as well.

    Raises PermissionDenied, also for one's own, or ValidationError where somebody has decided it meanwhile; returns the Avatar.
    """
    check(match, by)
    return restore_avatar(match.avatar, by=by, reason=reason)


def confirm_avatar_match(match, *, by, reason):
    """It is the banned picture: it is taken down. Raises as `let_avatar_through`, and ValidationError without a reason."""
    check(match, by)
    return take_down_avatar(match.avatar, by=by, reason=reason)


def check(match, by):
    if not permissions.may_ban_pictures(by):
        raise PermissionDenied(_("Only moderators and administrators decide on held pictures."))
    if match.avatar.user_id == by.pk:
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    if not AvatarMatch.objects.filter(pk=match.pk, state=AvatarMatch.State.HELD).exists():
        raise ValidationError(_("Somebody has decided this already."))
