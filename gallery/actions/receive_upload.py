"""Receive a file in parts, and make the whole an original: begin an upload, take each part, hand out what came of it.

What an upload's offset says is always true: a part moves it once its file is in the scratch storage, the last one once the
original is in the vault. So whatever breaks in between, the same request can be sent again, and an upload whose offset is
its size is complete. A file that comes whole in one request never sees the scratch storage.
"""

import logging
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..files import StorageUnavailable
from ..imaging import PictureRefused, inspect
from ..models import Upload
from ..parts import TooMuch, drop_parts, keep_part, received, whole
from .store_original import store_original

logger = logging.getLogger(__name__)

MOST_UNFINISHED = 40  # uploads of one member at a time
MOST_IN_PART = 8 * 1024 * 1024  # bytes; our own page sends settings.UPLOAD_PART_BYTES
MOST_PARTS = 200  # of one upload: connections that break leave short ones
LEAST_TO_LOOK_AT = 1024  # bytes of a first part that tell what a file is


class NotReceived(Exception):
    """What was sent is not taken; `message` says to the sender why, and what to do."""

    def __init__(self, message):
        self.message = message
        super().__init__(message)


class TooLarge(NotReceived):
    """More bytes than a file or a part may have, or than were announced."""


class TooManyUploads(NotReceived):
    """The member has MOST_UNFINISHED unfinished uploads."""


class BrokeOff(NotReceived):
    """Nothing came of it that could be continued."""


class Refused(NotReceived):
    """The upload was refused before, in these words."""


class WrongOffset(NotReceived):
    """The part does not begin where the upload stands."""

    def __init__(self):
        super().__init__(_("This part does not continue where the upload stands."))


class Lost(NotReceived):
    """The upload is gone, or something that it needs: it has to begin anew."""


def begin_upload(owner, size, body=None, length=0):
    """A new Upload of `size` bytes by member `owner`; `body` (readable) brings the first `length` of them, or all.

    Raises PermissionDenied, PictureRefused, TooLarge, TooManyUploads, BrokeOff, and OSError when a storage does not answer;
    nothing is left behind then, since the sender does not know the new upload's key.
    """
    check_permission(owner)
    if size <= 0:
        raise PictureRefused("empty")
    if size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(PictureRefused("too_large", limit=filesizeformat(settings.UPLOAD_MAX_BYTES)).message)
    if Upload.objects.unfinished().filter(owner=owner).count() >= MOST_UNFINISHED:
        raise TooManyUploads(
            _("%(number)s of your uploads are not finished yet. Please finish or cancel some of them first.")
            % {"number": MOST_UNFINISHED}
        )
    upload = Upload(owner=owner, size=size)
    if not length:
        upload.save()
        return upload
    with part_of(body, min(size, MOST_IN_PART)) as part:
        if part.size < length:
            raise BrokeOff(_("The upload broke off on its way. Please try once more."))
        if part.size == size:
            upload.original = store_original(part, by=owner, sha256=part.sha256)
            upload.offset = size
            with still_there():
                upload.save()
        else:
            look_at(part)
            with kept_part(upload, part) as name:
                upload.parts, upload.offset = [name], part.size
                upload.save()
    return upload


def receive_part(upload, offset, body, *, by):
    """Take the bytes that `body` (readable) brings as the part of `upload` at `offset`; returns the Upload as it is now.

    Bytes of a connection that breaks count as far as they came. Raises PermissionDenied, WrongOffset, TooLarge, BrokeOff,
    Lost, PictureRefused (the whole upload is refused from then on; later parts raise Refused), and OSError when a storage
    does not answer: the upload stands where it stood, and the same part can be sent again.
    """
    check_permission(by)
    if upload.owner_id != by.pk:
        raise PermissionDenied(_("This is not your upload."))
    if upload.refusal:
        raise Refused(upload.refusal)
    if offset != upload.offset:
        raise WrongOffset
    room = upload.size - upload.offset
    with part_of(body, min(room, MOST_IN_PART)) as part:
        if not part.size:
            return upload
        try:
            if part.size == room:
                return finish(upload, part, by)
            if not offset:
                look_at(part)
        except PictureRefused as refusal:
            refuse(upload, refusal.message)
            raise
        if len(upload.parts) >= MOST_PARTS:
            raise BrokeOff(_("This upload came in too many small pieces. Please cancel it and begin anew."))
        with kept_part(upload, part) as name:
            move_on(upload, parts=[*upload.parts, name], offset=offset + part.size)
    return upload


