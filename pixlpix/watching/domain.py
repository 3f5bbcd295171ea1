"""What the rows say about how the site does: few numbers, each counted along an index and to a cap."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community import operations
from community.models import Case, Receipt
from gallery.models import LedgerEntry, Photo, Purge
from gallery.purging import MANY_ATTEMPTS
from gallery.states import ProcessingState

from .readiness import oldest_due_seconds

logger = logging.getLogger(__name__)
MOST = 10_000  # how far is counted
STUCK = timedelta(hours=1)  # since when files should be gone


@dataclass(frozen=True)
class Gauge:
    """One number, or one for each value of a label: {value of the label, or "": number}."""

    name: str
    said: str
    values: dict
    label: str = ""


def counted(rows):
    return rows.order_by()[:MOST].count()


def stuck_purges():
    """Folders that the CDN was asked to forget again and again, or whose files would not go."""
    return Purge.objects.filter(purged_at__isnull=True).filter(
        Q(attempts__gte=MANY_ATTEMPTS) | Q(files_gone_at=None, created_at__lt=timezone.now() - STUCK)
    )


def seconds_since(moment):
    return (timezone.now() - moment).total_seconds() if moment else 0.0


def gauges():
    """All of them. Some ten queries."""
    tasks = DBTaskResult.objects
    states = {"ready": tasks.ready(), "running": tasks.running(), "failed": tasks.failed()}
    photos = {state: Photo.objects.filter(state=state) for state in (ProcessingState.PENDING, ProcessingState.FAILED)}
    cases = Case.objects.open()
    yield Gauge("tasks", "Tasks in the queue", {name: counted(rows) for name, rows in states.items()}, "state")
    yield Gauge("oldest_due_task_seconds", "Age of the oldest task that is due", {"": oldest_due_seconds()})
    yield Gauge("photos", "Photos that are not ready", {str(s): counted(rows) for s, rows in photos.items()}, "state")
    yield Gauge("purges_waiting", "Folders that the CDN is to forget", {"": counted(Purge.objects.waiting())})
    yield Gauge("purges_stuck", "Those that it does not", {"": counted(stuck_purges())})
    alarming = Receipt.objects.filter(state=Receipt.State.REACHABLE)
    yield Gauge("receipts_alarming", "Takedowns of which something is still reachable", {"": counted(alarming)})
    yield Gauge(
        "ledger_entries_waiting", "Entries that the vault did not take", {"": counted(LedgerEntry.objects.all())}
    )
    yield Gauge("open_cases", "Cases that wait for a decision", {"": counted(cases)})
    oldest = cases.aggregate(at=Min("opened_at"))["at"]
    yield Gauge("oldest_case_seconds", "Age of the oldest open case", {"": seconds_since(oldest)})
    records = {kind: record for kind, record in operations.newest().items() if record}
    ages = {kind: seconds_since(record.at) for kind, record in records.items()}
    yield Gauge("operation_age_seconds", "Since the last backup and restore drill", ages, "kind")
    well = {kind: int(record.went_well) for kind, record in records.items()}
    yield Gauge("operation_went_well", "Whether that went well", well, "kind")


def measure():
    """[Gauge]; none, and a line in the log, where the database does not answer."""
    try:
        return list(gauges())
    except DatabaseError as error:
        logger.warning("No numbers from the database: %s", type(error).__name__)
        return []
