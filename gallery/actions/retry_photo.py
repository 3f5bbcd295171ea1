"""Try once more to process a photo that failed: what was wrong may have been a storage, a worker, or a limit."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down, write_down_staff
from ..locks import lock
from ..making import start_again
from ..models import Photo
from ..states import ProcessingState
from ..tasks import process_photo


def retry_photo(photo, *, by):
    """Have a failed `photo` processed again, by its author or, from the console, by staff; returns it as it is then.

    One that did not fail, or is being tried again already, is left alone. Raises PermissionDenied.
    """
    with transaction.atomic():
        post = lock(photo.post)
        photo = Photo.objects.current().filter(pk=photo.pk).first()
        if photo is None or not permissions.may_retry(by, post):
            raise PermissionDenied(_("This photo cannot be tried again."))
        if photo.state != ProcessingState.FAILED:
            return photo
        start_again(photo)
        if permissions.is_author(by, post):
            write_down(post, "post.photo_retried", by=by, photo=photo.key)
        else:
            write_down_staff(post, "pixlpix.retry_photo", by=by)
        process_photo.enqueue(photo.pk)
    photo.refresh_from_db()
    return photo
