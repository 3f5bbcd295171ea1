"""Whether the site is ready: each thing that it stands on is asked, for two seconds at the most.

Each check has a thread of its own, because no client keeps to a time in every way of being down (looking a name up, a
connection that is open and mute); and keeps it, because a client of the object store is made for each thread, which costs
more than the question. One that is still waiting is not asked again. What was found holds for two seconds: asking often is
no way to load the site.
"""

import logging
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

SECONDS = 2.0  # for each check, and for which an answer is kept
OK = "ok"


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def shared_cache():
    cache.set("watching.ready", "yes", 10)
    if cache.get("watching.ready") != "yes":
        raise RuntimeError("it forgets")


def storage():
    """One small question to each bucket: whether there is a file that need not be there."""
    for name in ("vault", "media"):
        storages[name].exists("readyz")


def oldest_due_seconds():
    """For how long the task that has waited longest is due; 0 where none is."""
    now = timezone.now()
    # One that was not put off has a day at the end of time as `run_after`.
    waits = DBTaskResult.objects.ready().aggregate(
        queued=Min("enqueued_at", filter=Q(run_after__gt=now)), deferred=Min("run_after", filter=Q(run_after__lte=now))
    )
    since = min(filter(None, waits.values()), default=now)
    return max((now - since).total_seconds(), 0.0)


def queue():
    late = timedelta(seconds=oldest_due_seconds())
    if late > timedelta(minutes=settings.READY_QUEUE_MINUTES):
        raise RuntimeError(f"a task is due for {late}")


_leaves = []  # of the migrations on disk, which are read once: they are code


def migrations():
    if not _leaves:
        _leaves.extend(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
    missing = set(_leaves) - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        raise RuntimeError("not applied: " + ", ".join(sorted(".".join(node) for node in missing)))


CHECKS = {
    "database": database,
    "cache": shared_cache,
    "storage": storage,
    "queue": queue,
    "migrations": migrations,
}


class Readiness:
    """Asks the checks, and remembers for a moment what they said."""

    def __init__(self, checks=CHECKS, seconds=SECONDS):
        self.checks, self.seconds = checks, seconds
        self.lock, self.known, self.until = threading.Lock(), {}, 0.0
        self.askers = {}  # {part: Asker}, made by the process that asks: threads do not survive a fork

    def states(self):
        """{part: "ok", "failed" or "no answer"}. Takes at most the seconds of one check."""
        with self.lock:
            if time.monotonic() >= self.until:
                self.known = self.ask()
                self.until = time.monotonic() + self.seconds
            return self.known

    def ask(self):
        """Ask every check that is not waiting since an earlier time."""
        for name, check in self.checks.items():
            if name not in self.askers:
                self.askers[name] = Asker(name, check)
            self.askers[name].begin()
        ends = time.monotonic() + self.seconds
        return {name: self.askers[name].answer(max(0.0, ends - time.monotonic())) for name in self.checks}


class Asker:
    """Asks one check whenever it is told to, in its own thread."""

    def __init__(self, name, check):
        self.name, self.check = name, check
        self.wanted, self.done, self.found = threading.Event(), threading.Event(), None
        self.done.set()
        threading.Thread(target=self.run, daemon=True, name=f"ready-{name}").start()

    def begin(self):
        """Ask, unless an earlier question still waits."""
        if self.done.is_set():
            self.done.clear()
            self.wanted.set()

    def answer(self, seconds):
        """What came of it within so many seconds."""
        return self.found if self.done.wait(seconds) else "no answer"

    def run(self):
        while self.wanted.wait():
            self.wanted.clear()
            self.found = self.ask()
            self.done.set()

    def ask(self):
        """Why it failed goes into the log, not into the answer: that is for anybody to read."""
        try:
            self.check()
            return OK
        except Exception as error:
            logger.warning("Not ready: %s: %s: %s", self.name, type(error).__name__, error)
            return "failed"
        finally:
            connections.close_all()


ready = Readiness()
