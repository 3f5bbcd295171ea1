"""Writing down what people did: members in our own log, staff in Wagtail's."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.db.models.expressions import RawSQL
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from .models.acts import MemberAct

# Sent when staff's act is written down, in its transaction, with `thing`, `act`, `by` and `data`: whoever knows how members
# are told of decisions listens (community/signals.py). Pictures know of no such thing.
staff_acted = Signal()

LOOK = "pixlpix.look"
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


def write_down_look(thing, *, by, **data):
    """Log in Wagtail's log that staff `by` is shown `thing` (a page, a member, a case) while it is private.

    One query: what shows private things writes each look down, and `write_down_staff` would first make sure of the page,
    the person and the type that were read a moment ago, by a query each.
    """
    if isinstance(thing, Page):
        title = thing.get_admin_display_title()
        entry = PageLogEntry(page=thing, content_type_id=thing.content_type_id, label=title)
    else:
        entry = ModelLogEntry(object_id=str(thing.pk), content_type_id=type_of(thing), label=str(thing))
    insert_look(entry, by, data)


def write_down_look_at_many(*, by, **data):
    """Log on the members page that staff `by` is shown several private things, which `data` names. One query."""
    from .models import MembersPage

    page = RawSQL("(SELECT MIN(page_ptr_id) FROM gallery_memberspage)", ())
    insert_look(PageLogEntry(page_id=page, content_type_id=type_of(MembersPage), label=str(_("Members"))), by, data)


def type_of(model):
    """The key of the content type of a model (or an instance), for a row to be inserted: the database looks it up."""
    named = (model._meta.app_label, model._meta.model_name)
    return RawSQL("(SELECT id FROM django_content_type WHERE app_label = %s AND model = %s)", named)


def insert_look(entry, by, data):
    entry.action, entry.user, entry.data = LOOK, by, data
    entry.timestamp, entry.uuid = timezone.now(), get_active_log_context().uuid
    models.Model.save(entry, force_insert=True)  # Wagtail's own `save` validates
