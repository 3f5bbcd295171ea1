"""Serving locally: server and worker start together, are announced when the server answers, and stop together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pixlpix.demo.fill import PASSWORD
from pixlpix.management.commands import serve

LISTENS = "import http.server, sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), None).serve_forever()"
SLEEPS = "import time; time.sleep(60)"
ENDS_SOON = "import time; time.sleep(0.5)"


@pytest.fixture
def port():
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def children(monkeypatch):
    """Stands in for manage.py: set children.server and children.worker to what they run; holds what was started."""

    class Children(list):
        server, worker = LISTENS, SLEEPS
        environments = []

        def start(self, name, *arguments, environment):
            code = self.server if name == "runserver" else self.worker
            child = subprocess.Popen([sys.executable, "-c", code, *arguments], start_new_session=True)
            self.append((name, child))
            self.environments.append(environment)
            return child

        def all_ended(self):
            return all(child.poll() is not None for _name, child in self)

    started = Children()
    monkeypatch.setattr(serve, "start", started.start)
    yield started
    serve.stop([child for _name, child in started])


@pytest.fixture
def local(settings, monkeypatch, tmp_path):
    """A local run whose tables and demo are there already."""
    settings.DEBUG = True
    settings.DATA_DIR = tmp_path / "new" / "data"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    monkeypatch.setattr(serve, "call_command", lambda *arguments, **options: None)
    monkeypatch.setattr(serve, "look", lambda: serve.Found.FILLED)
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    yield settings
    for sign, handler in before.items():
        signal.signal(sign, handler)


def run(port):
    out = StringIO()
    call_command("serve", port=port, stdout=out, stderr=out)
    return out.getvalue()


def interrupt_once_it_answers(port, sign=signal.SIGINT):
    def wait():
        until = time.monotonic() + 20
        while not serve.in_use(port) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        os.kill(os.getpid(), sign)

    threading.Thread(target=wait, daemon=True).start()


def test_refused_where_debug_is_off(settings, port):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        run(port)


def test_port_that_is_taken_is_named_with_a_way_out(local, children):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"{taken}.*PORT={taken + 1} make run"):
            run(taken)
    assert not children


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_stops_server_and_worker(local, children, port, sign):
    interrupt_once_it_answers(port, sign)
    assert "Stopping." in run(port)
    assert len(children) == 2
    assert children.all_ended()


def test_interrupting_the_fill_says_that_the_next_run_goes_on_and_starts_nothing(local, children, port, monkeypatch):
    def interrupted(name, **options):
        if name == "fill_demo":
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    monkeypatch.setattr(serve, "call_command", interrupted)
    with pytest.raises(CommandError, match="goes on"):
        run(port)
    assert not children


def test_works_where_a_shell_had_made_it_deaf_to_interrupts(local, children, port):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupt_once_it_answers(port)
    assert "Stopping." in run(port)


def test_says_where_everything_is_and_who_lives_there(local, children, port):
    interrupt_once_it_answers(port)
    said = run(port)
    assert f"http://localhost:{port}/\n" in said
    assert f"http://localhost:{port}/admin/" in said
    assert str(local.EMAIL_FILE_PATH) in said
    assert "ana" in said
    assert PASSWORD in said


def test_names_nobody_of_the_demo_where_the_database_is_somebodys_own(local, children, port, monkeypatch):
    monkeypatch.setattr(serve, "look", lambda: serve.Found.IN_USE)
    interrupt_once_it_answers(port)
    assert PASSWORD not in run(port)


def test_links_in_mails_follow_the_port(local, children, port, monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    interrupt_once_it_answers(port)
    run(port)
    assert children.environments[-1]["SITE_URL"] == f"http://localhost:{port}"


def test_makes_the_data_folder_first(local, children, port):
    interrupt_once_it_answers(port)
    run(port)
    assert local.DATA_DIR.is_dir()


def test_worker_that_ends_takes_the_server_with_it(local, children, port):
    children.worker = ENDS_SOON
    assert "both stop" in run(port)
    assert children.all_ended()


def test_server_that_cannot_start_takes_the_worker_with_it_and_nothing_is_announced(local, children, port):
    children.server = "raise SystemExit(1)"
    assert "http://localhost" not in run(port)
    assert children.all_ended()


def test_stopping_reaches_what_a_child_started_and_what_ignores_being_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "STOP_SECONDS", 0.5)
    note = tmp_path / "pid"
    stubborn = subprocess.Popen(
        ["/bin/sh", "-c", f"trap '' TERM; sleep 60 & echo $! > {note}; while true; do sleep 1; done"],
        start_new_session=True,
    )
    until = time.monotonic() + 10
    while not (note.exists() and note.read_text().strip()) and time.monotonic() < until:
        time.sleep(0.05)
    serve.stop([stubborn])
    assert stubborn.poll() is not None
    grandchild = int(note.read_text())
    until = time.monotonic() + 5
    while is_running(grandchild) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(grandchild)


def is_running(pid):
    """Whether a process runs; one that ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
