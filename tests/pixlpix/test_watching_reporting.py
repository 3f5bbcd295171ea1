"""Reports of errors: none by default; where a collector is named, an error arrives there and nothing of anybody with it."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# Raises, in a view and in a task, with something of somebody's wherever an error could carry it away.
SITE = """
import django, sys
django.setup()
import logging
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
from django.urls import path
from django.http import HttpResponse
from pixlpix import urls

def breaks(request, username):
    local_secret = request.POST["email"] + " LOCAL"
    logging.getLogger("another.package").error("BREADCRUMB of %s", local_secret)
    raise ValueError("MESSAGE for " + local_secret)

urls.urlpatterns.insert(0, path("breaks/<str:username>/", breaks))
# Through all that gunicorn would call: the library wraps itself around that.
asked = RequestFactory(REMOTE_ADDR="203.0.113.77", HTTP_COOKIE="other=COOKIEVALUE; csrftoken=" + "c" * 32).post(
    "/breaks/zaphodine/?q=QUERYVALUE", {"email": "zaphodine@example.org", "text": "BODYVALUE"},
    headers={"user-agent": "BROWSERVALUE", "x-other": "HEADERVALUE", "host": "localhost", "x-csrftoken": "c" * 32},
)
statuses = []
for _part in get_wsgi_application()(asked.environ, lambda status, headers, *more: statuses.append(status)):
    pass
assert statuses[0].startswith("500"), statuses
from pixlpix.watching import reporting
class Result: pass
try:
    raise KeyError("zaphodine@example.org TASKVALUE")
except KeyError:
    if "sentry_sdk" in sys.modules:
        reporting.report_task(None, Result())
if "sentry_sdk" in sys.modules:
    import sentry_sdk
    sentry_sdk.flush(10)
print("sentry_sdk" in sys.modules)
"""


@pytest.fixture
def collector():
    """Where reports go: gives its address and the bodies that came."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", bodies
    server.shutdown()
    server.server_close()


def run(tmp_path, dsn):
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    # DEBUG shows the page for developers, which reports all the same; it needs no secrets.
    environment |= {"DEBUG": "1", "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pixlpix.settings"}
    environment |= {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "ERROR_REPORTING_DSN": dsn}
    done = subprocess.run(
        [sys.executable, "-c", SITE],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_by_default_nothing_is_reported_and_the_library_not_even_imported(tmp_path):
    assert run(tmp_path, "") == "False"


def test_errors_arrive_with_where_and_of_what_kind_and_nothing_of_anybody(tmp_path, collector):
    dsn, bodies = collector
    assert run(tmp_path, dsn) == "True"
    text = b"".join(bodies).decode()
    events = [json.loads(line) for body in bodies for line in body.splitlines() if b'"exception"' in line]
    kinds = [error["type"] for event in events for error in event["exception"]["values"]]
    assert "ValueError" in kinds and "KeyError" in kinds
    functions = [
        frame["function"]
        for event in events
        for error in event["exception"]["values"]
        for frame in error["stacktrace"]["frames"]
    ]
    assert "breaks" in functions
    assert all(set(event) >= {"tags", "exception"} for event in events)
    assert not any(set(event) & {"request", "user", "breadcrumbs", "contexts", "extra", "modules"} for event in events)
    for word in (
        "zaphodine",
        "example.org",
        "203.0.113",
        "VALUE",
        "LOCAL",
        "MESSAGE",
        "BREADCRUMB",
        os.uname().nodename,
    ):
        assert word not in text, text[max(0, text.find(word) - 200) : text.find(word) + 100]
