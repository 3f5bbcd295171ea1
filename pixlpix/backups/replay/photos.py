"""Single photos of posts: taken out by their author, taken down or held by the team, and back."""

from django.db import transaction

from gallery.bans import ban_picture_of, lift_ban_of
from gallery.locks import lock
from gallery.models import Photo
from gallery.photo_publication import close_photo
from gallery.states import TeamState

from . import Unknown
from .posts import find, set_team_state, settle, words_for


def photo_of(entry, post):
    """The photo of an entry, in its locked post. Raises Unknown."""
    photo = (
        Photo.objects.select_related("picture__original", "post").filter(post=post, key=entry.state["photo"]).first()
    )
    if photo is None:
        raise Unknown
    return photo


def remove(entry):
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        photo = photo_of(entry, post)
        if photo.removed_at is None:
            photo.removed_at = entry.at
            photo.save(update_fields=["removed_at"])
        close_photo(photo)
        settle(post)


def take_down(entry):
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        photo = photo_of(entry, post)
        set_photo(photo, TeamState.TAKEN_DOWN)
        ban_picture_of(photo, by=None, reason=words_for(entry))
        settle(post)


def let_in(entry):
    """Restored, or let through after it was held."""
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        photo = photo_of(entry, post)
        set_photo(photo, TeamState.NONE)
        lift_ban_of(photo)
        settle(post)


def hold(entry):
    """Held because it looks like a banned picture: the post where nobody had seen it, else this photo alone."""
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        if entry.state["team"] == TeamState.NONE:
            set_photo(photo_of(entry, post), TeamState.HELD)
        else:
            set_team_state(post, entry)
        settle(post)


def set_photo(photo, state):
    photo.team_state = state
    photo.save(update_fields=["team_state"])
    if state != TeamState.NONE:
        close_photo(photo)


REPLAYED = {
    "photo.removed": (remove, "removed", ("photo",)),
    "photo.taken_down": (take_down, "team", ("photo",)),
    "photo.restored": (let_in, "team", ("photo",)),
    "photo.let_through": (let_in, "team", ("photo",)),
    "post.held": (hold, "held", ("photo",)),
}
