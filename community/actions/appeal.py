"""Appeal against a decision, once, by its member; and the answer, by another moderator than who decided."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import confidentially, write_down, write_down_staff

from ..confidential import is_secret
from ..models import Appeal
from ..models.notifications import Kind
from ..notifying import notify
from ..permissions import may_answer_appeal, may_appeal, may_handle_child_safety
from .decide_case import MOST_WORDS, undo_decision


def appeal(decision, *, by, text):
    """Appeal against `decision`, by its member `by`, suspended or not. Returns the Appeal.

    Raises PermissionDenied where there is nothing to appeal against, and ValidationError for no words, too many, and the
    second time.
    """
    if not may_appeal(by, decision):
        raise PermissionDenied(_("There is nothing to appeal against."))
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("Say why you think that it was wrong.")})
    if len(text) > MOST_WORDS:
        raise ValidationError({"text": _("That is too long.")})
    try:
        with transaction.atomic():
            made = Appeal.objects.create(decision=decision, text=text)
            write_down(by, "member.appealed", by=by, decision=decision.key)
    except IntegrityError as error:  # the constraint: one for a decision
        raise ValidationError(_("You have appealed against this already.")) from error
    return made


def answer_appeal(appeal, *, by, outcome, answer):
    """Answer `appeal`, for good: the decision stands, or is undone with all that it changed. Its member is told.

    Of two at the same moment one answers. What a crash interrupts, the same moderator finishes by answering once more: the
    appeal counts as answered last. Raises PermissionDenied or ValidationError; returns the Appeal.
    """
    if not may_answer_appeal(by, appeal):
        raise PermissionDenied(_("Somebody else must answer this appeal."))
    if outcome not in Appeal.Outcome.values:
        raise ValidationError({"outcome": _("Say whether the decision stands.")})
    if not answer.strip():
        raise ValidationError({"answer": _("Say why: the member is told.")})
    take_in_hand(appeal, by)
    decision = appeal.decision
    decision.refresh_from_db(fields=["state"])
    if outcome == Appeal.Outcome.OVERTURNED and decision.is_in_force:
        undo_decision(decision, by=by, reason=answer.strip(), reopen=False)
    with transaction.atomic():
        appeal.outcome, appeal.answer, appeal.answered_at = outcome, answer.strip()[:MOST_WORDS], timezone.now()
        appeal.save(update_fields=["outcome", "answer", "answered_at"])
        about = {"act": f"appeal_{outcome}", "thing": "decision", "reason": appeal.answer}
        notify(Kind.MODERATION, decision.member, **about)
        with confidentially(is_secret(decision.case)):
            about = {"outcome": outcome, "reason": appeal.answer}
            write_down_staff(decision.member, "pixlpix.answer_appeal", by=by, **about)
    return appeal


def take_in_hand(appeal, by):
    """Note who answers, before anything is done. An administrator takes over what somebody left unfinished."""
    mine = Q(by__isnull=True) | Q(by=by.pk)
    free = Appeal.objects.filter(pk=appeal.pk, answered_at__isnull=True)
    if not (free if may_handle_child_safety(by) else free.filter(mine)).update(by=by.pk):
        raise ValidationError(_("Somebody else answers this appeal, or has answered it."))
    appeal.by = by
