"""The whole stack as in production, each dependency behind a door that can be shut.

gunicorn with two processes and a worker run as they do there; PostgreSQL, Redis and the object store are reached through
proxies of ours. Shutting one breaks its connections off and refuses new ones, as a server does that was stopped.
"""

import os
import re
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
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image

from tests.s3 import ACCESS_KEY, MEDIA_BUCKET, SECRET_KEY, VAULT_BUCKET

HOST = "127.0.0.1"
SITE = "https://pixlpix.example"
SITE_SECRET = "for this stack alone " * 4
CSRF = "c" * 32
READY_SECONDS = 120  # a busy machine starts slowly


class Door:
    """A TCP proxy in front of (host, port): `shut()` and `open()`. Listens on `port` as long as it is open."""

    def __init__(self, target):
        self.target, self.pairs, self.listener = target, set(), None
        self.port = free_port()
        self.open()

    def open(self):
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
            self.pairs.add((inner, outer))
            for source, sink in ((inner, outer), (outer, inner)):
                threading.Thread(target=self.pump, args=(source, sink, (inner, outer)), daemon=True).start()

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

    def shut(self):
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept()
        self.listener.close()
        for pair in list(self.pairs):
            self.drop(pair)


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Stack:
    """`doors` by the name of what is behind: "database", "cache", "storage"."""

    def __init__(self, folder, *, database, endpoint):
        """`database`: settings of a PostgreSQL database with tables and a world in it; `endpoint`: of the object store."""
        self.folder, self.processes, self.database = Path(folder), {}, database
        self.log = (self.folder / "log").open("wb")
        redis = free_port()
        self.start(
            "redis",
            shutil.which("redis-server"),
            "--port",
            str(redis),
            "--bind",
            HOST,
            "--save",
            "",
            "--dir",
            str(folder),
        )
        store = endpoint.rpartition(":")[2]
        self.doors = {
            "database": Door((database["HOST"] or HOST, int(database["PORT"] or 5432))),
            "cache": Door((HOST, redis)),
            "storage": Door((HOST, int(store))),
        }
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.environment = self.environment_for(database)
        python = sys.executable
        self.start("web", python, "-m", "gunicorn", "pixlpix.wsgi", "--bind", f"{HOST}:{self.port}", "--workers", "2")
        self.start("worker", python, "manage.py", "run_worker", "--interval", "0.2")

    def environment_for(self, database):
        ports = {name: door.port for name, door in self.doors.items()}
        login = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "tests.stack_settings", "DEBUG": "0", "DATA_DIR": str(self.folder),
            "SECRET_KEY": SITE_SECRET, "SITE_URL": SITE, "ALLOWED_HOSTS": "pixlpix.example",
            "DATABASE_URL": f"postgres://{login}@{HOST}:{ports['database']}/{database['NAME']}",
            "CACHE_URL": f"redis://{HOST}:{ports['cache']}/0",
            "S3_ENDPOINT_URL": f"http://{HOST}:{ports['storage']}", "S3_REGION": "us-east-1", "S3_ADDRESSING_STYLE": "path",
            "VAULT_BUCKET": VAULT_BUCKET, "MEDIA_BUCKET": MEDIA_BUCKET,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "TRUSTED_PROXY_COUNT": "1", "WEB_CONCURRENCY": "2", "EMAIL_URL": "consolemail://",
            "ALERT_EMAILS": "owner@pixlpix.example", "RECEIPT_SITE_URL": "", "METRICS_TOKEN": "t" * 40,
        }  # fmt: skip

    def start(self, name, *command):
        self.processes[name] = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=getattr(self, "environment", None),
            stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip

    def get(self, path, **more):
        """A GET as the platform's proxy passes one on; `session` is the key of a member's session."""
        return requests.get(self.url + path, headers=headers(**more), timeout=30, allow_redirects=False)

    def post(self, path, data, files, **more):
        return requests.post(
            self.url + path, data={**data, "csrfmiddlewaretoken": CSRF}, files=files,
            headers=headers(**more), timeout=60, allow_redirects=False,
        )  # fmt: skip

    def readiness(self):
        """What /readyz says; nothing where not even that answers."""
        try:
            return self.get("/readyz").json()
        except (requests.RequestException, ValueError):
            return {}

    def wait_for(self, part, state):
        """Wait until /readyz says `state` of `part`; returns after how many seconds. Raises TimeoutError."""
        began = time.monotonic()
        while time.monotonic() - began < READY_SECONDS:
            if self.readiness().get(part) == state:
                return time.monotonic() - began
            assert self.all_live(), self.words()
            time.sleep(0.1)
        raise TimeoutError(f"{part} is not {state}: {self.readiness()} {self.words()}")

    def sweep_later(self):
        """Sweep as if the time had come for all that is to be tried again."""
        connection = connect(self.database, self.database["NAME"])
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("UPDATE gallery_photo SET retry_at = now() - interval '1 second' WHERE retry_at IS NOT NULL")
            connection.commit()
        command = [sys.executable, "manage.py", "sweep"]
        subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, stdout=self.log, stderr=self.log, check=True
        )

    def all_live(self):
        return all(process.poll() is None for process in self.processes.values())

    def words(self):
        """The end of what all processes logged."""
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def stop(self):
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for door in self.doors.values():
            door.shut()
        self.log.close()


