"""Several processes for work that fills a core each. Nothing of Django's is imported here before it is set up."""

import logging
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django


def run(function, jobs, processes):
    """Call `function(*job)` for each of `jobs`, here or in that many processes; yields the results in order.

    What a job raises is raised here, and no further job is begun then.
    """
    if processes < 2:
        yield from (function(*job) for job in jobs)
        return
    # Fresh processes rather than forked ones: a forked database connection would be shared.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=set_up) as pool:
        waiting = deque(pool.submit(function, *job) for job in jobs)
        try:
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def set_up():
    """What a fresh process needs before its first job. Its log lines would hide the few that say something."""
    # Ctrl-C reaches every process of a terminal; the first of them decides, and this one ends with its job.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()
    logging.disable(logging.INFO)
