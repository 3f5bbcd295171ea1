"""When something that the site stands on is away, people get 503 with a page of ours, not an error that looks like a defect.

Django asks `server_error` for the answer to whatever a view or a middleware raised.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as broken
from redis.exceptions import RedisError

from gallery.files import StorageUnavailable

from ..api.door import OPEN, PREFIX
from ..api.problems import problem

COME_BACK = 10  # seconds after which a browser or a crawler may ask again
# Whose absence each of these errors is. A defect in our SQL is none of them.
AWAY = {OperationalError: "database", InterfaceError: "database", RedisError: "cache", StorageUnavailable: "storage"}


def what_is_away(error):
    """ "database", "cache" or "storage" where `error`, or what it came from, says that this does not answer; else None."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for kind, name in AWAY.items():
            if isinstance(error, kind):
                return name
        error = error.__cause__ or error.__context__
    return None


def server_error(request):
    """The answer to an error that nothing caught: 503 where something is away, 500 for a defect of ours."""
    away = what_is_away(sys.exc_info()[1])
    if away is None:
        return broken(request)
    request.away = away  # for the line of access: a middleware further out may meet the same once more
    headers = {"Retry-After": str(COME_BACK), "Cache-Control": "no-store"}
    if request.path_info.startswith(PREFIX):
        response, headers = problem(503), headers | OPEN
    else:
        response = HttpResponse(render_to_string("unavailable.html"), status=503)
    for name, value in headers.items():
        response[name] = value
    response._has_been_logged = True  # with its traceback for each request the log would hide what came first
    return response
