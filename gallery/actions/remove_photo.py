"""Take a photo out of a draft or a published post."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down
from ..forgetting import forget_photos
from ..locks import lock
from ..making import bring_in_step
from ..models import Photo
from ..photo_publication import close_photo
from ..publication import show_when_ready


def remove_photo(photo, *, by):
    """Take `photo` out of its post; returns the saved post. One that is out already is left alone.

    What others may have seen is withdrawn as a post is: its files are gone from the media host when this returns, and the
    team keeps it. What nobody else saw (in a draft, being processed, failed, waiting to take another's place) goes for
    good. Raises PermissionDenied, or ValidationError for the last photo of a post that is published.
    """
    with transaction.atomic():
        post = lock(photo.post)
        photo = Photo.objects.current().filter(pk=photo.pk).first()
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        if photo is None:
            return post
        photo.post = post
        check_that_others_stay(photo, post)
        # Whoever waits for its place goes with it.
        waiting = list(post.photos.current().filter(replaces=photo))
        shown = photo.was_shown
        forget_photos(waiting if shown else [photo, *waiting], why="its author took it out before anybody saw it")
        write_down(post, "post.photo_removed", by=by, photo=photo.key)
        if shown:
            photo.removed_at = timezone.now()
            photo.save(update_fields=["removed_at"])
            close_photo(photo)
        bring_in_step(post)
        if shown:
            # Last before the commit: whatever a crash interrupts, the ledger errs towards hidden.
            ledger.enter("photo.removed", post, photo=photo.key)
    show_when_ready(post)  # where this was the one that the others waited for
    return post


def check_that_others_stay(photo, post):
    """Raise ValidationError where a published post would be left without a photo that can be seen."""
    if post.is_draft or not photo.is_in_place:
        return
    others = list(post.photos.in_place().exclude(pk=photo.pk))
    if not others:
        message = _(
            "This is the last photo of the post: it stays. Delete the post instead, or add another photo first."
        )
        raise ValidationError(message, code="last_photo")
    if post.photos_ready and not any(other.is_ready for other in others):
        message = _("The other photos are not ready yet. Please wait until they are, or delete the post instead.")
        raise ValidationError(message, code="others_not_ready")
