"""How lines of the log are written: JSON for machines, plain for people; neither with personal data.

Both are formatters, the last to see a line, so that what any library logs goes through them, its traceback too. A library
for JSON lines would not do: it writes out whatever hangs on a record, Django's request with its address among it.
"""

import json
import logging
from datetime import UTC, datetime

from .context import request_id, task_id
from .scrubbing import scrub

# What our own lines say beside their words; anything else that hangs on a record is left out.
EXTRAS = (
    "method",
    "route",
    "status",
    "milliseconds",
    "queries",
    "query_milliseconds",
    "sql",
    "task",
    "state",
    "alert",
    "away",
)


def words_of(record):
    """The message of `record`, with the route in place of the path of the request that it is about."""
    words = record.getMessage()
    path = getattr(getattr(record, "request", None), "path", "")
    if len(path) > 1:
        words = words.replace(path, route_of(record.request))
    return scrub(words)


def route_of(request):
    """The name of the view that answers `request`: one of a fixed number, and never with anybody's name in it."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else "unresolved"


class PlainLines(logging.Formatter):
    """One line for people; a traceback below it."""

    def format(self, record):
        trace = " ".join(filter(None, (request_id.get(), task_id.get())))
        head = f"{datetime.now():%H:%M:%S} {record.levelname} {record.name}:"
        lines = [" ".join(filter(None, (head, words_of(record), f"[{trace}]" if trace else "")))]
        if record.exc_info:
            lines.append(scrub(self.formatException(record.exc_info)))
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": words_of(record),
            "request": request_id.get(),
            "task_id": task_id.get(),
            **{name: getattr(record, name, "") for name in EXTRAS},
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = scrub(self.formatException(record.exc_info))
        return json.dumps({name: value for name, value in line.items() if value != ""}, ensure_ascii=False)
