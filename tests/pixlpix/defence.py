"""What the tests of the site's defences share: every address there is, and the headers that every answer carries."""

from django.urls import get_resolver
from django.utils.regex_helper import normalize

HEADERS = {
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
    "X-Permitted-Cross-Domain-Policies": {"none"},
}
PUBLIC = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "base-uri": "'none'"}
OFF = ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics", "clipboard-read")


def policy_of(response):
    """The content security policy of an answer, {directive: its sources}."""
    told = response.get("Content-Security-Policy", "")
    return dict(part.strip().partition(" ")[::2] for part in told.split(";") if part.strip())


def wrong_headers(response, policy=PUBLIC):
    """{header or directive: what the answer says} of all that every answer must say otherwise; empty where all is well."""
    wrong = {name: response.get(name) for name, good in HEADERS.items() if response.get(name) not in good}
    switches = response.get("Permissions-Policy", "").split(", ")
    wrong |= {name: switches for name in OFF if f"{name}=()" not in switches}
    if response.get("Content-Type", "").startswith("text/html"):
        told = policy_of(response)
        wrong |= {name: told.get(name) for name, good in policy.items() if told.get(name) != good}
        if response.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN") or "frame-ancestors" not in told:
            wrong["framing"] = response.get("X-Frame-Options")
    return wrong


def addresses(value="1", resolver=None, prefix="/"):
    """(path, pattern) of every address that the site answers at, console and API included, `value` for each part."""
    for part in (resolver or get_resolver()).url_patterns:
        template, names = normalize(part.pattern.regex.pattern)[0]
        path = prefix + template % dict.fromkeys(names, value)
        if hasattr(part, "url_patterns"):
            yield from addresses(value, part, path)
        else:
            yield path, part
