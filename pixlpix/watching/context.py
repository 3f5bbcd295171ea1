"""Which request or task this is: what stands on every line of the log, and what was counted while it lasted."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

# Set by the middleware and by the signals of tasks; empty elsewhere.
request_id: ContextVar[str] = ContextVar("request_id", default="")
task_id: ContextVar[str] = ContextVar("task_id", default="")

# What a proxy may call a request: anything else could write lines of its own into the log.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}", re.ASCII)


@dataclass
class Tally:
    """Queries of one request or task, and the seconds that they took together."""

    queries: int = 0
    seconds: float = 0.0


tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


def new_id():
    """An id of 16 random hexadecimal digits."""
    return secrets.token_hex(8)


def id_of(request, *, believe):
    """The id that a proxy gave this request, where `believe` says that there is one and it is well-formed; else a new one."""
    given = request.headers.get("X-Request-ID", "") if believe else ""
    return given if WELL_FORMED.fullmatch(given) else new_id()
