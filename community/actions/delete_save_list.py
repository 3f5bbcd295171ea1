"""Delete a list of saved posts. The posts themselves know nothing of it."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


def delete_save_list(save_list, *, by):
    """Delete the member's list. Raises PermissionDenied for somebody else's."""
    if save_list.user_id != by.pk:
        raise PermissionDenied(_("This is no list of yours."))
    save_list.delete()
