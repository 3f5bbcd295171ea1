"""Let the evidence of a case go, or keep it: administrators, with a reason."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down_staff

from .. import permissions
from ..models import Case


def keep_evidence(case, *, by, reason):
    """Keep what `case` is about: until it is let go, nothing of it is erased or expires. Returns the saved Case."""
    return hold(case, True, "pixlpix.keep_evidence", by=by, reason=reason)


def release_evidence(case, *, by, reason):
    """Let go what `case` is about: from then on it is erased and expires as everything. The case must be closed."""
    return hold(case, False, "pixlpix.release_evidence", by=by, reason=reason)


def hold(case, holds, act, *, by, reason):
    if not permissions.may_handle_child_safety(by) or case.member_id == by.pk:
        raise PermissionDenied(_("Only administrators decide what is kept as evidence, and not of what is theirs."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the team's record needs it.")})
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if not holds and case.is_open:
            raise PermissionDenied(_("This case is open: decide it first."))
        if case.holds_evidence != holds:
            case.holds_evidence = holds
            case.save(update_fields=["holds_evidence"])
            write_down_staff(case, act, by=by, case=case.key, reason=reason.strip())
    return case
