"""The whole stack as in production, of which each part can be taken away for a while and given back.

gunicorn and the worker run by the commands and settings that the image and the app spec give them. PostgreSQL and the
object store are reached through doors of ours: shutting one breaks its connections off and refuses new ones, as a server
does that was stopped. Redis is the stack's own and is stopped for good each time; the worker is halted where it stands.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import requests
import yaml
from django.conf import settings

from tests.s3 import ACCESS_KEY, MEDIA_BUCKET, SECRET_KEY, VAULT_BUCKET

HOST = "127.0.0.1"
SITE = "https://pixlpix.example"
SITE_SECRET = "for this stack alone " * 4
CSRF = "c" * 32
PATIENCE = 180  # seconds that a busy machine may take for anything


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


# --- What can be taken away -------------------------------------------------------------------------------------------


class Door:
    """A TCP proxy in front of `target`, (host, port), on a port of its own: `take_away()` and `give_back()`."""

    def __init__(self, target):
        self.target, self.pairs, self.listener = target, set(), None
        self.port = free_port()
        self.give_back()

    def give_back(self):
        self.listener = socket.create_server((HOST, self.port), backlog=64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                inner, _address = listener.accept()
            except OSError:
                return
            try:
                outer = socket.create_connection(self.target, timeout=5)
            except OSError:
                inner.close()
                continue
            outer.settimeout(None)
            pair = (inner, outer)
            self.pairs.add(pair)
            if listener is not self.listener:  # shut meanwhile
                self.drop(pair)
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self.pump, args=(source, sink, pair), daemon=True).start()

    def pump(self, source, sink, pair):
        with suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        self.drop(pair)

    def drop(self, pair):
        self.pairs.discard(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def take_away(self):
        listener, self.listener = self.listener, None
        if listener:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept()
            listener.close()
        for pair in list(self.pairs):
            self.drop(pair)


class Redis:
    """A redis-server of its own: taken away it is ended, and what it knew is gone."""

    def __init__(self, folder, log):
        self.folder, self.log, self.process = folder, log, None
        self.port = free_port()
        self.give_back()

    def give_back(self):
        command = [shutil.which("redis-server"), "--port", str(self.port), "--bind", HOST, "--save", ""]
        command += ["--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def take_away(self):
        self.process.terminate()
        self.process.wait()


class Halted:
    """A process that is halted and goes on where it stood."""

    def __init__(self, process):
        self.process = process

    def take_away(self):
        self.process.send_signal(signal.SIGSTOP)

    def give_back(self):
        self.process.send_signal(signal.SIGCONT)


# --- The stack --------------------------------------------------------------------------------------------------------


def web_command(port):
    """The image's own command, on a port of this machine."""
    last = (settings.BASE_DIR / "Dockerfile").read_text().rpartition("\nCMD ")[2]
    command = [f"{HOST}:{port}" if word == "0.0.0.0:8080" else word for word in json.loads(last)]
    return [sys.executable, "-m", *command]


def worker_command():
    """The app spec's own."""
    spec = yaml.safe_load((settings.BASE_DIR / ".do/app.production.yaml").read_text())
    return [sys.executable, *spec["workers"][0]["run_command"].split()[1:]]


