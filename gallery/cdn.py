"""The CDN in front of the media host, which keeps a file for an hour unless it is told to forget it.

One function, `purge`. Behind it is DigitalOcean's API; without its credentials nothing is purged, and the log says so.
"""

import logging

import requests
from django.conf import settings

logger = logging.getLogger(__name__)

# What the API takes: so many files in so many seconds (a wildcard counts as one), and so many requests in so many.
MOST_FILES, FILES_SECONDS = 50, 20
MOST_REQUESTS, REQUESTS_SECONDS = 5, 10
TIMEOUT = (5, 20)  # seconds to connect, and between bytes of the answer


class PurgeFailed(Exception):
    """The CDN did not forget what it was asked to. `wait`: the seconds after which it wants to be asked again, or None."""

    def __init__(self, reason, wait=None):
        super().__init__(reason)
        self.wait = wait


class Told:
    """Whether this process has said that nothing is purged."""

    once = False


def is_configured():
    return bool(settings.CDN_ENDPOINT_ID and settings.CDN_TOKEN)


def purge(paths):
    """Have the CDN forget everything below each folder of `paths` ("<prefix>/"), at most MOST_FILES. Raises PurgeFailed.

    False where no CDN is configured, and nothing was done.
    """
    if not is_configured():
        logger.log(logging.DEBUG if Told.once else logging.WARNING, "No CDN is configured: nothing is purged.")
        Told.once = True
        return False
    try:
        answer = requests.delete(
            f"{settings.CDN_API_URL}/v2/cdn/endpoints/{settings.CDN_ENDPOINT_ID}/cache",
            json={"files": [f"{path}*" for path in paths]},
            headers={"Authorization": f"Bearer {settings.CDN_TOKEN}"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise PurgeFailed(f"it did not answer: {type(error).__name__}") from error
    if answer.status_code == 429:
        raise PurgeFailed("it was asked too often", wait=seconds(answer.headers.get("Retry-After")))
    if not 200 <= answer.status_code < 300:
        raise PurgeFailed(f"it answered {answer.status_code}")
    return True


def seconds(header):
    """The seconds that a Retry-After header names; None for none, or for a date."""
    return int(header) if header and header.isdecimal() else None
