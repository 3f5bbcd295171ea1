"""Writing down what people did: members in our own log, staff in Wagtail's."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.dispatch import Signal
from wagtail.log_actions import log

from .models.acts import MemberAct

# Sent when staff's act is written down, in its transaction, with `thing`, `act`, `by` and `data`: whoever knows how members
# are told of decisions listens (community/signals.py). Pictures know of no such thing.
staff_acted = Signal()

# In the data of a log entry: what administrators alone read of it, which is why, and who of them it was.
CONFIDENTIAL = "confidential"
_confidentially = ContextVar("confidentially", default=False)


@contextmanager
def confidentially(when=True):
    """What staff do in here is for administrators alone: their log entries say so, `when` it is."""
    token = _confidentially.set(when or _confidentially.get())
    try:
        yield
    finally:
        _confidentially.reset(token)


def is_confidential():
    """Whether what is done now is for administrators alone."""
    return _confidentially.get()


def key_of(thing):
    """The (kind, key) under which acts on a post, a gallery or a member stand in the log."""
    from .models import GalleryPage, PostPage

    if isinstance(thing, PostPage):
        return MemberAct.Kind.POST, thing.short_id
    if isinstance(thing, GalleryPage):
        return MemberAct.Kind.GALLERY, f"{thing.author.username}/{thing.gallery_slug}"
    return MemberAct.Kind.MEMBER, thing.get_username()


def write_down(thing, act, *, by, **details):
    """Log that member `by` did `act` ("post.withdrawn") to `thing` (post, gallery or member). One query."""
    kind, key = key_of(thing)
    return MemberAct.objects.create(actor=by, act=act, kind=kind, key=key, details=details)


def write_down_staff(thing, act, *, by, **data):
    """Log in Wagtail's log that staff `by` did `act` ("pixlpix.take_down") to `thing`; `by` None is the system."""
    kept = {**data, CONFIDENTIAL: True} if is_confidential() else data
    entry = log(instance=thing, action=act, user=by, data=kept or None)
    staff_acted.send(type(thing), thing=thing, act=act, by=by, data=data)
    return entry
