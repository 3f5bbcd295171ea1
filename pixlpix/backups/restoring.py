"""Rolling back to a snapshot, in steps that may each be killed and done again.

What must not be seen is out of reach before the site answers again; what is missing is made afterwards, by a task. The
progress lies in DIR/restore.json: run again, a restore goes on with the step that was not done, to the same end.
"""

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import Error, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from community.models import Device, Notification, User
from gallery.ledger import write_out_pending
from gallery.models import LedgerEntry

from .. import maintenance
from ..tasks import make_missing_files_again
from . import databases, records, retention, stores, taking
from .errors import BackupError
from .replay import MARGIN, read_entry, replay
from .sealing import Sealing, open_into, plain_bytes


class Restore:
    """One roll-back. `tell` takes a line for the operator."""

    def __init__(self, place, made, folder, identities, tell):
        self.place, self.made, self.folder, self.identities, self.tell = place, made, folder, identities, tell
        self.state = read_state(place) or {"snapshot": made.name, "began": timezone.now().isoformat(), "done": []}

    def go(self, *, keep_maintenance=False):
        """Do every step that is not done yet, then open the site. Raises BackupError, and what stores and database raise."""
        stores.make_missing_buckets()
        maintenance.turn_on(f"restore of {self.made.name}")
        for name in STEPS:
            if name in self.state["done"]:
                continue
            self.tell(f"{name.replace('_', ' ').capitalize()} ...")
            getattr(self, name)()
            self.state["done"].append(name)
            self.save()
        if not keep_maintenance:
            maintenance.turn_off()
        self.make_again()
        words = f"Restored {self.made.name}: {self.state.get('summary', '')}"
        records.note("restore", went_well=True, words=words)
        self.place.restore.unlink(missing_ok=True)
        return words

    def save(self):
        self.place.write_json(self.place.restore, self.state)

    # --- Before anything is lost ---------------------------------------------------------------------------------------

    def keep_what_is_there(self):
        """A snapshot of what is about to be replaced. Skipped, aloud, where there is nothing that could be kept."""
        reason = why_nothing_to_keep()
        if reason:
            self.tell(f"NO SAFETY SNAPSHOT: {reason}.")
            return
        self.keep_pending_entries()
        sealing = Sealing(self.made.encrypted_to)
        safety = taking.take(self.place, reason=f"{retention.SAFETY} of {self.made.name}", sealing=sealing)
        self.state["safety"] = safety.name
        self.tell(f"What was there is kept as {safety.name}.")

    def keep_pending_entries(self):
        """Entries that wait in the database about to be replaced: into the vault, or where it will not have them, here."""
        write_out_pending()
        for entry in LedgerEntry.objects.all():
            path = self.place.ledger / entry.name.removeprefix(stores.LEDGER)
            content = json.dumps(entry.body, sort_keys=True).encode()
            self.place.write(path, lambda file, content=content: file.write(content))

    # --- The database --------------------------------------------------------------------------------------------------

    def replace_database(self):
        """All at once: whoever reads sees the one before, or this one."""
        with self.opened_dump() as dump:
            databases.load(dump)
        forget_what_was_known()

    @contextmanager
    def opened_dump(self):
        """The dump as a plain file, its hash compared once more."""
        with tempfile.TemporaryDirectory(dir=self.place.root, prefix=".unfinished-") as folder:
            plain = Path(folder, self.made.database_file)
            with plain.open("wb") as file:
                facts = open_into(self.folder / self.made.database_file, file, self.identities)
            if facts != (self.made.database.size, self.made.database.sha256):
                raise BackupError(f"The database of {self.made.name} is damaged.")
            yield plain

    def migrate(self):
        """An older snapshot gets what the code has added since."""
        if unknown_to(self.made.migrations):
            call_command("migrate", interactive=False, verbosity=0)

    def end_sessions_and_tasks(self):
        """Nobody is signed in by a session of then, and no mail or task of then is sent or done once more."""
        with transaction.atomic():
            Session.objects.all().delete()
            Device.objects.all().delete()
            # Each task is derived from rows, and found again by the sweeper where it is still to be done.
            DBTaskResult.objects.filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)).delete()
            mail_nothing()

    # --- What happened since ---------------------------------------------------------------------------------------------

    def put_ledger_back(self):
        self.state["ledger_put_back"] = stores.put_ledger_back(self.place, self.identities)
        # Replaying may enter acts anew: these are not replayed when it is interrupted and begins again.
        self.state["until"] = max(stores.names_in_ledger(), default="")

    def replay_the_ledger(self):
        counts = replay(self.newer_entries())
        mail_nothing()  # who had something erased was told then, and finds it in the list of notifications again
        self.state["summary"] = (
            f"{counts['applied']} entries of the ledger replayed, {counts['unknown']} about what came later, "
            f"{counts['left_hidden']} that somebody must look at (see the log); "
            f"{self.state['ledger_put_back']} entries put back"
        )

    def newer_entries(self):
        """The entries that the snapshot may not know, up to where this restore began."""
        since = (parse_datetime(self.made.made_at) - MARGIN).strftime("%Y%m%dT%H%M%S")
        names = sorted(name for name in stores.names_in_ledger() if since <= name <= self.state["until"])
        for name in names:
            path = self.place.ledger / name
            if path.exists():
                yield read_entry(name, plain_bytes(path, self.identities))
            else:
                with stores.vault().open(f"{stores.LEDGER}{name}") as file:
                    yield read_entry(name, file.read())

    # --- Files -----------------------------------------------------------------------------------------------------------

    def put_originals_back(self):
        """After the replay: what it erased does not come back, not even for a moment."""
        number = stores.put_originals_back(self.place, self.made, self.identities)
        self.state["summary"] += f", {number} originals put back"

    def clear_public_files(self):
        self.state["summary"] += f", {stores.clear_public_files()} public folders deleted."

    def make_again(self):
        """What may be seen and is missing, by the worker; once."""
        waiting = DBTaskResult.objects.filter(task_path__endswith="make_missing_files_again")
        if not waiting.filter(status=TaskResultStatus.READY).exists():
            make_missing_files_again.enqueue()


STEPS = (
    "keep_what_is_there",
    "replace_database",
    "migrate",
    "end_sessions_and_tasks",
    "put_ledger_back",
    "replay_the_ledger",
    "put_originals_back",
    "clear_public_files",
)


def read_state(place):
    """The progress of a restore that was interrupted, or None."""
    return json.loads(place.restore.read_text()) if place.restore.exists() else None


def forget_what_was_known():
    """What this process and the shared cache remember of the database before."""
    ContentType.objects.clear_cache()
    cache.clear()


def mail_nothing():
    """No notification is mailed that is there by now: most were mailed since; all stand in their member's list."""
    Notification.objects.filter(mail_due_at__isnull=False).update(mail_due_at=None)


def why_nothing_to_keep():
    """Why there is no database to make a safety snapshot of, in words; empty where there is one."""
    try:
        if "community_user" not in databases.tables():
            return "there is no database yet"
        return "" if User.objects.exists() else "the database is empty"
    except Error as error:
        return f"the database cannot be read ({str(error).strip()})"


def unknown_to(migrations):
    """Migrations of this code that are not among `migrations`."""
    return set(databases.migrations_of_code()) - set(migrations)
