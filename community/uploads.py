"""Reading the plain form's uploads: how much of them is taken, and why the rest was left out."""

from dataclasses import dataclass, field
from functools import wraps

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from gallery.making import MOST_PHOTOS


@dataclass
class Arrivals:
    """The files of one request in the order in which they came: their names, and by place why one was left out."""

    names: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)  # {place, from 0: message}
    kept_bytes: int = 0  # of all files that were kept together

    def kept(self):
        """The places of the files that were taken, in order: those that the form has."""
        return [place for place in range(len(self.names)) if place not in self.refused]

    def said_of(self, place, message):
        """`message` with the name and place of the file that it is about, where there is more than one."""
        if len(self.names) < 2:
            return message
        return _("%(place)s. “%(name)s”: %(message)s") % {
            "place": place + 1,
            "name": self.names[place],
            "message": message,
        }


class LimitHandler(FileUploadHandler):
    """Leaves out files that do not fit while they are still on their way, and says so in `request.arrivals`.

    That is: one larger than settings.UPLOAD_MAX_BYTES, what has no room in settings.UPLOAD_FORM_MAX_BYTES together, and
    more files than a post has photos. The request then has no such file. What is left of the body is read and thrown
    away: browsers show no answer to a form that they could not send to its end.
    """

    def new_file(self, field_name, file_name, *args, **kwargs):
        super().new_file(field_name, file_name, *args, **kwargs)
        self.taken = 0
        self.request.arrivals.names.append(file_name)

    def receive_data_chunk(self, raw_data, start):
        self.taken += len(raw_data)
        if len(self.request.arrivals.names) > MOST_PHOTOS:
            self.leave_out(full())
        if self.taken > settings.UPLOAD_MAX_BYTES:
            self.leave_out(too_large())
        if self.request.arrivals.kept_bytes + self.taken > settings.UPLOAD_FORM_MAX_BYTES:
            limit = filesizeformat(settings.UPLOAD_FORM_MAX_BYTES)
            self.leave_out(_("It did not fit any more: this form takes %(limit)s at once.") % {"limit": limit})
        return raw_data

    def leave_out(self, message):
        arrivals = self.request.arrivals
        arrivals.refused[len(arrivals.names) - 1] = message
        raise SkipFile

    def file_complete(self, file_size):
        self.request.arrivals.kept_bytes += self.taken
        return None


def too_large():
    limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
    return _("This file is larger than %(limit)s. Please choose a smaller one.") % {"limit": limit}


def full():
    return _("A post has %(most)s photos at most.") % {"most": MOST_PHOTOS}


def limited_to(view, most):
    """`view` with its files limited; a body of more than `most()` bytes by its own account is answered without reading it."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request, *args, **kwargs):
        if request.method == "POST":
            if int(request.META.get("CONTENT_LENGTH") or 0) > most():
                return render(
                    request, "community/sharing/too_large.html", {"limit": settings.UPLOAD_MAX_BYTES}, status=413
                )
            request.arrivals = Arrivals()
            request.upload_handlers.insert(0, LimitHandler(request))
        return protected(request, *args, **kwargs)

    return limited


def takes_upload(view):
    """Decorator of a view with a file field: files are limited before anything reads the form, its CSRF token included."""
    return limited_to(view, lambda: 4 * settings.UPLOAD_MAX_BYTES)


def takes_uploads(view):
    """Decorator of a view with a field of many files, limited one by one and together; see LimitHandler."""
    return limited_to(view, lambda: 2 * settings.UPLOAD_FORM_MAX_BYTES)
