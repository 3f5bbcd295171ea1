"""Copy all data to a folder of the team's own machine; see docs/backups.md."""

import signal
import threading
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from pixlpix.backups import records, retention
from pixlpix.backups.errors import BackupError, Busy, Stopped
from pixlpix.backups.place import Place
from pixlpix.backups.sealing import Sealing
from pixlpix.backups.taking import take


class Command(BaseCommand):
    help = "Copies the database, new originals and the ledger to DIR, and deletes what is to be kept no longer"
    # It reads a database of the same version, wherever that stands with its data.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, metavar="DIR", help="the folder that backups lie in")
        parser.add_argument(
            "--keep", help="which snapshots stay, e.g. 24h:hourly,30d:daily; all, where it is not given"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what --keep would delete")
        parser.add_argument("--every", metavar="SPAN", help="go on as a service, e.g. 6h, until SIGTERM")
        parser.add_argument(
            "--encrypt-to", action="append", default=[], metavar="age1…", help="an age public key; may be given again"
        )
        parser.add_argument("--reason", default="scheduled", help="what the manifest notes")

    def handle(self, *args, to, keep, dry_run, every, encrypt_to, reason, **options):
        try:
            self.rules = retention.parse(keep) if keep else []
            if self.rules:
                retention.check_promise(self.rules, settings.BACKUP_DAYS)
            self.sealing, self.reason = Sealing(encrypt_to), reason
            if dry_run:
                return self.tell_outdated(Place(to).existing())
            place = Place(to).prepare()
            if every is None:
                return self.one_run(place)
            self.keep_going(place, span_of(every))
        except BackupError as error:
            raise CommandError(str(error)) from error

    def keep_going(self, place, span):
        """Run again and again, `span` from one beginning to the next. What fails is noted, and tried again when it is due."""
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            began = timezone.now()
            try:
                self.one_run(place)
            except (BackupError, CommandError) as error:
                self.stderr.write(str(error))
            connection.close()
            self.stopping.wait(max(0, (began + span - timezone.now()).total_seconds()))

    def one_run(self, place):
        """One snapshot, then what is to go. Raises CommandError where it did not go well; that is noted, too."""
        try:
            with place.locked("backup"):
                made = take(place, reason=self.reason, sealing=self.sealing, stop=self.is_stopping)
                removed = self.clean(place)
        except (Stopped, Busy):
            raise
        except Exception as error:
            records.note("backup", went_well=False, words=f"No backup was made: {error}")
            raise CommandError(f"No backup was made: {error}") from error
        words = f"{made.name} in {place}: {len(made.originals)} originals, {len(made.ledger)} ledger entries{removed}."
        if not made.is_complete:
            words = (
                f"Incomplete: {len(made.missing)} originals are missing in the vault, {made.missing[0]} first. {words}"
            )
        records.note("backup", went_well=made.is_complete, words=words)
        if not made.is_complete:
            raise CommandError(words)
        self.stdout.write(words)

    def is_stopping(self):
        return hasattr(self, "stopping") and self.stopping.is_set()

    def clean(self, place):
        """Delete what no rule keeps; returns what to say of it. Without --keep all stays."""
        if not self.rules:
            self.stderr.write(
                f"Nothing is deleted without --keep. People are told that backups are kept for {settings.BACKUP_DAYS} days."
            )
            return ""
        names = retention.outdated(place, self.rules, timezone.now())
        retention.remove(place, names)
        files = retention.remove_unnamed(place)
        return f"; deleted {len(names)} snapshots and {files} originals that none of the others names"

    def tell_outdated(self, place):
        for name in retention.outdated(place, self.rules, timezone.now()) if self.rules else []:
            self.stdout.write(f"would delete {name}")


def span_of(text):
    """The timedelta of "6h", "30m" (minutes) or "1d". Raises BackupError."""
    units = {"m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], units.get(text[-1:])
    if unit is None or not number.isdigit() or not int(number):
        raise BackupError(f'"{text}" is no span of time: write 30m, 6h or 1d.')
    return timedelta(**{unit: int(number)})
