"""Decide a case: what is done, what its member is told, what reporters are answered, in one transaction; and undo it."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import confidentially, write_down_staff

from .. import bulk_takedowns
from ..carrying_out import ACTS, STRIKES, carry_out
from ..cases import holder_of, parts_reported
from ..confidential import is_secret
from ..deciding import deciding
from ..models import Case, Decision, DecisionTemplate
from ..models.cases import Category, ProfilePart
from ..models.notifications import Kind
from ..notifying import notify
from ..permissions import may_decide, may_undo_decision
from ..taking_back import take_back
from .answer_reports import answer_for, answer_for_undoing, answer_reports
from .claim_case import why_not

MOST_WORDS = 2000


def decide_case(case, *, by, act, rule="", told="", note="", parts=()):
    """Decide `case`: carry `act` out, tell its member `told` (or the usual words), close it and answer the reports.

    Of a profile `parts` (values of ProfilePart) go down; without any, those that reports were about, or picture and words.

    An act of SECOND_PAIR_OF_EYES is only proposed: `confirm_decision`, by another moderator, carries it out. Raises
    PermissionDenied, or ValidationError where somebody else has the case in hand, where it is closed, and where an action
    refuses: then nothing is done. Returns the Decision.
    """
    if act not in ACTS[case.kind]:
        raise ValidationError({"act": _("There is no such decision of this.")})
    parts = list(parts or parts_reported(case)) if case.kind == Case.Kind.PROFILE else []
    if not set(parts) <= set(ProfilePart.values):
        raise ValidationError({"parts": _("There is no such part of a profile.")})
    return decide(case, by=by, act=act, rule=rule, told=told, note=note, parts=parts)


def decide(case, *, by, act, rule, told, note, parts=()):
    """The same for any act: `take_down_all` decides so as well."""
    if not may_decide(by, case):
        raise PermissionDenied(_("Somebody else must decide about what is yours."))
    rule, told = words_of(act, rule or case.category, told)
    with transaction.atomic():
        case = lock_case(case)
        check_is_free(case, by)
        decision = Decision(case=case, act=act, rule=rule, told=told, note=note.strip()[:MOST_WORDS], by=by)
        decision.member, decision.parts = case.member, list(parts)
        if act in settings.SECOND_PAIR_OF_EYES:
            propose(decision, by)
        else:
            finish(decision, by)
    return decision


def words_of(act, rule, told):
    """The rule that was broken and what the member is told: neither where nothing is done."""
    if act == Decision.Act.NO_ACTION:
        return "", ""
    if rule not in Category.values:
        raise ValidationError({"rule": _("There is no such rule.")})
    told = told.strip() or DecisionTemplate.usual(act, rule)
    if not told:
        raise ValidationError({"told": _("Say why: the member is told.")})
    if len(told) > MOST_WORDS:
        raise ValidationError({"told": _("That is too long.")})
    return rule, told


def lock_case(case):
    """The row of `case` as it is now, locked, with what it is about."""
    about = ("member", "claimed_by", "post__author", "post__gallery", "comment__author", "comment__post")
    return Case.objects.select_for_update(of=("self",)).select_related(*about).get(pk=case.pk)


def check_is_free(case, by):
    """Raise ValidationError where a locked `case` is not for `by` to decide now."""
    holder = holder_of(case)
    if not case.is_open or (holder is not None and holder.pk != by.pk):
        raise ValidationError(why_not(case))
    if case.decisions.filter(state=Decision.State.PROPOSED).exists():
        raise ValidationError(_("A decision waits for a second moderator."))


def propose(decision, by):
    """Leave `decision` for a second moderator. The case stays open, in nobody's hands."""
    decision.state = Decision.State.PROPOSED
    decision.save()
    Case.objects.filter(pk=decision.case_id).update(claimed_by=None, claimed_at=None)
    write_down_staff(
        decision.case, "pixlpix.propose", by=by, decision=decision.act, reason=decision.note or decision.told
    )


