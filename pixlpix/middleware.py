"""Middleware of the project: the content security policy, pages that are asked for anew, a word to crawlers, and the page
that stands for all others while the team works on the site."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from .api.door import OPEN, PREFIX
from .api.problems import problem
from .maintenance import is_on

# What a platform and the team's own watch ask for: a process that is closed is neither dead nor to be replaced.
PROBES = ("/healthz", "/readyz", "/metrics")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy on every page, and the tightest that Wagtail's admin allows below /admin/."""

    # Wagtail's admin writes inline scripts and styles and shows `blob:` previews; nothing from elsewhere there either.
    ADMIN = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
    }

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/") and not report_only:
            return PolicyParts(parts.config, parts.update, {**self.ADMIN, **(parts.replace or {})}, parts.nonce)
        return parts


def fresh_pages(get_response):
    """Nobody keeps a page of ours without asking again, unless its view says otherwise.

    Browsers keep 301 and 410 for ever by themselves (RFC 9110 counts both as cacheable): a post that was restored would
    stay "removed" for everybody who had looked meanwhile, and one that moved there and back would lead in a circle. And no
    shared cache may show for a while longer what was taken down.
    """

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response

    return middleware


def refuse_training(get_response):
    """Tell crawlers, on every answer of ours, that nothing here is for training machines, unless the setting says otherwise.

    `noai` and `noimageai` are DeviantArt's words, which img2dataset heeds; `tdm-reservation` is that of the W3C's TDM
    Reservation Protocol, for article 4 of the European directive on copyright. robots.txt names the crawlers.
    """

    def middleware(request):
        response = get_response(request)
        if settings.REFUSE_AI_TRAINING:
            told = response.get("X-Robots-Tag")
            response["X-Robots-Tag"] = f"{told}, noai, noimageai" if told else "noai, noimageai"
            response["tdm-reservation"] = "1"
        return response

    return middleware


COME_BACK = 120  # seconds after which whoever was sent away may ask again


def closed_for_maintenance(get_response):
    """While maintenance is on, 503 with a page of ours for everybody, staff too: the database may be half replaced.

    Before everything that asks a database, a session or a cache. Static files come from WhiteNoise, which stands before.
    """

    def middleware(request):
        if request.path_info in PROBES or not is_on():
            return get_response(request)
        headers = {"Retry-After": str(COME_BACK), "Cache-Control": "no-store"}
        if request.path_info.startswith(PREFIX):
            response = problem(503)
            headers |= OPEN
        else:
            response = HttpResponse(render_to_string("503.html"), status=503)
        for name, value in headers.items():
            response[name] = value
        response._has_been_logged = True  # Django would log each as an error: the log says once that the site is closed
        return response

    return middleware
