"""Choose a profile picture, or cut the present one anew. The one before stays shown until this one is ready."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down
from gallery.forgetting import forget_pictures
from gallery.making import attach, root_collection_id
from gallery.models import Picture, Publication
from gallery.models.pictures import PictureKind
from gallery.processing import deadline
from gallery.states import ProcessingState, TeamState

from .. import permissions
from ..avatars import lock_member
from ..models import Avatar
from ..squares import inside
from ..tasks import process_avatar


def set_avatar(user, original, *, crop=(0, 0, 0)):
    """Make the square `crop` of `original` the picture of `user`; returns the Avatar, whose renditions are still to come.

    `crop` is (left, top, side) in pixels of the upright original, brought inside it where it sticks out; a side of 0 is
    the largest square in the middle. Whatever was still on its way before is given up. Raises PermissionDenied.
    """
    check(user)
    with transaction.atomic():
        user = lock_member(user, original)
        check(user)
        picture = Picture(
            title=user.name, kind=PictureKind.AVATAR, uploaded_by_user=user, collection_id=root_collection_id()
        )
        picture.attach(original)
        picture.save()
        give_up_waiting(user)
        left, top, side = inside(crop, original.width, original.height) if crop[2] else (0, 0, 0)
        avatar = Avatar.objects.create(
            user=user, picture=picture, crop_left=left, crop_top=top, crop_side=side, retry_at=deadline(0)
        )
        attach([original])
        write_down(user, "member.avatar_chosen", by=user)
        process_avatar.enqueue(avatar.pk)
    return avatar


def crop_avatar(user, *, crop):
    """Cut the newest picture of `user` anew: another Avatar of the same original. Returns it.

    Raises PermissionDenied, and ValidationError where there is none or the team took it down.
    """
    avatar = Avatar.objects.current().filter(user=user).select_related("picture__original").order_by("-pk").first()
    if avatar is None:
        raise ValidationError(_("There is no picture to cut. Choose one first."))
    if avatar.team_state == TeamState.HELD:
        raise ValidationError(_("The team is looking at this picture. Until they decide it cannot be cut."))
    if avatar.team_state != TeamState.NONE:
        raise ValidationError(_("The team took this picture down. Please choose another one."))
    return set_avatar(user, avatar.picture.original, crop=crop)


def check(user):
    if not permissions.may_set_picture(user):
        raise PermissionDenied(_("Confirm your email address first, then choose a picture."))


def give_up_waiting(user):
    """Inside a transaction with `user` locked: nothing of theirs is on its way any more.

    What could not be processed was never a picture to anybody: its rows go, and its original where nothing else uses it.
    One that is shown and only made once more is not on its way.
    """
    unseen = Avatar.objects.current().filter(user=user).exclude(picture__publications__state=Publication.State.OPEN)
    waiting = Q(state=ProcessingState.PENDING) | Q(state=ProcessingState.READY, retry_at__isnull=False)
    Avatar.objects.filter(pk__in=list(unseen.filter(waiting).values_list("pk", flat=True))).update(
        removed_at=timezone.now()
    )
    failed = unseen.filter(state=ProcessingState.FAILED, team_state=TeamState.NONE)
    pictures = list(failed.values_list("picture", flat=True))
    if pictures:
        Avatar.objects.filter(picture__in=pictures).delete()
        forget_pictures(pictures, why="it could not be processed as a profile picture, and was given up")
