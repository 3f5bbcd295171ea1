"""The outermost middleware: probes are answered before anything else is asked, and every request is counted and logged.

Lines of access name the view, never the address: paths hold usernames, query strings what people look for. No network
address and no browser is in them.
"""

import logging
import time

from django.conf import settings
from django.urls import reverse

from . import numbers
from .context import Tally, id_of, request_id, tally
from .logs import route_of
from .views import healthz, metrics, readyz

access, slow = logging.getLogger("pixlpix.access"), logging.getLogger("pixlpix.slow")
# What nobody wants a line about: it is asked for every few seconds, or is a file.
QUIET = frozenset({"healthz", "readyz", "metrics", "static", "media"})


def probes(get_response):
    """Answer /healthz, /readyz and /metrics without session, language, redirect to https or a look at the host's name:
    a platform asks over plain HTTP, by number, and while the database is away."""
    views = {reverse(view.__name__): view for view in (healthz, readyz, metrics)}

    def middleware(request):
        view = views.get(request.path_info)
        return get_response(request) if view is None else view(request)

    return middleware


def watch(get_response):
    """Give every request an id, which its answer carries; count its queries; log it, and once more where it was slow."""

    def middleware(request):
        count = Tally()
        mark, counting = (
            request_id.set(id_of(request, believe=settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0)),
            tally.set(count),
        )
        began = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id.get()
            note(request, response, count, time.perf_counter() - began)
            return response
        finally:
            tally.reset(counting)
            request_id.reset(mark)

    return middleware


def name_of(request):
    """The route of a request, by one of a fixed number of names."""
    path = request.path_info
    if path.startswith(settings.STATIC_URL):
        return "static"
    return "media" if path.startswith("/media/") else PROBES.get(path) or route_of(request)


PROBES = {"/healthz": "healthz", "/readyz": "readyz", "/metrics": "metrics"}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def note(request, response, count, seconds):
    """Log and count one request that was answered after `seconds`."""
    route, status = name_of(request), response.status_code
    method = request.method if request.method in METHODS else "OTHER"
    milliseconds, of_queries = round(seconds * 1000), round(count.seconds * 1000)
    facts = {
        "method": method,
        "route": route,
        "status": status,
        "milliseconds": milliseconds,
        "queries": count.queries,
        "query_milliseconds": of_queries,
    }
    words = "%(method)s %(route)s %(status)s in %(milliseconds)s ms, %(queries)s queries in %(query_milliseconds)s ms"
    if away := getattr(request, "away", None):
        access.error("No %(away)s, answered with 503: " + words, facts | {"away": away}, extra=facts | {"away": away})
    else:
        access.log(logging.DEBUG if route in QUIET else logging.INFO, words, facts, extra=facts)
    if milliseconds >= settings.SLOW_REQUEST_MS:
        slow.warning("A slow request: " + words, facts, extra=facts)
    numbers.count_request(method, route, status, seconds, count.queries)
