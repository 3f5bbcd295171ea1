"""Uploads in parts that can be resumed: a tus 1.0.0 server for members, over gallery/actions/receive_upload.py.

Whatever is refused is answered as plain text for the person who uploads. File names and other metadata are not read.
"""

import logging
import re
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.translation import gettext as _

from gallery.actions import receive_upload as receiving
from gallery.actions.remove_upload import cancel_upload
from gallery.imaging import PictureRefused
from gallery.models import Upload
from gallery.permissions import may_share

from ..limits import too_often

logger = logging.getLogger(__name__)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination"
PART_TYPE = "application/offset+octet-stream"
AGAIN_AFTER = 10  # seconds to wait for a storage that does not answer


class WrongType(receiving.NotReceived):
    """A body that is no part of a file."""


# Status by what the action raises; the first that fits.
STATUS = (
    (PictureRefused, 422),
    (receiving.Refused, 422),
    (receiving.TooLarge, 413),
    (receiving.TooManyUploads, 429),
    (receiving.WrongOffset, 409),
    (receiving.Lost, 410),
    (WrongType, 415),
    (receiving.NotReceived, 400),
)


def speaks_tus(view):
    """Decorator: the protocol's version and headers, members alone, and errors in words."""

    @wraps(view)
    def speaking(request, *args, **kwargs):
        response = answer_of(view, request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return speaking


def answer_of(view, request, *args, **kwargs):
    if request.method == "OPTIONS":
        headers = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": settings.UPLOAD_MAX_BYTES}
        return HttpResponse(status=204, headers=headers)
    if request.headers.get("Tus-Resumable") != VERSION and request.method != "GET":
        return said(_("This site speaks tus %(version)s.") % {"version": VERSION}, 412, {"Tus-Version": VERSION})
    if not request.user.is_authenticated:
        return said(_("You are signed out. Please sign in, in another window, and try again."), 403)
    if not may_share(request.user):
        return said(_("Confirm your email address first, then share."), 403)
    try:
        return view(request, *args, **kwargs)
    except (PictureRefused, receiving.NotReceived) as refusal:
        status = next(status for kind, status in STATUS if isinstance(refusal, kind))
        return said(refusal.message, status)
    except PermissionDenied as refusal:
        return said(str(refusal), 403)
    except Upload.DoesNotExist:
        return said(_("There is no such upload."), 404)
    except OSError as error:
        logger.error("An upload could not be stored: %s", error)
        words = _("We cannot store your photograph just now. Nothing is lost: please try again in a minute.")
        return said(words, 503, {"Retry-After": AGAIN_AFTER})


def said(words, status, headers=None):
    return HttpResponse(words, status=status, headers=headers, content_type="text/plain; charset=utf-8")


@speaks_tus
def uploads(request):
    """/uploads/: begin an upload, with its first part or all of it in the body if the client likes."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["OPTIONS", "POST"])
    if limited := too_often(request, "upload"):
        return limited
    size = number(request.headers.get("Upload-Length"))
    if size is None:
        return said(_("Say with Upload-Length how large the file is; it cannot be told later."), 400)
    length = body_length(request) or 0
    upload = receiving.begin_upload(request.user, size, request, length)
    headers = {"Location": reverse("upload", args=[upload.key]), "Upload-Offset": upload.offset}
    return HttpResponse(status=201, headers=headers)


@speaks_tus
def upload(request, key):
    """/uploads/<key>/: how much of it has come, its next part, or the end of it; for whose upload it is."""
    if request.method not in ("HEAD", "PATCH", "DELETE"):
        return HttpResponseNotAllowed(["DELETE", "HEAD", "OPTIONS", "PATCH"])
    upload = Upload.objects.get(key=key, owner=request.user)
    if request.method == "DELETE":
        cancel_upload(upload, by=request.user)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        offset = number(request.headers.get("Upload-Offset"))
        if offset is None:
            return said(_("Say with Upload-Offset where the part begins."), 400)
        if body_length(request) is None:
            return said(_("Say with Content-Length how large the part is."), 411)
        upload = receiving.receive_part(upload, offset, request, by=request.user)
        return HttpResponse(status=204, headers={"Upload-Offset": upload.offset})
    if not (upload.is_complete or upload.is_unfinished):
        return said(_("This upload is over. Please begin anew."), 410)
    return HttpResponse(headers={"Upload-Offset": upload.offset, "Upload-Length": upload.size})


def number(text):
    """A whole number that a header gives, or None."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text or "") else None


def body_length(request):
    """How many bytes the body has by its own account; None where it does not say.

    Raises TooLarge and WrongType before anything is read.
    """
    length = number(request.headers.get("Content-Length"))
    if length and request.content_type != PART_TYPE:
        raise WrongType(_("A part of a file is sent as %(type)s.") % {"type": PART_TYPE})
    if length and length > receiving.MOST_IN_PART:
        raise receiving.TooLarge(_("This part is too large. Please send smaller ones."))
    return length
