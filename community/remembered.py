"""The shared cache as a memory that may be away: then nothing is remembered, and whoever asks goes to the database.

For what every page asks. Limits on attempts are counted without this: where nobody counts, nobody is let through.
"""

import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds after a failure in which no page waits for the cache again


class Outage:
    """Until when (by the monotonic clock) this process takes the cache for down."""

    ends = 0.0


_outage = Outage()


def forget_outage():
    """Try the cache again with the next question."""
    _outage.ends = 0.0


def recall(key):
    """What was kept under `key`; None where there is nothing, or no cache."""
    return unless_away(cache.get, key)


def keep(key, value, seconds):
    """Keep `value` under `key` for so many seconds."""
    unless_away(cache.set, key, value, seconds)


def keep_first(key, value, seconds):
    """Likewise, unless something is kept there already."""
    unless_away(cache.add, key, value, seconds)


def unless_away(ask, *arguments):
    """What `ask` answers of the cache; None while it is away."""
    if time.monotonic() < _outage.ends:
        return None
    try:
        return ask(*arguments)
    except RedisError as error:
        _outage.ends = time.monotonic() + PATIENCE
        logger.warning("The cache is away, nothing is remembered: %s", type(error).__name__)
        return None
