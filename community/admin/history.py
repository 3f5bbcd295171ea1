"""What happened to a post, a gallery or a member: staff's acts and members' own, in one list, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, PageLogEntry

from gallery.acts import CONFIDENTIAL, key_of
from gallery.models import MemberAct

from ..models import TakenName
from ..permissions import may_handle_child_safety

MOST = 50  # rows that a page shows
NOTHING = Value("", TextField())

LABELS = {
    "post.published": _("Published the post"),
    "post.edited": _("Edited the post"),
    "post.moved": _("Moved the post"),
    "post.withdrawn": _("Deleted the post"),
    "post.undone": _("Took the deletion back"),
    "post.discarded": _("Discarded a photo that could not be processed"),
    "post.drafted": _("Began a draft"),
    "post.draft_discarded": _("Discarded the draft"),
    "post.photo_added": _("Added a photo"),
    "post.photo_removed": _("Took a photo out"),
    "post.photo_replaced": _("Chose another file for a photo"),
    "post.photo_retried": _("Had a photo tried again"),
    "post.photos_reordered": _("Put the photos in another order"),
    "post.focus_set": _("Chose what matters in a photo"),
    "post.entered_prompt": _("Entered the post in a prompt"),
    "post.left_prompt": _("Took the post out of a prompt"),
    "gallery.created": _("Made the gallery"),
    "gallery.edited": _("Edited the gallery"),
    "gallery.deleted": _("Deleted the gallery"),
    "gallery.visibility_changed": _("Changed who can see the gallery"),
    "gallery.cover_chosen": _("Chose the gallery's cover"),
    "gallery.contributor_invited": _("Invited somebody to the gallery"),
    "gallery.contributor_removed": _("Took somebody out of the gallery"),
    "gallery.joined": _("Accepted the invitation to the gallery"),
    "gallery.declined": _("Declined the invitation to the gallery"),
    "gallery.left": _("Left the gallery"),
    "gallery.post_added": _("Added a post to the gallery"),
    "gallery.post_removed": _("Took a post out of the gallery"),
    "gallery.passed_on": _("Took the gallery over"),
    "gallery.posts_ordered": _("Put the gallery's posts in order"),
    "member.joined": _("Joined"),
    "member.left": _("Left"),
    "member.returned": _("Came back"),
    "member.emptied": _("What was theirs was deleted, after they had left"),
    "member.appealed": _("Appealed against a decision"),
    "member.export_asked": _("Asked for an export"),
    "member.username_changed": _("Changed the username"),
    "member.avatar_chosen": _("Chose a profile picture"),
    "member.avatar_removed": _("Removed the profile picture"),
    "member.galleries_ordered": _("Put the galleries in order"),
    "member.consented": _("Accepted the policy"),
    "member.declined": _("Declined the policy"),
}


@dataclass(frozen=True)
class Entry:
    """One row of the list. `by_staff` tells the two logs apart; `reason` is what staff wrote, if anything."""

    at: datetime
    what: str
    who: str
    by_staff: bool
    reason: str = ""
    details: str = ""


def history_of(thing, staff):
    """The newest entries on a post, a gallery or a member, from all logs, as `staff` may read them. One query.

    Of what was decided for child safety others than administrators read that it was done, and neither why nor by whom. Of
    what is their own they read what they did themselves, as every member does: what staff did with it is for others.
    """
    is_own = getattr(thing, "author_id", thing.pk) == staff.pk
    logs = [log for log in logs_of(thing) if not (is_own and log.model is not MemberAct)]
    found = logs[0].union(*logs[1:], all=True).order_by("-at_", "-is_staff_")[:MOST]
    reads_all = may_handle_child_safety(staff)
    # On a post or a gallery every row would name the same thing.
    named = key_of(thing)[0] == MemberAct.Kind.MEMBER
    return [entry_of(*row, named=named, reads_all=reads_all) for row in found]


def logs_of(thing):
    """What is written down on `thing`, one queryset a log with the newest MOST rows, all in the same columns."""
    kind, key = key_of(thing)
    if kind == MemberAct.Kind.MEMBER:
        of_user = {"content_type__app_label": "community", "content_type__model": "user", "object_id": str(thing.pk)}
        return [
            staffs(PageLogEntry.objects.filter(page__memberpage__user=thing)),
            staffs(ModelLogEntry.objects.filter(**of_user)),
            members(MemberAct.objects.filter(actor=thing)),
        ]
    acts = MemberAct.objects.filter(kind=kind, key=key)
    if kind == MemberAct.Kind.GALLERY:  # its key begins with what its author was called then
        names = TakenName.objects.filter(user=thing.author_id)
        former = names.annotate(key=Concat("username", Value(f"/{thing.gallery_slug}"))).values("key")
        acts = MemberAct.objects.filter(Q(key=key) | Q(key__in=former), kind=kind)
    return [staffs(PageLogEntry.objects.filter(page_id=thing.pk)), members(acts)]


def staffs(entries):
    """The newest of Wagtail's `entries`."""
    newest = type(entries)(entries.model).filter(pk__in=entries.order_by("-timestamp").values("pk")[:MOST])
    return columns(newest, at_=F("timestamp"), what_=F("action"), who_=F("user__username"), is_staff_=Value(1),
                   kind_=NOTHING, key_=KT(f"data__{CONFIDENTIAL}"), reason_=KT("data__reason"))  # fmt: skip


