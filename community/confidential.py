"""What moderators do not read: why something was done for child safety. That it was done stands there for all staff.

The reason of a takedown or a suspension stands with the thing, where its member reads it, and the decision in a case
that administrators alone see: what the decision told is what others are not shown.
"""

from django.db.models import OuterRef
from django.utils.translation import gettext as _

from gallery.rows import Rows

from .models import Decision
from .models.cases import Queue
from .permissions import may_handle_child_safety


def is_secret(case):
    """Whether what is decided of `case` (or None) is for administrators alone."""
    return case is not None and case.queue == Queue.CHILD_SAFETY


def reasons_hidden_from(staff, members):
    """The reasons among what was done about `members` that `staff` may not read. One query, for administrators none."""
    if may_handle_child_safety(staff):
        return frozenset()
    told = Decision.objects.filter(member__in=[m.pk for m in members], case__queue=Queue.CHILD_SAFETY).exclude(told="")
    return frozenset(told.values_list("told", flat=True))


def with_secrets(members):
    """`members`, each with the reasons that `secrets_of` looks among."""
    told = Decision.objects.filter(member=OuterRef("pk"), case__queue=Queue.CHILD_SAFETY).exclude(told="")
    return members.annotate(told_in_secret=Rows(told, "told"))


def secrets_of(member, staff):
    """The reasons of what was done about `member` that `staff` may not read. No query, of one of `with_secrets`."""
    return frozenset() if may_handle_child_safety(staff) else frozenset(told for (told,) in member.told_in_secret)


def hidden_among(staff, reasons):
    """Those of `reasons`, each with whose it is, that `staff` may not read. One query, and where there is no reason none."""
    members = {member for reason, member in reasons if reason}
    return reasons_hidden_from(staff, members) if members else frozenset()


def as_read_by(staff, reason, member, *, instead=None):
    """`reason`, of something of `member`'s, as `staff` may read it: `instead` stands for what they may not."""
    if reason not in hidden_among(staff, [(reason, member)]):
        return reason
    return by_administrators() if instead is None else instead


def shown(reason, hidden):
    """`reason`, or what stands in its place where it is among the `hidden` ones."""
    return by_administrators() if reason in hidden else reason


def by_administrators():
    return _("Decided by administrators.")
