"""Take a suggested description, or decline it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.actions.edit_post import edit_post

from ..models import AltSuggestion


def take_suggestion(suggestion, *, by):
    """Make it the photo's alternative text; whatever else was suggested for that photo goes with it. Returns the post.

    Raises PermissionDenied for whoever may not edit the post, and where the photo got its words meanwhile.
    """
    with transaction.atomic():
        photo = suggestion.photo
        photo.refresh_from_db(fields=["alt_text"])
        if photo.alt_text:
            raise PermissionDenied(_("This photo has a description already."))
        post = edit_post(photo.post, by=by, alt_texts={photo.key: suggestion.text})
        AltSuggestion.objects.filter(photo=photo).delete()
    return post


def decline_suggestion(suggestion, *, by):
    """Drop it; nobody is told. Raises PermissionDenied for anybody but the post's author."""
    if suggestion.photo.post.author_id != by.pk:
        raise PermissionDenied(_("This is not yours to answer."))
    suggestion.delete()
