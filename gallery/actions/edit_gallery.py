"""Rename and describe a gallery. Its address stays, so that every link to it and its posts keeps working."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock_galleries
from ..words import clean_description, clean_gallery_name


def edit_gallery(gallery, *, by, name, description):
    """Set name and description. Raises PermissionDenied, or ValidationError for an empty name; returns the gallery."""
    name, description = clean_gallery_name(name), clean_description(description)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not permissions.is_author(by, gallery) or not gallery.is_open:
            raise PermissionDenied(_("Only its author can change a gallery."))
        before = gallery.title
        gallery.title = gallery.draft_title = name
        gallery.description = description
        gallery.save(update_fields=["title", "draft_title", "description"])
        write_down(gallery, "gallery.edited", by=by, name_before=before)
    return gallery
