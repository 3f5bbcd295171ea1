"""The site's own address."""

from django.conf import settings


def absolute(url):
    """An address with the site's host where it has none."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url
