"""Telling members what the team decided about them or what is theirs, and why.

Every decision of staff is written down by `gallery.acts.write_down_staff`, whichever form, command or page of Wagtail's it
came from, and tells of itself: so none can be made that its member does not hear of. (Those on comments stand in the log of
their post; `take_down_comment` tells of them.)
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gallery.models import GalleryPage, PostPage

from .deciding import rule_told
from .models import Comment, User
from .models.notifications import Kind
from .notifying import notify

# Acts that a member is told, by their name in the log: what it is called in `telling.DECISIONS`, what it is about (None: the
# thing itself), and whether its reason is told. Reasons for bringing something back are for the team's log alone.
TOLD = {
    "pixlpix.take_down": ("take_down", None, True),
    "pixlpix.restore": ("restore", None, False),
    "pixlpix.hold": ("hold", None, True),
    "pixlpix.let_through": ("let_through", None, False),
    "pixlpix.confirm_match": ("confirm_match", None, True),
    "pixlpix.edit_reason": ("edit_reason", None, True),
    "pixlpix.limit": ("limit", None, True),
    "pixlpix.unlimit": ("unlimit", None, False),
    "pixlpix.label_sensitive": ("label_sensitive", None, True),
    "pixlpix.unlabel_sensitive": ("unlabel_sensitive", None, False),
    "pixlpix.erase": ("erase", None, True),
    "pixlpix.erase_photo": ("erase", "photo", True),
    "pixlpix.take_down_photo": ("take_down", "photo", True),
    "pixlpix.restore_photo": ("restore", "photo", False),
    "pixlpix.take_down_name": ("take_down", "name", True),
    "pixlpix.restore_name": ("restore", "name", False),
    "pixlpix.take_down_profile": ("take_down", "profile", True),
    "pixlpix.restore_profile": ("restore", "profile", False),
    "pixlpix.take_down_member_name": ("take_down", "member_name", True),
    "pixlpix.restore_member_name": ("restore", "member_name", False),
    "pixlpix.take_down_avatar": ("take_down", "picture", True),
    "pixlpix.restore_avatar": ("restore", "picture", False),
    "pixlpix.hold_avatar": ("hold", "picture", True),
    "pixlpix.let_avatar_through": ("let_through", "picture", False),
    "pixlpix.warn": ("warn", "member", True),
    "pixlpix.suspend": ("suspend", "member", True),
    "pixlpix.lift_suspension": ("lift_suspension", "member", False),
    "pixlpix.take_down_all": ("take_down_all", "member", True),
    "pixlpix.restore_all": ("restore_all", "member", False),
}

_told = ContextVar("told", default=False)


@contextmanager
def told_already():
    """What is done in here is part of what its member was told as a whole."""
    token = _told.set(True)
    try:
        yield
    finally:
        _told.reset(token)


def tell_of_decision(thing, act, *, by, data):
    """Tell whose `thing` it is that staff `by` did `act`, where members are told of it; in the act's transaction."""
    if act not in TOLD or _told.get():
        return
    name, about, with_reason = TOLD[act]
    if isinstance(thing, PostPage):
        whose, kind, what = thing.author, "post", {"post": thing}
    elif isinstance(thing, GalleryPage):
        whose, kind, what = thing.author, "gallery", {"gallery": thing}
    elif isinstance(thing, Comment):
        whose, kind, what = thing.author, "comment", {"comment": thing}
    elif isinstance(thing, User):
        whose, kind, what = thing, "member", {}
    else:
        return
    reason = data.get("reason", "") if with_reason else ""
    if act == "pixlpix.erase":
        what = {}  # it outlives the post
        until = date_format(datetime.fromisoformat(data["until"]), "DATE_FORMAT")
        reason = _("%(reason)s (Backups hold it until %(date)s.)") % {"reason": reason, "date": until}
    notify(Kind.MODERATION, whose, act=name, thing=about or kind, reason=reason, **what, **rule_told())