def members(acts):
    """The newest of members' `acts`."""
    newest = MemberAct.objects.filter(pk__in=acts.order_by("-at").values("pk")[:MOST])
    return columns(newest, at_=F("at"), what_=F("act"), who_=F("actor__username"), is_staff_=Value(0),
                   kind_=F("kind"), key_=F("key"), reason_=NOTHING)  # fmt: skip


def columns(rows, **columns):
    return rows.order_by().annotate(**columns).values_list(*columns)


def entry_of(at, what, who, by_staff, kind, key, reason, *, named, reads_all):
    if by_staff:
        hidden = bool(key) and not reads_all  # the key of staff's rows: whether they are confidential
        known = registry.action_exists(what)
        return Entry(
            at=at,
            what=registry.get_action_label(what) if known else what,
            who=_("administrators") if hidden else who or _("the system"),
            by_staff=True,
            reason="" if hidden else reason or "",
        )
    details = key if named and kind != MemberAct.Kind.MEMBER else ""
    return Entry(at=at, what=LABELS.get(what, what), who=who, by_staff=False, details=details)


def register_log_actions(actions):
    """Hook `register_log_actions`: what staff's acts on posts are called in Wagtail's history. Those on people: `log.py`."""
    for action, label, message in (
        ("pixlpix.take_down", _("Take down"), _("Taken down")),
        ("pixlpix.restore", _("Restore"), _("Restored")),
        ("pixlpix.hold", _("Hold a picture"), _("A picture was held: it looks like a banned one")),
        ("pixlpix.let_through", _("Let a picture through"), _("A held picture was let through")),
        ("pixlpix.confirm_match", _("Confirm a match"), _("A held picture is the banned one")),
        ("pixlpix.ban_picture", _("Ban a picture"), _("Picture banned")),
        ("pixlpix.unban_picture", _("Take a picture off the list"), _("Picture taken off the list")),
        ("pixlpix.retry_photo", _("Try a photo again"), _("A photo was tried again")),
        ("pixlpix.edit_reason", _("Edit the reason"), _("Reason edited")),
        ("pixlpix.limit", _("Limit"), _("Limited")),
        ("pixlpix.unlimit", _("End the limit"), _("No longer limited")),
        ("pixlpix.label_sensitive", _("Label as sensitive"), _("Labelled as sensitive")),
        ("pixlpix.unlabel_sensitive", _("Take the label away"), _("No longer labelled as sensitive")),
        ("pixlpix.take_down_photo", _("Take a photo down"), _("Photo taken down")),
        ("pixlpix.restore_photo", _("Restore a photo"), _("Photo restored")),
        ("pixlpix.take_down_name", _("Take the name down"), _("Name taken down")),
        ("pixlpix.restore_name", _("Restore the name"), _("Name restored")),
        ("pixlpix.export_receipt", _("Export a receipt"), _("Receipt exported")),
        ("pixlpix.erase", _("Erase"), _("Erased")),
        ("pixlpix.erase_photo", _("Erase a photo"), _("Photo erased")),
        ("pixlpix.look", _("Look at something private"), _("Looked at while private")),
        ("pixlpix.pick", _("Pick"), _("Picked for the front page")),
        ("pixlpix.end_pick", _("End a pick"), _("Pick ended")),
    ):
        actions.register_action(action, label, message)
