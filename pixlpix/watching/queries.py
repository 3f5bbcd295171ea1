"""Counting queries, and a line in the log for each slow one: its SQL without what was filled in."""

import logging
import time

from django.conf import settings
from django.db.backends.signals import connection_created

from .context import tally

logger = logging.getLogger("pixlpix.slow")
MOST_SQL = 1000  # characters of a statement in the log


def watch_connection(sender, connection, **kwargs):
    """Sent by Django with every new connection; the object outlives it, and is watched once."""
    if watch_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch_query)


def watch_query(execute, sql, params, many, context):
    """Run one query; count it for the request or task that it belongs to."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - began
        count = tally.get()
        if count is not None:
            count.queries += 1
            count.seconds += took
        if took * 1000 >= settings.SLOW_QUERY_MS:
            say_slow(sql, took)


def say_slow(sql, took):
    milliseconds = round(took * 1000)
    sql = str(sql)[:MOST_SQL]
    logger.warning("A query took %s ms: %s", milliseconds, sql, extra={"sql": sql, "milliseconds": milliseconds})


def connect():
    connection_created.connect(watch_connection, dispatch_uid="pixlpix.watching.queries")