def headers(session=""):
    cookies = f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else "")
    return {
        "Host": "pixlpix.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "Origin": SITE,
        "Cookie": cookies,
    }


# --- Light load -------------------------------------------------------------------------------------------------------


class Load:
    """Somebody looks around, and a member shares one photo after the other until told to stop.

    `answers` are (status, seconds) of everything; `promised` the captions of posts of which the site said that they are
    in. What is not taken is sent again with the form's same token, as a browser does when one reloads.
    """

    def __init__(self, stack, session, paths):
        self.stack, self.session, self.paths = stack, session, paths
        self.answers, self.promised, self.over = [], [], threading.Event()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self.look, self.share)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(READY_SECONDS)
        assert not any(thread.is_alive() for thread in self.threads)

    def timed(self, ask, *arguments, **more):
        began = time.monotonic()
        try:
            answer = ask(*arguments, **more)
        except requests.RequestException as error:
            self.answers.append((type(error).__name__, time.monotonic() - began))
            return None
        self.answers.append((answer.status_code, time.monotonic() - began))
        return answer

    def look(self):
        while not self.over.wait(0.1):
            for path in self.paths:
                self.timed(self.stack.get, path, session=self.session)

    def share(self):
        number = 0
        while not self.over.is_set():
            number += 1
            self.share_one(f"Photo number {number}", a_file(self.stack.folder, number))

    def share_one(self, caption, content):
        """Ask for the form and send it, both until the site takes them."""
        token = None
        while not token:
            page = self.timed(self.stack.get, "/share/", session=self.session)
            if page is not None and page.status_code == 200:
                token = re.search(r'name="token" value="([^"]+)"', page.text).group(1)
            elif self.over.wait(0.1):
                return
        form = {
            "token": token,
            "caption": caption,
            "alt_text": "A ridge",
            "gallery": "photos",
            "complete": "1",
            "do": "publish",
        }
        while True:
            answer = self.timed(
                self.stack.post, "/share/", form, {"picture": ("a.jpg", content, "image/jpeg")}, session=self.session
            )
            if answer is not None and answer.status_code == 302:
                self.promised.append(caption)
                return
            time.sleep(0.2)


def a_file(folder, number):
    """The bytes of a JPEG that no other has."""
    path = folder / "photo.jpg"
    Image.effect_noise((320, 240), 50 + number).convert("RGB").save(path)
    return path.read_bytes()


# --- A database of the stack's own ------------------------------------------------------------------------------------


def copy_database(source):
    """A copy of the PostgreSQL database with settings `source`, to which nobody may be connected; returns its settings."""
    name = f"pixlpix_stack_{secrets.token_hex(4)}"
    administer(source, f'CREATE DATABASE "{name}" TEMPLATE "{source["NAME"]}"')
    return {**source, "NAME": name}


def drop_database(database):
    administer(database, f'DROP DATABASE IF EXISTS "{database["NAME"]}" WITH (FORCE)')


def connect(database, name):
    login = {"user": database["USER"], "password": database["PASSWORD"] or None}
    return psycopg2.connect(host=database["HOST"], port=database["PORT"] or 5432, dbname=name, **login)


def administer(database, statement):
    connection = connect(database, "postgres")
    with closing(connection):
        connection.autocommit = True
        connection.cursor().execute(statement)


def session_of(user):
    """The key of a session in which `user` is signed in, in the database of this process."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def posts(database):
    """{caption: whether it is ready for everybody to see} of the posts in `database`, of which none is there twice."""
    connection = connect(database, database["NAME"])
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT caption, photos_ready AND published_at IS NOT NULL FROM gallery_postpage")
        rows = cursor.fetchall()
    assert len(rows) == len(dict(rows)), rows
    return dict(rows)


def wait_until_shown(stack, promised):
    """Wait until the worker has done what it has to for the posts with these captions; returns those that never came.

    What was cut short is due again after some minutes: these are passed over, as by a sweep at that time.
    """
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        known = posts(stack.database)
        missing = [caption for caption in promised if not known.get(caption)]
        if not missing:
            break
        stack.sweep_later()
        time.sleep(2)
    return missing
