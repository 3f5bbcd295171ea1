"""Views of the project itself: whether it lives, and what stands in for the media host on a local run."""

from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.views.static import serve


def healthz(request):
    """/healthz: this process answers. Asks neither the database nor the storages: a platform that restarts the process
    when this fails should not do so because something else is down."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def local_media(request, path):
    """Serve the folder that stands in for the media bucket, as that would: immutable, and never guessed at."""
    if not settings.SERVE_MEDIA:
        raise Http404
    response = serve(request, path, document_root=storages["media"].location)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
