"""Remove one's profile picture, give up one that could not be processed, or have that one tried again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down
from gallery.processing import deadline
from gallery.states import ProcessingState

from .. import permissions
from ..avatars import facts_of, hide_avatar, lock_member, retire
from ..models import Avatar
from ..tasks import process_avatar
from .set_avatar import give_up_waiting


def remove_avatar(user):
    """Remove the picture of `user`, and any that is on its way; drawn initials are shown from the commit on.

    Its files are gone from the media host when this returns; the team keeps the original, as of a deleted post. Raises
    PermissionDenied where there is nothing to remove; returns the User.
    """
    with transaction.atomic():
        user = locked(user)
        current = Avatar.objects.current().filter(user=user).select_related("picture__original")
        if not current.exists():
            raise PermissionDenied(_("There is no picture to remove."))
        give_up_waiting(user)
        kept = list(current.all())
        for avatar in kept:
            retire(avatar)
        hide_avatar(user)
        write_down(user, "member.avatar_removed", by=user)
        for avatar in kept:
            ledger.enter("avatar.removed", user, **facts_of(avatar))
    return user


def discard_avatar(user):
    """Give up the picture that is on its way or could not be processed; the one that is shown stays."""
    with transaction.atomic():
        user = locked(user)
        give_up_waiting(user)
    return user


def retry_avatar(user):
    """Have a picture of `user` that could not be processed tried again. Raises PermissionDenied where there is none."""
    with transaction.atomic():
        user = locked(user)
        avatar = Avatar.objects.current().filter(user=user, state=ProcessingState.FAILED).order_by("-pk").first()
        if avatar is None:
            raise PermissionDenied(_("There is no picture to try again."))
        avatar.state, avatar.failure, avatar.attempts, avatar.retry_at = ProcessingState.PENDING, "", 0, deadline(0)
        avatar.save(update_fields=["state", "failure", "attempts", "retry_at"])
        process_avatar.enqueue(avatar.pk)
    return avatar


def locked(user):
    """The member's row, locked. Raises PermissionDenied for who may not decide about a picture."""
    user = lock_member(user)
    if not permissions.may_set_picture(user):
        raise PermissionDenied(_("Confirm your email address first, then choose a picture."))
    return user
