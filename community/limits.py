"""Limits on what members do whom we know: they go on sharing while the cache, which counts, is away.

All other limits hold then as well: where nobody counts, nobody is let through (remembered.py).
"""

from allauth.core import ratelimit

from .remembered import unless_away


def too_often(request, action):
    """The answer with 429 where the member did `action` too often, otherwise None."""
    return unless_away(lambda: ratelimit.consume_or_429(request, action=action))


def is_too_often(request, action):
    """Likewise, for a view that says so in its own words."""
    return bool(unless_away(lambda: not ratelimit.consume(request, action=action)))
