"""Profile pictures coming into reach and out of it: the one place that gives a member's row the names of its files.

Whoever changes what is shown holds the member's row, taken after the originals (see gallery/locks.py), so that of a new
picture and a suspension at the same moment the suspension wins, and of two new pictures the newer one is shown. The
picture before keeps its place until the next one's files lie on the media host: one commit changes places.
"""

import logging
from contextlib import suppress

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gallery import ledger
from gallery.models import Original, Picture, Publication, Rendition
from gallery.publication import NotVisible, close_picture_publication, open_picture_publication
from gallery.states import ProcessingState, TeamState

from .models import Avatar, User
from .squares import SMALL

logger = logging.getLogger(__name__)

MOST_TRIES = 5


def lock_member(user, *originals):
    """The member's row as it is now, locked after `originals` and those of their profile pictures."""
    theirs = Picture.objects.filter(avatar__in=Avatar.objects.current().filter(user=user)).values("original")
    wanted = Q(pk__in=theirs) | Q(pk__in=[original.pk for original in originals])
    list(Original.objects.select_for_update().filter(wanted).order_by("pk").values_list("pk", flat=True))
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def shown_avatar(user):
    """The profile picture that has its place, whether or not visitors may see its member now; or None."""
    return Avatar.objects.in_place().filter(user=user).select_related("picture__original", "user").first()


def may_be_seen(avatar, user):
    """Whether visitors may see `avatar` of `user`, both as they are now."""
    return user.is_member_visible and avatar.removed_at is None and avatar.team_state == TeamState.NONE


def facts_of(avatar):
    """What the ledger says of a profile picture, so that it is found again: its original, and when it was chosen."""
    return {"original": avatar.picture.original.sha256, "chosen": avatar.created_at.isoformat()}


# --- Out of reach -----------------------------------------------------------------------------------------------------


def hide_avatar(user):
    """Inside the transaction that hides, with `user` locked: their row names no file; files go once it has committed.

    A picture that is just being published is not shown either: its publication is over before it was open.
    """
    lying = Publication.objects.exclude(state__in=(Publication.State.CLOSED, Publication.State.CLOSING))
    for picture in Picture.objects.filter(avatar__user=user, publications__in=lying).distinct():
        close_picture_publication(picture)
    name_files(user, {})


def retire(avatar):
    """Inside such a transaction: this row is no longer its member's picture; its files go once it has committed."""
    Avatar.objects.filter(pk=avatar.pk).update(removed_at=timezone.now())
    close_picture_publication(avatar.picture)


def name_files(user, names):
    """Write to the locked row of `user` what is shown of them: `names` is {spec: public name}, empty for nothing."""
    by_width = sorted((int(spec.removeprefix("width-")), name) for spec, name in names.items())
    user.avatar_large = by_width[-1][1] if by_width else ""
    user.avatar_small = next((name for width, name in by_width if width >= SMALL), user.avatar_large)
    user.save(update_fields=["avatar_small", "avatar_large"])


# --- Into reach -------------------------------------------------------------------------------------------------------


def show_avatar(avatar, change=None, *, act="avatar.shown"):
    """Give `avatar`, whose renditions are made, its place: the one before goes, and where visitors may see the member,
    its files lie on the media host. Nothing happens to one that was replaced or removed meanwhile, or has its place.

    `change(avatar)` is applied to the row as it is now, in the same commit; it may raise to refuse, and be called more
    than once. The ledger is entered after the commit. Returns the saved Avatar.
    """
    change = change or (lambda locked: None)
    for _attempt in range(MOST_TRIES):
        saved = settle_unless_visible(avatar, change)
        if saved is not None:
            return saved
        # An act that hides may come in between: then what it left is looked at again.
        with suppress(NotVisible):
            settling = Settling(avatar, change)
            open_picture_publication(avatar.picture, settling.check, then=settling.settle)
            ledger.enter(act, settling.user, **facts_of(settling.avatar))
            return settling.avatar
    raise NotVisible(f"The picture of member {avatar.user_id} was hidden again and again while it was shown.")


def settle_unless_visible(avatar, change):
    """Commit what can be done without files, and return the Avatar; None where there is something to publish first."""
    with transaction.atomic():
        user = lock_member(avatar.user, avatar.picture.original)
        avatar = now(avatar, user)
        change(avatar)
        if avatar.removed_at is None and not has_its_place(avatar, user):
            if may_be_seen(avatar, user):
                transaction.set_rollback(True)
                return None
            settle(avatar, user, {})
        avatar.save(update_fields=["team_state", "team_reason"])
    return avatar


class Settling:
    """What happens to the rows in the transaction of a publication: first the look again, last the change of places."""

    def __init__(self, avatar, change):
        self.avatar, self.change = avatar, change

    def check(self):
        self.user = lock_member(self.avatar.user, self.avatar.picture.original)
        self.avatar = now(self.avatar, self.user)
        self.change(self.avatar)
        if not may_be_seen(self.avatar, self.user):
            raise NotVisible

    def settle(self, names):
        settle(self.avatar, self.user, names)
        self.avatar.save(update_fields=["team_state", "team_reason"])


def now(avatar, user):
    """`avatar` as it is now, with the locked row of `user`."""
    fresh = Avatar.objects.select_related("picture__original").get(pk=avatar.pk)
    fresh.user = user
    return fresh


def settle(avatar, user, names):
    """`avatar` is ready and, unless the team has acted on it, in the place of every older one; the row names `names`."""
    if avatar.team_state == TeamState.NONE:
        for older in Avatar.objects.current().filter(user=user, pk__lt=avatar.pk).select_related("picture__original"):
            retire(older)
            if older.is_in_place:
                ledger.enter("avatar.replaced", user, **facts_of(older))
        name_files(user, names)
    avatar.state, avatar.failure, avatar.retry_at = ProcessingState.READY, "", None
    avatar.save(update_fields=["state", "failure", "retry_at"])


def has_its_place(avatar, user):
    """Whether nothing is left to do for `avatar`: the row of `user` names its files on the media host."""
    done = bool(user.avatar_large) and avatar.is_in_place
    return done and Rendition.objects.filter(image=avatar.picture_id, public_name=user.avatar_large).exists()


def bring_avatar_in_step(user):
    """Show the picture of `user`, or take it out of reach, as their standing now says. Running it twice changes nothing."""
    user = User.objects.get(pk=user.pk)
    if user.is_member_visible:
        avatar = shown_avatar(user)
        if avatar is not None and not has_its_place(avatar, user):
            show_avatar(avatar)
        return
    with transaction.atomic():
        user = lock_member(user)
        if not user.is_member_visible:
            hide_avatar(user)
