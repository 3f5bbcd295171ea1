"""The worker for background tasks, with the sweeper beside it.

The queue's own worker has no net: a task whose worker was killed stays "running" for ever. The sweeper finds the work
again in the domain's rows, every minute; every hour the media host is compared with the rows; once a day the vault is
too, and results of old tasks and sessions that are over are deleted.
"""

import logging
import threading
import time
from datetime import timedelta

from django.core.cache import cache
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from community.devices import forget_lost_devices
from community.sweep import sweep_people
from gallery.reconcile import reconcile
from gallery.sweep import sweep
from pixlpix import maintenance
from pixlpix.start import refuse_an_open_vault
from pixlpix.watching import alerts, numbers, workers

logger = logging.getLogger(__name__)

EVERY_MINUTE, EVERY_HOUR, EVERY_DAY = 60, 3600, 86_400  # seconds
HEARTBEAT = 20  # seconds between two
PATIENCE = 3  # seconds between two tries while the database is away
KEEP_RESULTS_DAYS = 7
MOST_CLAIMS = 5  # times that one task is taken up again: it may be what the database chokes on


class PatientWorker(db_worker.Worker):
    """The queue's worker, which takes no task while maintenance is on: the database may be replaced at any moment.

    Its loop asks `running` before each task, and that is where it waits.
    """

    @property
    def running(self):
        while self._running and maintenance.is_on():
            time.sleep(1)
        return self._running

    @running.setter
    def running(self, value):
        self._running = value


class Command(db_worker.Command):
    help = "Runs background tasks, and beside them the sweeper"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(reload=False)
        parser.add_argument("--no-sweep", action="store_true", help="tasks alone, where another worker sweeps")

    def handle(self, *args, no_sweep=False, **options):
        refuse_an_open_vault()
        stop = threading.Event()
        if not no_sweep:
            threading.Thread(target=keep_sweeping, args=(stop,), daemon=True, name="sweeper").start()
        # The command of the queue makes its worker by this name.
        db_worker.Worker = PatientWorker
        threading.Thread(target=keep_saying, args=(stop,), daemon=True, name="heartbeat").start()
        try:
            while not self.work(**options):
                stop.wait(PATIENCE)
        finally:
            stop.set()

    def work(self, **options):
        """Run tasks until told to stop: True then. False where the database went away, which is no reason to end: what was
        cut short is done again at once when it is back."""
        try:
            take_up_again(options.get("worker_id"))
            super().handle(**options)
        except (OperationalError, InterfaceError) as error:
            logger.error("The database does not answer the worker: %s", error)
            connections.close_all()
            return False
        return True


def take_up_again(worker_id):
    """Queue again what this worker had in hand when the database went away: nobody else will, and members wait. Every task
    may run twice; returns how many."""
    count = 0
    for result in DBTaskResult.objects.running():
        if result.worker_ids[-1:] == [worker_id] and len(result.worker_ids) < MOST_CLAIMS:
            count += DBTaskResult.objects.running().filter(pk=result.pk).update(status=TaskResultStatus.READY)
    return count


def keep_sweeping(stop):
    """Sweep every minute until `stop` is set. Whatever fails is logged, and tried again a minute later."""
    while not stop.wait(EVERY_MINUTE):
        one_round()


def keep_saying(stop):
    """Say every few seconds that this worker lives, and what it counted, until `stop` is set."""
    while not stop.wait(HEARTBEAT):
        workers.say(numbers.counts())


def one_round():
    """One minute's work, and the hour's and the day's where they are due; nothing while maintenance is on. Whoever is to be
    told of trouble is told last, and also where something before it failed."""
    if maintenance.is_on():
        return
    try:
        close_old_connections()
        sweep()
        sweep_people()
        if due("hour", EVERY_HOUR):
            reconcile(vault_too=False)
        if due("day", EVERY_DAY):
            reconcile()
            forget_killed_tasks()
            call_command("clearsessions")
            forget_lost_devices()
            call_command("prune_db_task_results", min_age_days=KEEP_RESULTS_DAYS)
    except Exception:
        logger.exception("The sweeper stumbled, and comes again in a minute.")
    try:
        alerts.look()
    except Exception:
        logger.exception("Nobody could look for trouble; it is tried again in a minute.")
    finally:
        close_old_connections()


def due(name, seconds):
    """Whether this is due, once for all workers that share a cache."""
    return cache.add(f"sweeper:{name}", True, seconds)


def forget_killed_tasks():
    """Mark tasks as failed that have been "running" for a day, so that they are pruned; returns how many."""
    count = 0
    for result in DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - timedelta(days=1)):
        result.set_failed(RuntimeError("Its worker was killed."))
        count += 1
    return count
