"""Put an announcement aside: it is not shown to this member again."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ..announcing import is_for
from ..models import Dismissal


def dismiss_announcement(announcement, *, by):
    """Put `announcement` aside for `by`; twice is once. Raises PermissionDenied for what is not theirs to put aside."""
    if not by.is_authenticated or not announcement.dismissible or not is_for(by, announcement):
        raise PermissionDenied(_("This announcement stays while it lasts."))
    return Dismissal.objects.get_or_create(announcement=announcement, user=by)[0]
