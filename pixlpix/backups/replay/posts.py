"""Posts: withdrawn, taken down, held, and back; narrowed and widened; limited."""

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.bans import ban_pictures_of, lift_bans_of
from gallery.locks import lock
from gallery.models import PostPage
from gallery.publication import bring_in_step, close_publications
from gallery.states import AuthorState, TeamState

from . import Unknown

CHUNK = 200


def find(entry):
    """The post of an entry. Raises Unknown."""
    post = PostPage.objects.filter(short_id=entry.key).first()
    if post is None:
        raise Unknown
    return post


def settle(post):
    """Save a locked post whose states were set, with what follows from them; files that may not be public go at the commit.

    None is published: that comes after the site answers.
    """
    bring_in_step(post)
    post.save(states=True)
    if not post.has_public_files:
        close_publications(post)


def settle_all(posts):
    """Likewise for all of a queryset, each in a transaction of its own."""
    last = 0
    while keys := list(posts.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        for key in keys:
            with transaction.atomic():
                settle(lock(PostPage(pk=key)))
        last = keys[-1]


def set_states(entry):
    """Both sides' states as the entry has them."""
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        set_author_state(post, entry)
        set_team_state(post, entry)
        settle(post)


def set_author_state(post, entry):
    """What its author made of it. A draft that was published since the snapshot stays one: nothing of it was shown here."""
    state = entry.state.get("author", post.author_state)
    if state == post.author_state or (post.is_draft and state != AuthorState.WITHDRAWN):
        return
    post.author_state = state
    post.withdrawn_at = entry.at if state == AuthorState.WITHDRAWN else None


def set_team_state(post, entry):
    """What the team made of it; the pictures of what was taken down are banned again, of what was restored no more."""
    state = entry.state.get("team", post.team_state)
    if state == post.team_state:
        return
    post.team_state = state
    post.team_reason = "" if state == TeamState.NONE else words_for(entry)
    post.taken_down_at = entry.at if state == TeamState.TAKEN_DOWN else None
    if state == TeamState.TAKEN_DOWN:
        ban_pictures_of(post, by=None, reason=post.team_reason)
    elif state == TeamState.NONE:
        lift_bans_of(post)


def words_for(entry):
    """What a member is told of a takedown whose own words an older backup has not got."""
    return _(
        "Taken down on %(day)s. The words of that decision were lost when the site was restored from a backup."
    ) % {"day": entry.at.date().isoformat()}


def set_visibility(entry):
    """Whom it is for: the narrower of its own and its gallery's, as both were then."""
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        post.visibility = entry.state["visibility"]
        settle(post)


def set_limited(entry):
    post = find(entry)
    with transaction.atomic():
        post = lock(post)
        post.limited = entry.state["limited"]
        post.save(update_fields=["limited"])


REPLAYED = {
    "post.withdrawn": (set_states, "states"),
    "post.undone": (set_states, "states"),
    "post.taken_down": (set_states, "states"),
    "post.restored": (set_states, "states"),
    "post.narrowed": (set_visibility, "visibility"),
    "post.widened": (set_visibility, "visibility"),
    "post.limited": (set_limited, "limited"),
    "post.unlimited": (set_limited, "limited"),
}
