"""The workers' heartbeat: each says every minute that it lives, and what it has counted, in the shared cache.

The cache may be away, or forget: then nothing is known of a worker for a minute. Whether work gets done is asked of the
rows (readiness.py), not of this.
"""

import logging
import secrets
import time

from django.core.cache import cache

logger = logging.getLogger(__name__)

KEY = "watching.workers"
FORGOTTEN = 300  # seconds after which a worker that was not heard of is taken for gone
ME = secrets.token_hex(4)


def say(counts):
    """Say that this worker lives, and its `counts` (see numbers.counts). Never raises: a worker works on without."""
    try:
        workers = heard() | {ME: {"at": time.time(), "counts": counts}}
        cache.set(KEY, workers, FORGOTTEN)
    except Exception as error:
        logger.warning("No heartbeat: %s", type(error).__name__)


def heard():
    """{worker: {"at": seconds since 1970, "counts": [...]}} of those that were heard of lately; none without a cache."""
    try:
        workers = cache.get(KEY) or {}
    except Exception as error:
        logger.warning("What workers say cannot be read: %s", type(error).__name__)
        return {}
    return {worker: said for worker, said in workers.items() if said["at"] > time.time() - FORGOTTEN}
