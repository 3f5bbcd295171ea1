"""Decide on a photo that was held because it looks like a banned picture: let it through, or confirm it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down_staff
from ..locks import lock
from ..models import BanMatch, Photo
from ..photo_publication import show_photo
from ..publication import bring_in_step
from ..states import TeamState
from .restore_post import restore_post
from .take_down_post import take_down_post


def let_through(match, *, by, reason=""):
    """The photo of `match` is another picture, or may be shown all the same: it goes live as it would have.

    Once nothing else of its post is held. Raises PermissionDenied, also for what is the moderator's own, or
    ValidationError where somebody has decided it meanwhile; returns the post.
    """
    with transaction.atomic():
        post, match = claim(match, by)
        settle(match, BanMatch.State.LET_THROUGH, by)
        write_down_staff(post, "pixlpix.let_through", by=by, photo=match.photo.key, reason=reason.strip())
        held = BanMatch.objects.filter(photo=match.photo, state=BanMatch.State.HELD).exists()
        if not held and match.photo.team_state == TeamState.HELD:
            Photo.objects.filter(pk=match.photo_id).update(team_state=TeamState.NONE)
            bring_in_step(post)
            post.save(states=True)
    others = BanMatch.objects.filter(photo__post=post, state=BanMatch.State.HELD)
    if post.team_state == TeamState.HELD and not others.exists():
        return restore_post(post, by=by, reason=reason)
    if not others.filter(photo=match.photo_id).exists():
        show_photo(Photo.objects.get(pk=match.photo_id))
        ledger.enter("photo.let_through", post, photo=match.photo.key)
    return post


def confirm_match(match, *, by, reason):
    """It is the banned picture: its post is taken down, or of a visible post that photo alone stays out of reach.

    Raises as `let_through`, and ValidationError without a reason; returns the post.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: its author is told.")})
    with transaction.atomic():
        post, match = claim(match, by)
        held = list(BanMatch.objects.filter(photo=match.photo, state=BanMatch.State.HELD))
        for one in held:
            settle(one, BanMatch.State.CONFIRMED, by)
        if post.team_state != TeamState.HELD:
            Photo.objects.filter(pk=match.photo_id).update(team_state=TeamState.TAKEN_DOWN)
            ledger.enter("photo.taken_down", post, photo=match.photo.key)
            write_down_staff(post, "pixlpix.confirm_match", by=by, photo=match.photo.key, reason=reason.strip())
            return post
    return take_down_post(post, by=by, reason=reason)[0]


def claim(match, by):
    """(the locked post, the match as it is now). Raises as `let_through`."""
    if not permissions.may_ban_pictures(by):
        raise PermissionDenied(_("Only moderators and administrators decide on held pictures."))
    post = lock(match.photo.post)
    if post.author_id == by.pk:
        raise PermissionDenied(_("This is your own post: somebody else decides."))
    match = BanMatch.objects.select_related("photo__post", "banned").get(pk=match.pk)
    if match.state != BanMatch.State.HELD:
        raise ValidationError(_("Somebody has decided this already."))
    return post, match


def settle(match, state, by):
    match.state, match.decided_by, match.decided_at = state, by, timezone.now()
    match.save(update_fields=["state", "decided_by", "decided_at"])
