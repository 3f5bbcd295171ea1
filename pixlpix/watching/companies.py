"""Which companies the settings hand data to, and whether the policy in force names each for that service.

A company is known by the host names of its services, or by the sender that MAIL_PROVIDER names. A host that nobody knows
here counts as a company of its own, until the policy has an entry with that host's address.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from community.models import PolicyVersion, User
from community.models.consent import Service

# Whose services end with these host names.
HOSTS = {
    "digitaloceanspaces.com": "DigitalOcean",
    "ondigitalocean.com": "DigitalOcean",
    "digitalocean.com": "DigitalOcean",
    "amazonaws.com": "Amazon",
    "sentry.io": "Sentry",
    "postmarkapp.com": "Postmark",
    "mailgun.org": "Mailgun",
    "mailgun.net": "Mailgun",
}
SENDERS = {"postmark": "Postmark", "mailgun": "Mailgun"}


@dataclass(frozen=True)
class Need:
    """A setting that hands data to a company (or to a host whose company nobody knows) for a service."""

    service: Service
    setting: str
    company: str
    host: str = ""

    @property
    def label(self):
        return str(self.service.label).lower()

    def is_met_by(self, entry):
        """Whether an entry {"service", "name", "host"} of the policy is about this."""
        if entry["service"] != self.service:
            return False
        return entry["name"].strip().casefold() == self.company.casefold() or ends_with(self.host, entry["host"])


def ends_with(host, end):
    """Whether `host` is `end` or below it."""
    end = (end or "").strip().lower().lstrip(".")
    return bool(end) and (host == end or host.endswith("." + end))


def is_own(host):
    """Whether a host is this machine or one beside it: a name without a dot, or a private address."""
    if not host or host == "localhost" or ("." not in host and ":" not in host):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith((".internal", ".local")) or ends_with(host, urlsplit(settings.SITE_URL).hostname)


def need(service, setting, url):
    """[Need] of a setting whose value is an address or a host name; none where it is the team's own."""
    host = (urlsplit(url if "://" in url else f"//{url}").hostname or "").lower()
    if is_own(host):
        return []
    company = next((name for end, name in HOSTS.items() if ends_with(host, end)), host)
    return [Need(service, setting, company, host)]


def needs():
    """What the settings need named, each company once a service."""
    found = need(Service.HOSTING, "DATABASE_URL", str(settings.DATABASES["default"].get("HOST") or ""))
    for location in _locations(settings.CACHES["default"]):
        found += need(Service.HOSTING, "CACHE_URL", location)
    if settings.VAULT_BUCKET:
        found += need(Service.STORAGE, "S3_ENDPOINT_URL", _endpoint() or "s3.amazonaws.com")
    if settings.CDN_ENDPOINT_ID:
        found += need(Service.STORAGE, "CDN_API_URL", settings.CDN_API_URL)
    found += mail_needs()
    if settings.ERROR_REPORTING_DSN:
        found += need(Service.ERRORS, "ERROR_REPORTING_DSN", settings.ERROR_REPORTING_DSN)
    return list({(one.service, one.company): one for one in found}.values())


def _locations(cache):
    places = cache.get("LOCATION") or ""
    places = [places] if isinstance(places, str) else places
    return [place for place in places if "://" in place]


def _endpoint():
    return settings.STORAGES["vault"].get("OPTIONS", {}).get("endpoint_url") or ""


def mail_needs():
    """The sender of mails: by name where it is one by API, else by the host of the mail server."""
    provider = getattr(settings, "MAIL_PROVIDER", "")
    if provider:
        return [Need(Service.MAIL, "MAIL_PROVIDER", SENDERS.get(provider, provider.capitalize()))]
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return need(Service.MAIL, "EMAIL_URL", settings.EMAIL_HOST)
    return []


def missing():
    """[Need] that the policy in force does not name."""
    policy = PolicyVersion.objects.current()
    entries = policy.company_entries() if policy else []
    return [one for one in needs() if not any(one.is_met_by(entry) for entry in entries)]


def has_members():
    """Whether anybody has an account who is no staff."""
    return User.objects.members().filter(groups=None).exists()
