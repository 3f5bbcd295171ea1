"""Background tasks: which one a line of the log belongs to, what each counted, and how long it took."""

import logging
import time

from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished, task_started

from . import numbers
from .context import Tally, tally, task_id

access = logging.getLogger("pixlpix.access")
_running = {}  # {id of a task of this process: (tokens, tally, when it began)}


def begin(sender, task_result, **kwargs):
    """Sent by the queue before a task runs."""
    key, count = str(task_result.id), Tally()
    _running[key] = (task_id.set(key), tally.set(count), count, time.perf_counter())


def end(sender, task_result, **kwargs):
    """Sent by the queue when a task has ended, well or not; also for one that it could not begin."""
    begun = _running.pop(str(task_result.id), None)
    state, name = str(task_result.status).lower(), short_name(task_result)
    numbers.tasks.labels(name, state).inc()
    if begun is None:
        return
    mark, counting, count, began = begun
    seconds = time.perf_counter() - began
    numbers.task_seconds.labels(name).inc(seconds)
    facts = {"task": name, "state": state, "milliseconds": round(seconds * 1000), "queries": count.queries}
    level = logging.ERROR if task_result.status == TaskResultStatus.FAILED else logging.INFO
    access.log(level, "%(task)s %(state)s in %(milliseconds)s ms, %(queries)s queries", facts, extra=facts)
    tally.reset(counting)
    task_id.reset(mark)


def short_name(task_result):
    """ "gallery.tasks.purge_cdn": there are as many as there are tasks in the code."""
    try:
        return task_result.task.module_path
    except (ImportError, ValueError):
        return "unknown"


def connect():
    task_started.connect(begin, dispatch_uid="pixlpix.watching.begin")
    task_finished.connect(end, dispatch_uid="pixlpix.watching.end")
