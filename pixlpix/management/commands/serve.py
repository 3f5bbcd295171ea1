"""Serve the site locally: tables, demo content, the web server, and the worker for background tasks beside it."""

import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from pixlpix.demo.content import load
from pixlpix.demo.fill import Found, look
from pixlpix.demo.welcome import where_things_are, who_is_who

START_SECONDS, STOP_SECONDS = 60, 5  # how long the server may take to answer, and both to stop when asked


class Command(BaseCommand):
    """Both run until Ctrl-C, or until one of them ends: then both stop."""

    help = "Migrate, fill an empty database with the demo, and serve the site with its worker (only with DEBUG on)."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port, **options):
        if not settings.DEBUG:
            raise CommandError("This is for local runs. Set DEBUG=1, or start gunicorn and the worker by themselves.")
        if in_use(port):
            raise CommandError(f"Something else answers on port {port} already. Try PORT={port + 1} make run.")
        # Terminated like interrupted, and also where a shell's "&" has made us deaf to Ctrl-C: whoever stops us, nothing
        # of ours goes on alone.
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, signal.default_int_handler)
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("fill_demo", stdout=self.stdout)
        except KeyboardInterrupt:
            raise CommandError("Stopped before the site was ready. The next run goes on where this one was.") from None
        self.run_both(port)

    def run_both(self, port):
        """Start server and worker, say where they are, and wait for the first of them to end."""
        # Links in mails begin with SITE_URL, so it follows the port, unless somebody chose one.
        address = f"http://localhost:{port}"
        environment = {"SITE_URL": address, **os.environ, "PYTHONUNBUFFERED": "1"}
        environment.pop(DJANGO_AUTORELOAD_ENV, None)
        children = []
        try:
            worker = "run_worker" if "run_worker" in get_commands() else "db_worker"
            children.append(start("runserver", str(port), environment=environment))
            # Every task is two lines at INFO: they would push what is said below out of sight.
            children.append(start(worker, environment={"LOG_LEVEL": "WARNING", **environment}))
            if wait_until_it_answers(port, children):
                self.welcome(address)
            while all(child.poll() is None for child in children):
                time.sleep(0.2)
            self.stderr.write("One of server and worker ended, so both stop.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            stop(children)

    def welcome(self, address):
        lines = where_things_are(address)
        if look() is Found.FILLED:
            lines += ["", *who_is_who(load())]
        rule = "-" * max(map(len, lines))
        self.stdout.write("\n".join(["", rule, *lines, rule, "Ctrl-C stops it.", ""]))
        self.stdout.flush()


def in_use(port):
    """Whether something listens on `port` of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(*arguments, environment):
    """Run manage.py with `arguments` in a session of its own, so that stopping it stops what it started as well."""
    manage = settings.BASE_DIR / "manage.py"
    return subprocess.Popen(  # noqa: S603 (our own command)
        [sys.executable, str(manage), *arguments], env=environment, start_new_session=True
    )


def wait_until_it_answers(port, children):
    """True once the server listens; False when a child ended first or it took too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and all(child.poll() is None for child in children):
        if in_use(port):
            return True
        time.sleep(0.1)
    return False


def stop(children):
    """Ask each child and what it started to end; after a few seconds, make them."""
    for sign, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
        for child in children:
            try:
                os.killpg(child.pid, sign)
            except ProcessLookupError:
                continue
        until = time.monotonic() + patience
        while time.monotonic() < until and any(child.poll() is None for child in children):
            time.sleep(0.05)
        if all(child.poll() is not None for child in children):
            return
