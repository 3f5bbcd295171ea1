"""Galleries: deleted, taken down, narrowed, and back; their names."""

from django.db import transaction

from gallery.actions.take_down_gallery_name import name, plain_name
from gallery.locks import lock_galleries
from gallery.models import GalleryPage, PostPage
from gallery.states import TeamState

from . import Unknown
from .posts import settle_all, words_for


def find(entry):
    """The gallery of an entry: by its row, where the entry names that, else by its address of then. Raises Unknown."""
    username, _slash, slug = entry.key.partition("/")
    by = {"pk": entry.id} if entry.id else {"author__username": username, "gallery_slug": slug}
    gallery = GalleryPage.objects.filter(**by).first()
    if gallery is None:
        raise Unknown
    return gallery


def set_states(entry):
    """Both sides' states as the entry has them; then its posts follow."""
    gallery = find(entry)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        gallery.author_state, gallery.team_state = entry.state["author"], entry.state["team"]
        gallery.team_reason = "" if gallery.team_state == TeamState.NONE else gallery.team_reason or words_for(entry)
        gallery.save(update_fields=["author_state", "team_state", "team_reason", "live"])
    settle_all(PostPage.objects.filter(gallery=gallery))


def set_visibility(entry):
    """Whom it is for; then its posts follow."""
    gallery = find(entry)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        gallery.visibility = entry.state["visibility"]
        gallery.save(update_fields=["visibility"])
    settle_all(PostPage.objects.filter(gallery=gallery))


def take_name_down(entry):
    """Where it is called what it was called then; a name that it had before is no matter of this entry."""
    gallery = find(entry)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not gallery.name_taken_down:
            facts = {"name": gallery.title, "reason": words_for(entry), "at": entry.at.isoformat(), "by": ""}
            gallery.name_taken_down = facts
            name(gallery, plain_name())


def restore_name(entry):
    gallery = find(entry)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if gallery.name_taken_down:
            before, gallery.name_taken_down = gallery.name_taken_down, {}
            name(gallery, before["name"] if gallery.title == plain_name() else gallery.title)


REPLAYED = {
    "gallery.withdrawn": (set_states, "states"),
    "gallery.taken_down": (set_states, "states"),
    "gallery.restored": (set_states, "states"),
    "gallery.narrowed": (set_visibility, "visibility"),
    "gallery.widened": (set_visibility, "visibility"),
    "gallery.name_taken_down": (take_name_down, "name"),
    "gallery.name_restored": (restore_name, "name"),
}
