"""What a decision does to what its case is about, through the same actions as the rest of the console."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gallery.actions.label_sensitive import label_sensitive
from gallery.actions.limit_post import limit_post
from gallery.actions.take_down_post import take_down_post
from gallery.acts import write_down_staff
from gallery.states import TeamState

from .actions.suspend_member import check_may_suspend, suspend_member
from .actions.take_down_avatar import take_down_avatar
from .actions.take_down_comment import take_down_comment
from .actions.take_down_member_name import take_down_member_name
from .actions.take_down_profile import take_down_profile
from .avatars import shown_avatar
from .cases import thing_of
from .models import Case, Decision, Profile
from .models.cases import ProfilePart
from .models.users import Standing

Act = Decision.Act
# Which decisions there are of what, by a button. All posts of a member go by a page of their own: `take_down_all`.
ACTS = {
    Case.Kind.POST: (Act.NO_ACTION, Act.SENSITIVE, Act.LIMIT, Act.TAKE_DOWN, Act.WARN, Act.SUSPEND),
    Case.Kind.COMMENT: (Act.NO_ACTION, Act.TAKE_DOWN, Act.WARN, Act.SUSPEND),
    Case.Kind.PROFILE: (Act.NO_ACTION, Act.TAKE_DOWN, Act.WARN, Act.SUSPEND),
}
TAKES_DOWN = frozenset({Act.TAKE_DOWN, Act.WARN, Act.SUSPEND})
STRIKES = TAKES_DOWN | {Act.TAKE_ALL}  # these count against the member for STRIKE_DAYS


def carry_out(case, act, *, by, told, parts=()):
    """Do to what `case` is about what `act` says, telling its member `told`; returns what it changed (see taking_back).

    Of a profile `parts` go down, or all without any.

    Inside the decision's transaction. Raises PermissionDenied or ValidationError where an action refuses.
    """
    if act in (Act.NO_ACTION, Act.TAKE_ALL):  # the latter is a task's: see `bulk_takedowns.begin`
        return {}
    thing, changed = thing_of(case), {}
    if case.member is None or (thing is None and act != Act.SUSPEND):
        raise ValidationError(_("What this is about is gone: nothing is left to decide but to close the case."))
    if act == Act.SUSPEND:
        check_may_suspend(case.member, by)  # before anything is done that files follow
    if act == Act.SENSITIVE and not thing.team_sensitive:
        label_sensitive(thing, by=by, reason=told)
        changed["sensitive"] = [thing.short_id]
    if act == Act.LIMIT and not thing.limited:
        limit_post(thing, by=by, reason=told)
        changed["limited"] = [thing.short_id]
    if act in TAKES_DOWN and thing is not None:
        changed |= TAKE_DOWN[case.kind](thing, by, told, parts)
    if act == Act.WARN:
        write_down_staff(case.member, "pixlpix.warn", by=by, reason=told)
    if act == Act.SUSPEND and case.member.standing != Standing.SUSPENDED:
        suspend_member(case.member, by=by, reason=told)
        changed["suspended"] = [case.member_id]
    return changed


def take_down_what_was_posted(post, by, told, parts):
    """The post, with its author's others of the same picture; other people's become cases (community/signals.py)."""
    before = {post.pk} if post.team_state == TeamState.TAKEN_DOWN else set()
    taken = take_down_post(post, by=by, reason=told)
    return {"posts": [one.short_id for one in taken if one.pk not in before]}


def take_down_what_was_said(comment, by, told, parts):
    was_there = comment.team_state == TeamState.NONE
    take_down_comment(comment, by=by, reason=told)
    return {"comments": [comment.key]} if was_there else {}


def take_down_what_is_shown(member, by, told, parts):
    """Of a member: the picture that is shown, their name, and what they say of themselves; of these, `parts`."""
    changed, parts = {}, parts or (ProfilePart.PICTURE, ProfilePart.WORDS)
    avatar = shown_avatar(member) if ProfilePart.PICTURE in parts else None
    if avatar is not None and avatar.team_state == TeamState.NONE:
        take_down_avatar(avatar, by=by, reason=told)
        changed["avatars"] = [avatar.pk]
    if ProfilePart.NAME in parts and member.name != member.username:
        take_down_member_name(member, by=by, reason=told)
        changed["member_names"] = [member.pk]
    if ProfilePart.WORDS not in parts:
        return changed
    profile = Profile.objects.filter(user=member, team_state=TeamState.NONE).first()
    if profile and (profile.biography or profile.pronouns or profile.link):
        take_down_profile(member, by=by, reason=told)
        changed["profiles"] = [member.pk]
    return changed


TAKE_DOWN = {
    Case.Kind.POST: take_down_what_was_posted,
    Case.Kind.COMMENT: take_down_what_was_said,
    Case.Kind.PROFILE: take_down_what_is_shown,
}
