"""Take a profile picture down, by staff, with a reason that its member is told; and take that back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery import ledger, permissions
from gallery.acts import write_down_staff
from gallery.publication import close_picture_publication
from gallery.states import TeamState

from ..avatar_bans import settle
from ..avatars import facts_of, lock_member, name_files, show_avatar
from ..models import Avatar, AvatarMatch


def take_down_avatar(avatar, *, by, reason):
    """Take `avatar` down, with every other cut of the same original by the same member, those on their way as well.

    Drawn initials stand in its place from the commit on, and its files are gone from the media host when this returns.
    `by` None is the system. Raises PermissionDenied, or ValidationError without a reason; returns the Avatar.
    """
    if by is not None and not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators take pictures down."))
    if by is not None and avatar.user_id == by.pk:
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the member is told.")})
    with transaction.atomic():
        user = lock_member(avatar.user, avatar.picture.original)
        cuts = Avatar.objects.filter(user=user, picture__original=avatar.picture.original_id)
        cuts = list(cuts.exclude(team_state=TeamState.ERASED).select_related("picture__original"))
        if avatar.pk not in {cut.pk for cut in cuts}:
            raise PermissionDenied(_("This picture was erased."))
        shown = any(is_named(cut, user) for cut in cuts)
        for cut in cuts:
            cut.team_state, cut.team_reason = TeamState.TAKEN_DOWN, reason
            cut.save(update_fields=["team_state", "team_reason"])
            close_picture_publication(cut.picture)
        if shown:
            name_files(user, {})
        settle(cuts, AvatarMatch.State.CONFIRMED, by)
        write_down_staff(user, "pixlpix.take_down_avatar", by=by, avatar=avatar.pk, reason=reason)
        ledger.enter("avatar.taken_down", user, **facts_of(avatar))
    avatar.refresh_from_db()
    return avatar


def is_named(avatar, user):
    """Whether the locked row of `user` names a file of this picture."""
    return bool(user.avatar_large) and avatar.picture.renditions.filter(public_name=user.avatar_large).exists()


def restore_avatar(avatar, *, by, reason=""):
    """Restore a profile picture that was taken down: shown again under new names, unless its member replaced it meanwhile.

    Raises PermissionDenied; returns the saved Avatar.
    """
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators restore pictures."))
    if avatar.user_id == by.pk:
        raise PermissionDenied(_("This is your own: somebody else must decide."))

    def change(locked):
        if locked.team_state not in (TeamState.TAKEN_DOWN, TeamState.HELD):
            raise PermissionDenied(_("This picture is not taken down."))
        act = "pixlpix.let_avatar_through" if locked.team_state == TeamState.HELD else "pixlpix.restore_avatar"
        locked.team_state, locked.team_reason = TeamState.NONE, ""
        settle([locked], AvatarMatch.State.LET_THROUGH, by)
        about = {"avatar": locked.pk, "reason": reason.strip()}
        write_down_staff(locked.user, act, by=by, **about)

    if avatar.is_ready:
        return show_avatar(avatar, change, act="avatar.restored")
    with transaction.atomic():
        avatar.user = lock_member(avatar.user, avatar.picture.original)
        avatar.refresh_from_db(fields=["team_state"])
        change(avatar)
        avatar.save(update_fields=["team_state", "team_reason"])
    return avatar
