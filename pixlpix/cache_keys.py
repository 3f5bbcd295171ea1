"""How keys are written into the cache (`KEY_FUNCTION`)."""

from django.conf import settings
from django.core.cache.backends.base import default_key_func
from django.utils.crypto import salted_hmac

LIMITS = "allauth:rl:"  # then: whose, of what, how often; and after these four who is counted
SALT = "pixlpix.cache_keys"


def keyed(key, prefix, version):
    """Django's own key; where it counts for a limit, whom it counts as a keyed hash.

    allauth's limits on failed sign-ins and on resets count by what was typed, mostly an email address, whose plain
    hash anybody who reads the cache could find again by hashing addresses that they know.
    """
    if key.startswith(LIMITS):
        parts = key.split(":")
        known, counted = parts[:5], ":".join(parts[5:])
        of_them = salted_hmac(SALT, counted, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
        key = ":".join([*known, of_them])
    return default_key_func(key, prefix, version)
