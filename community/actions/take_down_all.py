"""Take all posts of a member down, by one decision: with a case about them, which it closes, or without."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import permissions

from ..bulk_takedowns import begin
from ..models import Decision
from ..permissions import may_see_cases
from .decide_case import MOST_WORDS, decide, words_of


def take_down_all(member, *, by, rule="", told="", note="", case=None):
    """Decide that all posts of `member` are taken down, which a task then does; returns the Decision.

    The member is told `told` (or the usual words) once, and one strike counts. In a `case` of theirs this is its decision,
    which waits for a second moderator where SECOND_PAIR_OF_EYES says so. Raises PermissionDenied, or ValidationError: without
    a rule or words, where there is no post to take down, where one such takedown runs, and as `decide_case` does.
    """
    if not (permissions.may_take_down(by) and may_see_cases(by) and by.has_perm("community.add_decision")):
        raise PermissionDenied(_("Only moderators and administrators take posts down."))
    if by.pk == member.pk:
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    act = Decision.Act.TAKE_ALL
    if case is not None:
        if case.member_id != member.pk:
            raise PermissionDenied(_("This case is about somebody else."))
        return decide(case, by=by, act=act, rule=rule, told=told, note=note)
    if act in settings.SECOND_PAIR_OF_EYES:
        raise ValidationError(_("A second moderator must agree to this: report the member, and do it from that case."))
    rule, told = words_of(act, rule, told)
    now = timezone.now()
    with transaction.atomic():
        decision = Decision.objects.create(
            act=act, rule=rule, told=told, note=note.strip()[:MOST_WORDS], member=member, by=by, made_at=now,
            carried_out_at=now, strike_until=now + timedelta(days=settings.STRIKE_DAYS),
        )  # fmt: skip
        begin(decision, by=by)
    return decision
