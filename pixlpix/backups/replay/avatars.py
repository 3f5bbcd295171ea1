"""Profile pictures: removed, replaced, taken down, and back. Found by their original and when they were chosen."""

from django.db import transaction
from django.utils.dateparse import parse_datetime

from community.avatars import lock_member, name_files, retire
from community.models import Avatar
from gallery.models import Rendition
from gallery.publication import close_picture_publication
from gallery.states import TeamState

from . import Unknown
from .members import find as find_member
from .posts import words_for


def cuts_of(entry, *, all_of_original):
    """(the locked member, the pictures that an entry is about). Raises Unknown where there are none."""
    user = lock_member(find_member(entry.key, entry.id))
    cuts = Avatar.objects.filter(user=user, picture__original__sha256=entry.state["original"])
    if not all_of_original:
        cuts = cuts.filter(created_at=parse_datetime(entry.state["chosen"]))
    cuts = list(cuts.exclude(team_state=TeamState.ERASED).select_related("picture__original"))
    if not cuts:
        raise Unknown
    return user, cuts


def remove(entry):
    with transaction.atomic():
        user, cuts = cuts_of(entry, all_of_original=False)
        for cut in cuts:
            hide(cut, user)
            if cut.removed_at is None:
                retire(cut)
                Avatar.objects.filter(pk=cut.pk).update(removed_at=entry.at)


def take_down(entry):
    with transaction.atomic():
        user, cuts = cuts_of(entry, all_of_original=True)
        for cut in cuts:
            hide(cut, user)
            cut.team_state, cut.team_reason = TeamState.TAKEN_DOWN, words_for(entry)
            cut.save(update_fields=["team_state", "team_reason"])


def hold(entry):
    with transaction.atomic():
        user, cuts = cuts_of(entry, all_of_original=False)
        for cut in cuts:
            hide(cut, user)
            cut.team_state = TeamState.HELD
            cut.save(update_fields=["team_state"])


def restore(entry):
    with transaction.atomic():
        _user, cuts = cuts_of(entry, all_of_original=False)
        for cut in cuts:
            cut.team_state, cut.team_reason = TeamState.NONE, ""
            cut.save(update_fields=["team_state", "team_reason"])


def hide(avatar, user):
    """Its member's row names none of its files, which go at the commit."""
    shown = (user.avatar_small, user.avatar_large)
    if Rendition.objects.filter(image=avatar.picture_id, public_name__in=[name for name in shown if name]).exists():
        name_files(user, {})
    close_picture_publication(avatar.picture)


REPLAYED = {
    "avatar.removed": (remove, "removed", ("original", "chosen")),
    "avatar.replaced": (remove, "removed", ("original", "chosen")),
    "avatar.taken_down": (take_down, "team", ("original",)),
    "avatar.held": (hold, "team", ("original",)),
    "avatar.restored": (restore, "team", ("original",)),
}
