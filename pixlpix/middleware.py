"""Middleware of the project: the content security policy, pages that are asked for anew, and a word to crawlers."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings


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
