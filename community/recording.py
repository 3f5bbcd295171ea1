"""Decisions that staff take without a case: on a post's page, a comment, a member, in Wagtail's own pages.

Each is written down as a decision too, so that its member finds it among theirs and can appeal. What brings the thing back
marks the decisions about it as undone, those of cases as well, once nothing that they changed is left: so that what the member
reads, strikes and numbers agree, and whoever reported hears of it. A suspension that is lifted leaves its decision in force
while the post that went with it is down: against that its member can still appeal. `decide_case` and `undo_decision` write
their own: while they work, nothing is written here.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.models import GalleryPage, PostPage

from .actions.answer_reports import answer_for_undoing, answer_reports
from .confidential import is_secret
from .deciding import is_deciding
from .models import Avatar, Comment, Decision, User
from .permissions import may_handle_child_safety
from .taking_back import MOST, is_left

Act = Decision.Act
# Acts in the log → the decision, and what it changed, as `changed` has it.
MADE = {
    "pixlpix.take_down": (Act.TAKE_DOWN, "page"),
    "pixlpix.take_down_photo": (Act.TAKE_DOWN, "photos"),
    "pixlpix.take_down_name": (Act.TAKE_DOWN, "gallery_names"),
    "pixlpix.take_down_comment": (Act.TAKE_DOWN, "comments"),
    "pixlpix.take_down_avatar": (Act.TAKE_DOWN, "avatars"),
    "pixlpix.take_down_profile": (Act.TAKE_DOWN, "profiles"),
    "pixlpix.take_down_member_name": (Act.TAKE_DOWN, "member_names"),
    "pixlpix.limit": (Act.LIMIT, "limited"),
    "pixlpix.label_sensitive": (Act.SENSITIVE, "sensitive"),
    "pixlpix.suspend": (Act.SUSPEND, "suspended"),
}
UNDONE = {
    "pixlpix.restore": "page",
    "pixlpix.restore_photo": "photos",
    "pixlpix.restore_name": "gallery_names",
    "pixlpix.restore_comment": "comments",
    "pixlpix.restore_avatar": "avatars",
    "pixlpix.restore_profile": "profiles",
    "pixlpix.restore_member_name": "member_names",
    "pixlpix.unlimit": "limited",
    "pixlpix.unlabel_sensitive": "sensitive",
    "pixlpix.lift_suspension": "suspended",
}
COUNTS = frozenset({Act.TAKE_DOWN, Act.SUSPEND})
# Several things taken down for one reason, one after the other, count once.
ONE_ACT = timedelta(minutes=10)


def record(thing, act, *, by, data):
    """Write down that staff `by` decided by `act` about `thing`, or that an earlier decision is undone; in its transaction.

    Raises PermissionDenied where `by` would bring back what was decided for child safety and is no administrator.
    """
    if is_deciding():
        return
    if act in MADE:
        made, kind = MADE[act]
        member, kind, reference = reference_of(thing, kind, data)
        if member is not None and (by is None or by.pk != member.pk):
            make(member, made, {kind: [reference]}, by, data.get("reason", ""))
    elif act in UNDONE:
        member, kind, reference = reference_of(thing, UNDONE[act], data)
        if member is not None:
            undo(kind, same_as(kind, reference), member, by)
    elif act == "pixlpix.edit_reason":
        member, kind, reference = reference_of(thing, "page", data)
        for decision in in_force(member, {kind: [reference]}):
            Decision.objects.filter(pk=decision.pk).update(told=data.get("reason", ""))


def reference_of(thing, kind, data):
    """(the member, the kind, the reference) of what an act of the log is about, as `changed` has them."""
    if kind == "page":
        kind = "posts" if isinstance(thing, PostPage) else "galleries"
    if kind == "comments":
        comment = Comment.objects.select_related("author").filter(key=data.get("comment")).first()
        return (comment.author, kind, comment.key) if comment else (None, kind, "")
    if kind == "photos":
        return thing.author, kind, data.get("photo", "")
    if isinstance(thing, PostPage):
        return thing.author, kind, thing.short_id
    if isinstance(thing, GalleryPage):
        return thing.author, kind, thing.pk
    if not isinstance(thing, User):
        return None, kind, ""
    if kind == "avatars":
        return thing, kind, data.get("avatar", 0)
    return thing, kind, thing.pk


def make(member, act, changed, by, reason):
    """One decision without a case. The same once more only says something new: another reason, which the member is told."""
    for earlier in in_force(member, changed):
        if earlier.act == act:
            Decision.objects.filter(pk=earlier.pk).update(told=reason)
            return
    now = timezone.now()
    decision = Decision(act=act, member=member, by=by, told=reason, changed=changed, made_at=now, carried_out_at=now)
    same = Decision.objects.filter(member=member, by=by, told=reason, made_at__gt=now - ONE_ACT)
    if act in COUNTS and not same.filter(strike_until__isnull=False).exists():
        decision.strike_until = now + timedelta(days=settings.STRIKE_DAYS)
    decision.save()


def same_as(kind, reference):
    """The references of what comes back with this one: all cuts of the picture of a profile picture."""
    if kind != "avatars":
        return {reference}
    cuts = Avatar.objects.filter(pk=reference).values("user", "picture__original")
    found = Avatar.objects.filter(user__in=cuts.values("user"), picture__original__in=cuts.values("picture__original"))
    return set(found.values_list("pk", flat=True))


def undo(kind, references, member, by):
    """Mark decisions about `member` as undone of which nothing is left now that these come back; whoever reported hears it."""
    for decision in all_in_force(member):
        if references.isdisjoint(decision.changed.get(kind, ())):
            continue
        if is_secret(decision.case) and by is not None and not may_handle_child_safety(by):
            raise PermissionDenied(_("Administrators decided this, and only they bring it back."))
        left = {**decision.changed, kind: [one for one in decision.changed[kind] if one not in references]}
        if is_left(left):
            continue
        undone = {"state": Decision.State.UNDONE, "undone_at": timezone.now(), "undone_by": by}
        if Decision.objects.filter(pk=decision.pk, state=Decision.State.CARRIED_OUT).update(**undone) and decision.case:
            answer_reports(decision.case, answer_for_undoing(decision.case))


def in_force(member, changed):
    """The decisions in force about `member` that changed exactly this."""
    return [decision for decision in all_in_force(member) if decision.changed == changed]


def all_in_force(member):
    decisions = Decision.objects.filter(member=member, state=Decision.State.CARRIED_OUT).select_related("case")
    return list(decisions.order_by("-made_at")[:MOST])
