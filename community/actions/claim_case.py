"""Take a case in hand, so that no two moderators work on one; and give it back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down_staff

from ..cases import holder_of, unclaimed
from ..models import Case
from ..permissions import may_decide


def claim_case(case, *, by):
    """Have `by` take `case` in hand for CASE_CLAIM_MINUTES; once more begins the time anew.

    Of two at the same moment one has it: the other gets a ValidationError that says who. Raises PermissionDenied for who
    may not decide it. Returns the Case as it is now.
    """
    if not may_decide(by, case):
        raise PermissionDenied(_("Somebody else must decide about what is yours."))
    with transaction.atomic():
        free = Case.objects.open().filter(unclaimed() | Q(claimed_by=by.pk), pk=case.pk)
        if not free.update(claimed_by=by.pk, claimed_at=timezone.now()):
            raise ValidationError(why_not(Case.objects.select_related("claimed_by").get(pk=case.pk)))
        write_down_staff(case, "pixlpix.claim_case", by=by)
    case.refresh_from_db()
    return case


def why_not(case):
    """Why `case` cannot be had, for the moderator who asked."""
    if not case.is_open:
        return _("This case is closed.")
    holder = holder_of(case)
    return _("%(who)s has this case in hand.") % {"who": holder.username} if holder else _("Please try again.")


def release_case(case, *, by):
    """Give `case` back to whoever comes next. Nothing happens where `by` does not have it in hand."""
    with transaction.atomic():
        released = Case.objects.filter(pk=case.pk, claimed_by=by.pk).update(claimed_by=None, claimed_at=None)
        if released:
            write_down_staff(case, "pixlpix.release_case", by=by)
    case.refresh_from_db()
    return case
