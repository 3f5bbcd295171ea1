"""Reading an upload: how much of it is taken, and how one that breaks off is noticed."""

from functools import wraps

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class LimitHandler(FileUploadHandler):
    """Stops keeping a file once it is larger than settings.UPLOAD_MAX_BYTES, while it is still on its way.

    The request then has no such file, and its attribute `upload_too_large` is True. What is left of the body is read and
    thrown away: browsers show no answer to a form that they could not send to its end.
    """

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data, start):
        self.taken += len(raw_data)
        if self.taken > settings.UPLOAD_MAX_BYTES:
            self.request.upload_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None


def takes_upload(view):
    """Decorator of a view with a file field: files are limited before anything reads the form, its CSRF token included.

    A body that is several times too large by its own account is answered without reading it.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request, *args, **kwargs):
        if request.method == "POST":
            if int(request.META.get("CONTENT_LENGTH") or 0) > 4 * settings.UPLOAD_MAX_BYTES:
                return render(
                    request, "community/sharing/too_large.html", {"limit": settings.UPLOAD_MAX_BYTES}, status=413
                )
            request.upload_too_large = False
            request.upload_handlers.insert(0, LimitHandler(request))
        return protected(request, *args, **kwargs)

    return limited
