"""The ledger: every act that changes what a visitor may reach, as one small object in the vault.

A roll-back to an older backup replays it before the site answers, so that what was taken down stays down. Acts that hide
are entered before their commit, acts that show after it: whatever a crash interrupts, the ledger errs towards hidden.
"""

import json
import logging
import time

from django.db import transaction
from django.utils import timezone

from .files import StorageUnavailable, vault
from .ids import new_secret_name
from .models.ledger import LedgerEntry

logger = logging.getLogger(__name__)

TIMEOUT = 2.0  # seconds that an act waits for the vault before it goes on without
PATIENCE = 10.0  # seconds after a failure in which no act waits again: one may concern many posts


class Outage:
    """Until when (by the monotonic clock) this process takes the vault for down."""

    ends = 0.0


_outage = Outage()


def forget_outage():
    """Try the vault again with the next entry."""
    _outage.ends = 0.0


def enter(act, thing, **state):
    """Enter an `act` ("post.taken_down") on `thing`, keyed as in the log, with the `state` that it leads to.

    Never raises for a store that is down: then the entry is a row, which the sweeper writes out.
    """
    from .acts import key_of

    kind, key = key_of(thing)
    now = timezone.now()
    name = f"ledger/{now:%Y%m%dT%H%M%S.%fZ}-{new_secret_name()}"
    # The row's own key beside the name, which its owner may change: a roll-back finds it under the one it had before.
    body = {"act": act, "kind": str(kind), "key": key, "id": thing.pk, "at": now.isoformat(), "state": state}
    try:
        if time.monotonic() < _outage.ends:
            raise StorageUnavailable("it did not answer a moment ago")
        try:
            write(name, body)
        except StorageUnavailable:
            _outage.ends = time.monotonic() + PATIENCE
            raise
    except StorageUnavailable as error:
        logger.error("The vault did not take ledger entry %s in time (%s): kept as a row for the sweeper.", name, error)
        LedgerEntry.objects.create(name=name, body=body)
    return name


def write(name, body):
    """Write one entry to the vault. Raises StorageUnavailable."""
    vault().write_now(name, json.dumps(body, sort_keys=True).encode(), timeout=TIMEOUT)


def write_out_pending():
    """Write the entries that wait as rows; returns how many went. Safe to run twice: an entry's name is its own."""
    written = 0
    for entry in LedgerEntry.objects.all().iterator():
        try:
            write(entry.name, entry.body)
        except StorageUnavailable as error:
            logger.error("The vault still does not take ledger entries: %s", error)
            break
        with transaction.atomic():
            written += LedgerEntry.objects.filter(pk=entry.pk).delete()[0]
    return written
