"""Rename and describe a gallery, choose its order. Its address stays, so that every link to it and its posts keeps working."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock_galleries
from ..models.pages import GalleryOrder
from ..words import clean_description, clean_gallery_name


def edit_gallery(gallery, *, by, name, description, order=None):
    """Set name, description and, where given, the order of its posts; returns the gallery.

    Raises PermissionDenied, or ValidationError for an empty name and for what is no order.
    """
    name, description = clean_gallery_name(name), clean_description(description)
    if order is not None and order not in GalleryOrder.values:
        raise ValidationError({"order": _("Choose an order.")})
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not permissions.is_author(by, gallery) or not gallery.is_open:
            raise PermissionDenied(_("Only its author can change a gallery."))
        if name.casefold() == gallery.name_taken_down.get("name", "").casefold():
            raise ValidationError({"name": _("The team took this name down. Please choose another one.")})
        before = gallery.title
        gallery.title = gallery.draft_title = name
        gallery.description = description
        gallery.order = order or gallery.order
        gallery.save(update_fields=["title", "draft_title", "description", "order"])
        write_down(gallery, "gallery.edited", by=by, name_before=before)
    return gallery
