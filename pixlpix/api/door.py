"""What is the same for all of /api/: who asks is nobody, how often they may, what caches and other sites may do."""

import hashlib

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.utils.http import parse_etags

from .problems import TYPE, problem

PREFIX = "/api/"
SECONDS = 60  # how long anybody may keep an answer, and how long to wait after too many
# Every site may read: there is nothing here that a visitor could not see. No credentials are asked for or heard.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "X-Content-Type-Options": "nosniff",
}


def api_door(get_response):
    """Middleware, before sessions: within, no cookie and no language is seen, so that one answer is for everybody."""

    def middleware(request):
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        response = answer(request, get_response)
        del response["Vary"]
        response.cookies.clear()
        for name, value in OPEN.items():
            response[name] = value
        return response

    return middleware


def answer(request, get_response):
    """The response to one request: a problem for whatever went wrong, 304 for who has it already."""
    if request.method == "OPTIONS":
        allowed = {
            "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
            "Access-Control-Allow-Headers": "If-None-Match",
        }
        return HttpResponse(status=204, headers={**allowed, "Allow": "GET, HEAD, OPTIONS", "Cache-Control": "no-store"})
    if request.method not in ("GET", "HEAD"):
        refused = problem(405)
        refused["Allow"] = "GET, HEAD, OPTIONS"
        return uncached(refused)
    if not ratelimit.consume(request, app="allauth.account", action="api", limit_get=True):
        refused = problem(429)
        refused["Retry-After"] = str(SECONDS)
        return uncached(refused)
    for name in ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE"):
        request.META.pop(name, None)
    request.__dict__.pop("COOKIES", None)
    head, request.method = request.method == "HEAD", "GET"
    response = get_response(request)
    if response.status_code >= 400:
        return uncached(response if response["Content-Type"] == TYPE else problem(response.status_code))
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    if response.status_code == 200:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        if knows(request, response["ETag"]):
            headers = {name: response[name] for name in ("ETag", "Cache-Control")}
            return HttpResponse(status=304, headers=headers)
    if head:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def knows(request, etag):
    """Whether who asks says that they have this answer. Weak comparison, as RFC 9110 has it for If-None-Match."""
    told = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in told or etag in [one.removeprefix("W/") for one in told]


def uncached(response):
    response["Cache-Control"] = "no-store"
    return response
