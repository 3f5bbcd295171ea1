"""Profile pictures that look like what staff took down: held before anybody sees them, as photos are (see `gallery.bans`).

What was shown before stays shown, else initials stand. Staff let it through or take it down: actions/decide_avatar_match.py.
"""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import ledger
from gallery.acts import write_down_staff
from gallery.bans import HELD_REASON, new_matches
from gallery.publication import close_picture_publication
from gallery.states import TeamState

from .avatars import facts_of, lock_member, name_files, now, show_avatar
from .models import AvatarMatch

logger = logging.getLogger(__name__)


def look_and_show(avatar):
    """Give `avatar`, whose renditions are made, its place, unless it must wait for staff. May be done twice."""
    if new := new_matches(avatar.picture, AvatarMatch.objects.filter(avatar=avatar)):
        hold(avatar, new)
    show_avatar(avatar)


def hold(avatar, matches):
    """Hold `avatar` for `matches` {primary key of the banned picture: bits}, and tell its member; in one transaction."""
    with transaction.atomic():
        user = lock_member(avatar.user, avatar.picture.original)
        AvatarMatch.objects.bulk_create(
            [AvatarMatch(avatar=avatar, banned_id=banned, distance=bits) for banned, bits in matches.items()],
            ignore_conflicts=True,
        )
        avatar = now(avatar, user)
        if avatar.team_state != TeamState.NONE or avatar.removed_at:
            return
        if avatar.picture.renditions.filter(public_name=user.avatar_large).exclude(public_name="").exists():
            name_files(user, {})
        close_picture_publication(avatar.picture)
        avatar.team_state, avatar.team_reason = TeamState.HELD, _(HELD_REASON)
        avatar.save(update_fields=["team_state", "team_reason"])
        write_down_staff(user, "pixlpix.hold_avatar", by=None, reason=avatar.team_reason)
        ledger.enter("avatar.held", user, **facts_of(avatar))
    logger.warning("Profile picture %s of %s looks like a banned picture and is held.", avatar.pk, user)


def settle(avatars, state, by):
    """In the transaction that decides about `avatars`: nothing of theirs waits any more."""
    waiting = AvatarMatch.objects.filter(avatar__in=avatars, state=AvatarMatch.State.HELD)
    waiting.update(state=state, decided_by=by, decided_at=timezone.now())
