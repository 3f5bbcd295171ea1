"""Members: gone and back, suspended and not, apart from each other; what they say of themselves."""

from django.db import transaction

from community.actions.block import block, unblock
from community.actions.remove_follower import remove_follower
from community.actions.take_down_member_name import call
from community.actions.take_down_profile import locked
from community.avatars import hide_avatar, lock_member
from community.devices import end_devices
from community.models import Block, Follow, Profile, User
from community.models.users import Standing
from community.standing import bring_pages_in_step
from gallery.acts import write_down
from gallery.models import PostPage
from gallery.states import TeamState

from . import Unknown
from .posts import settle_all, words_for


def find(username, key=None):
    """A member by their row's key, where the entry names that, else by their name of then. Raises Unknown."""
    user = User.objects.filter(**({"pk": key} if key else {"username": username})).first()
    if user is None:
        raise Unknown
    return user


def set_standing(entry):
    """Their standing as the entry has it; their sessions end, their posts, pages and picture follow."""
    user = find(entry.key, entry.id)
    with transaction.atomic():
        user = lock_member(user)
        if user.emptied_at is not None:
            return  # nobody comes back from there
        if user.standing != entry.state["standing"]:
            change_standing(user, entry)
    bring_pages_in_step(user)
    settle_all(PostPage.objects.of(user))


def change_standing(user, entry):
    """Of a locked row. Who left, left suspended where they were so: coming back asks for that."""
    suspended, user.standing = user.standing == Standing.SUSPENDED, entry.state["standing"]
    user.standing_since = entry.at
    user.standing_reason = words_for(entry) if user.standing == Standing.SUSPENDED else ""
    user.is_active = user.standing != Standing.LEFT
    user.save(update_fields=["standing", "standing_since", "standing_reason", "is_active"])
    if user.standing == Standing.LEFT:
        end_devices(user)
        write_down(user, "member.left", by=user, suspended=suspended, replayed=entry.name)
    if user.standing != Standing.ACTIVE:
        hide_avatar(user)


def set_apart(entry):
    """Blocked: `key` by `by`."""
    other, user = find(entry.key, entry.id), find(entry.state["by"], entry.state.get("by_id"))
    if not Block.objects.filter(blocker=user, blocked=other).exists():
        block(user, other)


def end_block(entry):
    other, user = find(entry.key, entry.id), find(entry.state["by"], entry.state.get("by_id"))
    if Block.objects.filter(blocker=user, blocked=other).exists():
        unblock(user, other)


def take_follower(entry):
    """Unless they followed anew afterwards, which the ledger does not say and the snapshot may know."""
    user = find(entry.key, entry.id)
    follower = find(entry.state["follower"], entry.state.get("follower_id"))
    if Follow.objects.filter(follower=follower, followed=user, created_at__lt=entry.at).exists():
        remove_follower(user, follower)


def set_profile(entry):
    user = find(entry.key, entry.id)
    with transaction.atomic():
        profile = Profile.objects.select_for_update(of=("self",)).get(user=user)
        if profile.team_state != entry.state["team_state"]:
            profile.team_state = entry.state["team_state"]
            profile.team_reason = "" if profile.team_state == TeamState.NONE else words_for(entry)
            profile.save(update_fields=["team_state", "team_reason"])


def take_name_down(entry):
    """A name that they chose afterwards is not in the older database: theirs of then is the one that was taken down."""
    user = find(entry.key, entry.id)
    with transaction.atomic():
        profile = locked(user)
        name = profile.user.username
        if profile.user.name != name:
            facts = {"name": profile.user.name, "instead": name, "reason": words_for(entry), "at": entry.at.isoformat()}
            profile.name_taken_down = facts
            call(profile, name)


def restore_name(entry):
    user = find(entry.key, entry.id)
    with transaction.atomic():
        profile = locked(user)
        if before := profile.name_taken_down:
            profile.name_taken_down = {}
            call(profile, before["name"] if profile.user.name == before["instead"] else profile.user.name)


REPLAYED = {
    "member.name_taken_down": (take_name_down, "name"),
    "member.name_restored": (restore_name, "name"),
    "member.left": (set_standing, "standing"),
    "member.returned": (set_standing, "standing"),
    "member.suspended": (set_standing, "standing"),
    "member.suspension_lifted": (set_standing, "standing"),
    "member.blocked": (set_apart, "block", ("by",)),
    "member.unblocked": (end_block, "block", ("by",)),
    "member.follower_removed": (take_follower, "follower", ("follower",)),
    "profile.taken_down": (set_profile, "profile"),
    "profile.restored": (set_profile, "profile"),
}
