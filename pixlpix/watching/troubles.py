"""The kinds of trouble that somebody is told of, and how each is found: in rows, so that no crash hides one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from community import operations
from community.admin.failed_tasks import failed
from community.models import Receipt
from gallery.models import LedgerEntry

from .domain import counted, stuck_purges
from .models import Alert
from .readiness import oldest_due_seconds

LATELY = timedelta(hours=1)
NAMED = 5  # kinds of tasks that a mail names


@dataclass(frozen=True)
class Finding:
    """How much is wrong, and what, in words without anybody's name."""

    count: int
    words: str


@dataclass(frozen=True)
class Trouble:
    """A kind of trouble: its title, how it is found (None where all is well), and the section that says what to do."""

    title: str
    find: Callable[[], Finding | None]
    section: str


def operation(kind, longest, never):
    """The last backup or drill: failed, too old (`longest()`), or none at all. Nothing where nobody keeps records."""
    newest = operations.newest()
    if kind not in newest:
        return None
    record = newest[kind]
    if record is None:
        return Finding(1, str(never))
    if not record.went_well:
        return Finding(1, gettext("The last one failed, %(ago)s ago.") % {"ago": timesince(record.at)})
    if record.at < timezone.now() - longest():
        return Finding(1, gettext("The last one is %(age)s old.") % {"age": timesince(record.at)})
    return None


def purges():
    count = counted(stuck_purges())
    words = ngettext(
        "%(count)s folder of withdrawn files does not go, or the CDN does not forget it.",
        "%(count)s folders of withdrawn files do not go, or the CDN does not forget them.",
        count,
    )
    return Finding(count, words % {"count": count}) if count else None


def receipts():
    count = counted(Receipt.objects.filter(state=Receipt.State.REACHABLE))
    words = ngettext(
        "Of %(count)s takedown something is still reachable.",
        "Of %(count)s takedowns something is still reachable.",
        count,
    )
    return Finding(count, words % {"count": count}) if count else None


def ledger():
    count = counted(LedgerEntry.objects.all())
    words = ngettext(
        "%(count)s entry waits for the vault, which does not take it.",
        "%(count)s entries wait for the vault, which does not take them.",
        count,
    )
    return Finding(count, words % {"count": count}) if count else None


def tasks():
    """Tasks that failed within the hour, and their names."""
    lately = failed().filter(finished_at__gt=timezone.now() - LATELY)
    count = counted(lately)
    names = sorted(set(lately.order_by("-finished_at").values_list("task_path", flat=True)[:100]))
    return Finding(count, ", ".join(names[:NAMED])) if count else None


def queue():
    late = timedelta(seconds=round(oldest_due_seconds()))
    if late <= timedelta(minutes=settings.READY_QUEUE_MINUTES):
        return None
    return Finding(1, gettext("A task is due for %(time)s: no worker takes it.") % {"time": late})


def mails():
    """Mails that were not taken: noted as it happens (see alerts.py), over once an hour passed without one."""
    known = Alert.objects.filter(kind="mails", last_at__gt=timezone.now() - LATELY).first()
    return Finding(known.count, known.words) if known else None


TROUBLES = {
    "backups": Trouble(
        _("Backups"),
        partial(
            operation, "backup", lambda: timedelta(hours=settings.BACKUP_ALERT_HOURS), _("There is no backup yet.")
        ),
        "backups",
    ),
    "drills": Trouble(
        _("Restore drills"),
        partial(
            operation,
            "restore drill",
            lambda: timedelta(days=settings.DRILL_ALERT_DAYS),
            _("Nobody has tried yet to restore a backup."),
        ),
        "restore-drills",
    ),
    "purges": Trouble(_("Withdrawn files"), purges, "withdrawn-files"),
    "receipts": Trouble(_("Takedowns"), receipts, "takedowns"),
    "ledger": Trouble(_("Ledger"), ledger, "ledger"),
    "tasks": Trouble(_("Failed tasks"), tasks, "failed-tasks"),
    "queue": Trouble(_("Queue"), queue, "queue"),
    "mails": Trouble(_("Mail"), mails, "mail"),
}
