"""Middleware of the project: headers that guard, the content security policy, pages that are asked for anew, a word to
crawlers, and the page that stands for all others while the team works on the site."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from .api.door import OPEN, PREFIX
from .api.problems import problem
from .maintenance import is_on

# What a platform and the team's own watch ask for: a process that is closed is neither dead nor to be replaced.
PROBES = ("/healthz", "/readyz", "/metrics")


# What pages of ours may ask of a device: passkeys, putting a link on the clipboard, the sheet for sharing. The rest of what
# browsers know is off, for us and for anything that might ever be framed.
ALLOWED = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get", "web-share")
REFUSED = (
    "accelerometer", "ambient-light-sensor", "attribution-reporting", "autoplay", "bluetooth", "browsing-topics", "camera",
    "clipboard-read", "compute-pressure", "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation",
    "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join([f"{name}=(self)" for name in ALLOWED] + [f"{name}=()" for name in REFUSED])


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy on every page, and the tightest that Wagtail's admin allows below /admin/."""

    # Wagtail's editor of rich text writes styles into the page. No script within a page, no text run as code, nothing from
    # elsewhere there either; its fields for dates, which held scripts, have templates of ours.
    ADMIN = {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "object-src": ["'none'"],
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


def guarding_headers(get_response):
    """What every answer says of the site as a whole, files and errors too; a view that says otherwise is left alone.

    Outside WhiteNoise and the probes, which answer without asking what comes after them, Django's own headers neither.
    """

    def middleware(request):
        response = get_response(request)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # Other sites may show what is on the media host, and read feeds and the API; nothing else of ours.
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        # Where nothing within was asked: a bad request.
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if "attachment" in response.get("Content-Disposition", ""):
            # Should a browser show it all the same, then as something of nobody's: no script, no form, no cookie.
            response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
        return response

    return middleware