class Stack:
    """`parts` by name: "database", "cache", "storage", "worker"."""

    def __init__(self, folder, *, database, endpoint):
        """`database`: settings of a PostgreSQL database with tables and a world in it; `endpoint`: of the object store."""
        self.folder, self.database, self.web, self.worker = Path(folder), database, None, None
        self.log = (self.folder / "log").open("wb")
        self.parts = {
            "database": Door((database["HOST"] or HOST, int(database["PORT"] or 5432))),
            "storage": Door((HOST, int(endpoint.rpartition(":")[2]))),
            "cache": Redis(self.folder, self.log),
        }
        self.url = f"http://{HOST}:{free_port()}"
        self.environment = self.environment_of(database)

    def start(self):
        """Start web and worker, and wait until they are ready."""
        self.web = self.run(web_command(self.url.rpartition(":")[2]))
        self.worker = self.run(worker_command())
        self.parts["worker"] = Halted(self.worker)
        self.wait_until(lambda: self.readiness().get("ready"))

    def environment_of(self, database):
        login = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "tests.stack_settings", "DEBUG": "0", "DATA_DIR": str(self.folder),
            "TMPDIR": str(self.folder),
            "SECRET_KEY": SITE_SECRET, "SITE_URL": SITE, "ALLOWED_HOSTS": "pixlpix.example",
            "DATABASE_URL": f"postgres://{login}@{HOST}:{self.parts['database'].port}/{database['NAME']}",
            "CACHE_URL": f"redis://{HOST}:{self.parts['cache'].port}/0",
            "S3_ENDPOINT_URL": f"http://{HOST}:{self.parts['storage'].port}",
            "S3_REGION": "us-east-1", "S3_ADDRESSING_STYLE": "path",
            "VAULT_BUCKET": VAULT_BUCKET, "MEDIA_BUCKET": MEDIA_BUCKET,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "TRUSTED_PROXY_COUNT": "1", "WEB_CONCURRENCY": "2", "EMAIL_URL": "consolemail://",
            "ALERT_EMAILS": "owner@pixlpix.example", "RECEIPT_SITE_URL": "", "METRICS_TOKEN": "t" * 40,
        }  # fmt: skip

    def run(self, command):
        return subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def get(self, path, **more):
        """A GET as the platform's proxy passes one on; `session` is the key of a member's session."""
        return requests.get(self.url + path, headers=headers(**more), timeout=60, allow_redirects=False)

    def post(self, path, data, files, **more):
        """A POST of a form, likewise."""
        data = {**data, "csrfmiddlewaretoken": CSRF}
        return requests.post(
            self.url + path, data=data, files=files, headers=headers(**more), timeout=60, allow_redirects=False
        )

    def readiness(self):
        """What /readyz says; nothing where not even that answers."""
        try:
            return self.get("/readyz").json()
        except (requests.RequestException, ValueError):
            return {}

    def wait_until(self, question):
        """Ask until `question()` says yes; returns after how many seconds. Raises TimeoutError."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            if question():
                return time.monotonic() - began
            assert self.web.poll() is None and self.worker.poll() is None, self.words()
            time.sleep(0.1)
        raise TimeoutError(f"{self.readiness()} {self.words()}")

    def processes(self):
        """Ids of gunicorn, its processes that serve, and the worker: all that live."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        return [self.web.pid, *map(int, children), self.worker.pid] if self.worker.poll() is None else []

    def lines(self):
        """What web and worker have logged, as objects."""
        for line in (self.folder / "log").read_text(errors="replace").splitlines():
            with suppress(ValueError):
                if isinstance(said := json.loads(line), dict):
                    yield said

    def words(self):
        """The end of what all processes wrote."""
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def stop(self):
        for process in filter(None, (self.web, self.worker)):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what did not end by itself, children too
            process.wait()
        for name in ("database", "storage", "cache"):
            self.parts[name].take_away()
        self.log.close()


def headers(session=""):
    """What the platform's proxy and a browser send."""
    cookies = f"__Host-csrftoken={CSRF}" + (f"; __Host-sessionid={session}" if session else "")
    told = {"Host": "pixlpix.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    return told | {"Origin": SITE, "Cookie": cookies}


# --- A database of the stack's own ------------------------------------------------------------------------------------


def copy_database(source):
    """A copy of the PostgreSQL database with settings `source`, to which nobody may be connected; returns its settings."""
    name = f"pixlpix_stack_{secrets.token_hex(4)}"
    administer(source, f'CREATE DATABASE "{name}" TEMPLATE "{source["NAME"]}"')
    return {**source, "NAME": name}


def drop_database(database):
    """Drop it, whoever is connected."""
    administer(database, f'DROP DATABASE IF EXISTS "{database["NAME"]}" WITH (FORCE)')


def administer(database, statement):
    login = {"user": database["USER"], "password": database["PASSWORD"] or None}
    connection = psycopg2.connect(
        host=database["HOST"] or HOST, port=database["PORT"] or 5432, dbname="postgres", **login
    )
    with closing(connection):
        connection.autocommit = True
        connection.cursor().execute(statement)
