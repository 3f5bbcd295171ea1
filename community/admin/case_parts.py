"""Parts of a case's page: its pictures, what was reported beside what stands there now, and the record of the look."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.acts import write_down_look
from gallery.files import vault
from gallery.states import TeamState

from ..cases import thing_of
from ..freezing import freeze
from ..look_alikes import in_words as in_words_of_likeness
from ..look_alikes import look_alikes_of
from ..models import Case
from ..models.cases import Queue
from .base import is_private, write_down_looks
from .comments import write_down_looks as write_down_looks_at_comments

# What is frozen of a thing, in the order in which people read it; what is not here stands elsewhere on the page.
LABELS = {
    "name": gettext_lazy("Name"),
    "caption": gettext_lazy("Caption"),
    "text": gettext_lazy("Words"),
    "biography": gettext_lazy("Biography"),
    "pronouns": gettext_lazy("Pronouns"),
    "link": gettext_lazy("Link"),
    "gallery": gettext_lazy("Gallery"),
    "visibility": gettext_lazy("Shown to"),
    "sensitive": gettext_lazy("Sensitive"),
    "picture_sha256": gettext_lazy("Profile picture (SHA-256)"),
}


@dataclass(frozen=True)
class Fact:
    """One thing that a case knows: what it is called, how it stood when it was reported, and how it stands now."""

    label: str
    then: str
    now: str
    is_gone: bool = False  # there is nothing left to compare with

    @property
    def differs(self):
        return not self.is_gone and self.then != self.now


def compared(case, photos):
    """The Facts of what `case` is about, as it was reported and now; `photos` as `photos_of` has them."""
    thing, then = thing_of(case), case.frozen
    there = {"photos": [photo for photo in photos if photo.is_in_place]} if case.kind == Case.Kind.POST else {}
    now = freeze(case.kind, thing, **there) if thing else {}
    for name, label in LABELS.items():
        if name in then:
            yield Fact(label, in_words(then[name]), in_words(now.get(name, "")), is_gone=not thing)
    new = {photo["key"]: photo for photo in now.get("photos", ())}
    for number, photo in enumerate(then.get("photos", ()), 1):
        present = new.get(photo["key"])
        label = _("Photo %(number)s") % {"number": number}
        yield Fact(label, described(photo), described(present) if present else _("Taken out"), is_gone=not thing)


def described(photo):
    """A photo as a case knows it: its alternative text, and the hash of its file."""
    return f"{photo['alt_text'] or _('No alternative text')}\nSHA-256 {photo['sha256']}"


def in_words(value):
    return (_("Yes") if value else _("No")) if isinstance(value, bool) else str(value)


def photos_of(case):
    """The photos of the post that `case` is about, the removed ones as well: the team keeps them."""
    if not case.post:
        return []
    photos = case.post.photos.select_related("picture__original").prefetch_related("picture__renditions")
    return sorted(photos, key=lambda photo: (photo.removed_at is not None, photo.position))


def look_alikes_shown(case):
    """What looks like the pictures of `case`: LookAlikes with `words`, and `address` of a picture to show.

    Of what visitors cannot see there is neither picture nor title here: its own page has them, and writes the look down.
    """
    found = look_alikes_of(case)
    for one in found:
        one.words, photo = in_words_of_likeness(one), one.photo
        hidden = is_private(photo.post) or photo.removed_at or photo.team_state != TeamState.NONE
        one.address = "" if hidden or not one.file else vault().url(one.file)
        one.title = "" if hidden else photo.post.title
    return found


def write_down_look_at(case, *, by):
    """Log that staff `by` reads `case`, where that shows what visitors cannot see."""
    if case.comment and case.queue != Queue.CHILD_SAFETY:
        write_down_looks_at_comments([case.comment], by=by)
    elif case.post and case.queue != Queue.CHILD_SAFETY:
        write_down_looks([case.post], by=by)
    elif not case.member or case.queue == Queue.CHILD_SAFETY:
        write_down_look(case, by=by)
