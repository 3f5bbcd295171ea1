"""Doing several things at the same moment, on a database that lets them run at once."""

import threading

from django.db import connections


def at_once(*works):
    """Run all `works` (functions without arguments) at the same moment; returns their errors, None where there was none."""
    errors = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(number, work):
        try:
            barrier.wait(timeout=30)
            work()
        except Exception as error:
            errors[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, work)) for number, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors
