"""Whether the site is closed for maintenance: one object in the vault, so that every process sees it, also while the
database is being replaced. MAINTENANCE=1 closes it whatever the vault says."""

import json
import logging
import threading
import time

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

logger = logging.getLogger(__name__)

NAME = "maintenance.json"
ASK_EVERY, WAIT_FOR = 5, 2  # seconds between two looks of a process, and for which one look may take


class _Known:
    """What this process saw last, and when it shall look again."""

    closed, until = False, 0.0
    looking = threading.Lock()


def is_on():
    """Whether visitors get the page that says so. Never raises; a vault that is down leaves it as last known."""
    if settings.MAINTENANCE:
        return True
    # One request looks, the others of this process go by what is known meanwhile.
    if time.monotonic() >= _Known.until and _Known.looking.acquire(blocking=False):
        try:
            _look()
        finally:
            _Known.looking.release()
    return _Known.closed


def turn_on(reason):
    """Close the site; `reason` is kept for the team, no visitor reads it. Raises what the vault raises."""
    _write({"on": True, "why": reason, "since": timezone.now().isoformat()})


def turn_off():
    """Open the site again. Raises what the vault raises."""
    _write({"on": False, "since": timezone.now().isoformat()})


def forget():
    """Look again at the next question, as a process does that has just begun."""
    _Known.closed, _Known.until = False, 0.0


def _write(state):
    storages["vault"].save(NAME, ContentFile(json.dumps(state).encode()))
    _Known.closed, _Known.until = state["on"], time.monotonic() + ASK_EVERY


def _look():
    found = []
    reader = threading.Thread(target=_read, args=(storages["vault"], found), daemon=True, name="maintenance")
    reader.start()
    reader.join(WAIT_FOR)
    if found:
        _Known.closed = found[0]
    _Known.until = time.monotonic() + ASK_EVERY


def _read(vault, found):
    try:
        with vault.open(NAME) as file:
            found.append(bool(json.loads(file.read())["on"]))
    except FileNotFoundError:
        found.append(False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("Whether the site is closed could not be read: %s", error)