def taken(key, by):
    """The Original of the complete upload called `key` of member `by`. The upload stays until it expires.

    Raises ValidationError, with words for the member, when there is none.
    """
    upload = (
        Upload.objects.select_related("original").filter(key=key, owner=by).first() if by.is_authenticated else None
    )
    if upload is not None and upload.is_complete:
        return upload.original
    if upload is not None and upload.refusal:
        raise ValidationError(upload.refusal, code="refused")
    if upload is not None and upload.is_unfinished:
        raise ValidationError(
            _("This file has not arrived completely yet. Please wait, or try again."), code="unfinished"
        )
    raise ValidationError(_("This file is no longer here. Please choose it again."), code="unknown")


# --- Steps ------------------------------------------------------------------------------------------------------------


def check_permission(user):
    if not permissions.may_share(user):
        raise PermissionDenied(_("Confirm your email address first, then share."))


@contextmanager
def part_of(body, most):
    try:
        with received(body, most=most) as part:
            yield part
    except TooMuch as error:
        raise TooLarge(_("More was sent than was announced, or than one part may hold. Please begin anew.")) from error


def look_at(head):
    """Refuse what is no picture that we accept, or has too many pixels, by the first part alone. Raises PictureRefused."""
    if head.size < LEAST_TO_LOOK_AT:
        return
    try:
        inspect(head)
    except PictureRefused as refusal:
        # That it breaks off is no wonder: the rest is on its way, and the whole is looked at again.
        if refusal.code != "broken":
            raise


@contextmanager
def kept_part(upload, part):
    """Keep a part in the scratch storage, and its name in the upload by what the block does; both or neither."""
    name = keep_part(upload.key, upload.offset, part)
    try:
        yield name
    except BaseException:
        drop_parts([name])
        raise


def move_on(upload, **changes):
    """Change the row of `upload` where it stands as it was read; offsets only grow, so one that is the same says so.

    One statement that looks and writes: no two requests both move it. Raises WrongOffset or Lost where another was faster.
    """
    here = Upload.objects.filter(pk=upload.pk, offset=upload.offset, refusal="")
    changes["changed_at"] = timezone.now()
    if not here.update(**changes):
        if Upload.objects.filter(pk=upload.pk).exists():
            raise WrongOffset
        raise Lost(_("This upload was cancelled."))
    for name, value in changes.items():
        setattr(upload, name, value)


@contextmanager
def still_there():
    """An original that expires at this very moment counts as a storage that fails: the next try stores it anew."""
    try:
        yield
    except IntegrityError as error:
        raise StorageUnavailable("the original expired while it was stored") from error


def finish(upload, last, by):
    """Put the parts together with the `last` one, store the whole, and say so in the upload's row."""
    try:
        if upload.parts:
            with whole(upload.parts, last) as file:
                original = store_original(file, by=by, sha256=file.sha256)
        else:
            original = store_original(last, by=by, sha256=last.sha256)
    except FileNotFoundError as error:
        raise lost_parts(upload) from error
    parts = upload.parts
    with still_there():
        move_on(upload, parts=[], original=original, offset=upload.size)
    drop_parts(parts)
    return upload


def refuse(upload, message):
    """Remember why the file is not taken, and delete what came of it."""
    parts = upload.parts
    move_on(upload, parts=[], refusal=str(message)[:300])
    drop_parts(parts)


def lost_parts(upload):
    """Give up an upload of which a part is gone; unless it was finished or cancelled meanwhile."""
    if Upload.objects.filter(pk=upload.pk, offset=upload.offset).delete()[0]:
        logger.error("A part of upload %s is gone: its member has to begin anew.", upload.key)
        drop_parts(upload.parts)
    return Lost(_("A part of this file was lost on our side. Please begin anew."))
