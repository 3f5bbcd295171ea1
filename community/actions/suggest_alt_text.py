"""Offer words for a photo that has no alternative text."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.words import clean_alt_text

from ..models import AltSuggestion
from ..models.notifications import Kind
from ..notifying import notify
from ..permissions import may_take_part
from ..visibility import posts_for


def suggest_alt_text(photo, *, by, text):
    """Suggest `text` for `photo` to its author, who is told; a second one of theirs takes the place of the first.

    Returns the AltSuggestion. Raises PermissionDenied for a photo that they may not see or that has a text, and for one of
    their own; ValidationError for no words or too many.
    """
    text = clean_alt_text(text)
    if not text:
        raise ValidationError({"alt_text": _("Say in a sentence what is in the picture.")})
    post = posts_for(by).select_related("author").filter(pk=photo.post_id).first() if may_take_part(by) else None
    if post is None or post.author_id == by.pk or photo.alt_text or not photo.is_showable:
        raise PermissionDenied(_("This photo needs no description of yours."))
    with transaction.atomic():
        suggestion, is_new = AltSuggestion.objects.update_or_create(photo=photo, by=by, defaults={"text": text})
        if is_new:
            notify(Kind.SUGGESTION, post.author, actor=by, post=post)
    return suggestion
