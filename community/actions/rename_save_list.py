"""Give a list of saved posts another name."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..saving import clean_list_name


def rename_save_list(save_list, *, by, name):
    """Name the member's list `name`; returns it. Raises PermissionDenied, or ValidationError for a name that is taken."""
    if save_list.user_id != by.pk:
        raise PermissionDenied(_("This is no list of yours."))
    save_list.name = clean_list_name(name)
    try:
        with transaction.atomic():
            save_list.save(update_fields=["name"])
    except IntegrityError as taken:
        raise ValidationError({"name": _("You have a list of this name already.")}) from taken
    return save_list