def finish(decision, by):
    """Carry `decision` out by `by` and close its case, which is locked. In the caller's transaction."""
    case, now = decision.case, timezone.now()
    with deciding(decision.rule), confidentially(is_secret(case)):
        decision.changed = carry_out(case, decision.act, by=by, told=decision.told, parts=decision.parts)
    decision.state, decision.carried_out_at = Decision.State.CARRIED_OUT, now
    if decision.act in STRIKES:
        decision.strike_until = now + timedelta(days=settings.STRIKE_DAYS)
    decision.save()
    if decision.act == Decision.Act.TAKE_ALL:
        with confidentially(is_secret(case)):
            bulk_takedowns.begin(decision, by=by)
    case.closed_at, case.claimed_by, case.claimed_at = now, None, None
    case.save(update_fields=["closed_at", "claimed_by", "claimed_at"])
    answer_reports(case, answer_for(decision.act))
    write_down_staff(case, "pixlpix.decide", by=by, decision=decision.act, reason=decision.note or decision.told)


def confirm_decision(decision, *, by):
    """Carry a proposed decision out, as the second moderator. Raises as `decide_case` does; returns the Decision."""
    with transaction.atomic():
        decision = lock_proposal(decision, by)
        decision.second = by
        finish(decision, by)
    return decision


def refuse_decision(decision, *, by, note=""):
    """Refuse a proposed decision, as the second moderator: its case goes back to the queue. Returns the Decision."""
    with transaction.atomic():
        decision = lock_proposal(decision, by)
        decision.second, decision.state = by, Decision.State.REFUSED
        decision.save(update_fields=["second", "state"])
        write_down_staff(decision.case, "pixlpix.refuse_decision", by=by, decision=decision.act, reason=note.strip())
    return decision


def lock_proposal(decision, by):
    """The proposed decision as it is now, its case locked before it."""
    if not may_decide(by, decision.case) or by.pk == decision.by_id:
        raise PermissionDenied(_("A second moderator must agree."))
    case = lock_case(decision.case)
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.state != Decision.State.PROPOSED or not case.is_open:
        raise ValidationError(_("This decision waits for nobody any more."))
    decision.case = case
    return decision


def undo_decision(decision, *, by, reason="", reopen=True):
    """Take a decision back with all that it changed; its case opens again, in the hands of `by`. Whoever reported is answered
    that it was taken back, and its member is told.

    With `reopen` False it is an appeal that undoes it: the case stays closed, and the member is told by the appeal. Raises
    PermissionDenied, or ValidationError for a decision that is not in force; returns the Decision. What a crash interrupts,
    the next call finishes: the decision counts as undone last.
    """
    if not may_undo_decision(by, decision):
        raise PermissionDenied(_("Somebody else must decide about what is yours."))
    if not decision.is_in_force:
        raise ValidationError(_("This decision is not in force."))
    secretly = confidentially(is_secret(decision.case))
    with deciding(), secretly:
        take_back(decision, by=by, reason=reason)
    with transaction.atomic():
        case = lock_case(decision.case) if decision.case_id else None
        decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if decision.state == Decision.State.CARRIED_OUT:
            decision.state, decision.undone_at, decision.undone_by = Decision.State.UNDONE, timezone.now(), by
            decision.save(update_fields=["state", "undone_at", "undone_by"])
            write_down_staff(
                case or decision.member, "pixlpix.undo_decision", by=by, decision=decision.act, reason=reason
            )
            if case is not None and reopen:
                open_again(case, by)
            tell_of_undoing(decision, case, by_appeal=not reopen)
    return decision


def tell_of_undoing(decision, case, *, by_appeal):
    """Tell those who reported, and the member where they had heard of the decision, that it is undone; in its transaction."""
    if case is not None:
        answer_reports(case, answer_for_undoing(case))
    # Of nothing they have not heard, and that all their posts come back is told by that.
    silent = (Decision.Act.NO_ACTION, Decision.Act.TAKE_ALL)
    if decision.member is not None and decision.act not in silent and not by_appeal:
        notify(Kind.MODERATION, decision.member, act="undo", thing="decision")


def open_again(case, by):
    """Open a closed `case` again, in the hands of `by`; it stays closed where another of the same thing is open by now."""
    case.closed_at, case.claimed_by, case.claimed_at = None, by, timezone.now()
    try:
        with transaction.atomic():
            case.save(update_fields=["closed_at", "claimed_by", "claimed_at"])
    except IntegrityError:
        case.refresh_from_db()
