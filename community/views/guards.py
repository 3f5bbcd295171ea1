"""What views ask of a request before they answer it. Imports no view."""

from functools import wraps

from django.http import Http404


def without_nul(view):
    """Decorator: an address with a NUL in it is of nothing. PostgreSQL would raise where SQLite finds no row."""

    @wraps(view)
    def checked(request, **parts):
        if any("\0" in part for part in parts.values()):
            raise Http404
        return view(request, **parts)

    return checked


def is_opened(request):
    """Whether somebody opens this address to look at it, as far as the browser says: not one that fetches ahead, nor
    something on another site's page."""
    if request.method != "GET":
        return False
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" not in ahead and request.headers.get("Sec-Fetch-Dest", "document") == "document"
