"""What stands in for the media host on a local run."""

from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404
from django.views.static import serve


def local_media(request, path):
    """Serve the folder that stands in for the media bucket, as that would: immutable, and never guessed at."""
    if not settings.SERVE_MEDIA:
        raise Http404
    response = serve(request, path, document_root=storages["media"].location)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
