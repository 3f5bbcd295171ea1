"""What stands in for the media host on a local run."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.static import serve

AGAIN_AFTER = 60  # seconds that whoever came too often is asked to wait; most limits are by the minute


def security_txt(request):
    """/.well-known/security.txt (RFC 9116): where to tell us of a weakness. Good for half a year from the day it is read."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "Preferred-Languages: en",
    ]
    headers = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", headers=headers)


def too_many_requests(request):
    """What answers whoever did something too often (`handler429`, which allauth's limits look up): a page; for htmx a
    message that it puts above the page that is open; for an upload, which shows the words it gets, those alone."""
    words = _("That was a little too often in a short time. Nothing is lost: try again in a minute.")
    if "Tus-Resumable" in request.headers:
        response = HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
    elif getattr(request, "htmx", False):
        response = render(request, "includes/too_many.html", {"words": words}, status=429)
        response["HX-Retarget"], response["HX-Reswap"] = "#main", "afterbegin"
    else:
        response = render(request, "429.html", status=429)
    response["Retry-After"], response["Cache-Control"] = AGAIN_AFTER, "no-store"
    return response


def local_media(request, path):
    """Serve the folder that stands in for the media bucket, as that would: immutable, and never guessed at."""
    if not settings.SERVE_MEDIA:
        raise Http404
    response = serve(request, path, document_root=storages["media"].location)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
