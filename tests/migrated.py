"""The test database, migrated once.

Migrations take longer than most runs. They are run once, into a database that only serves as the original of copies: each
process of the tests begins with a copy, and so does each later run, until something changes that it was made from.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = "pixlpix_migrated_"  # how PostgreSQL's databases that are copied are named


def made_from():
    """A name for all that the migrated database is made from."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(
        [
            *ROOT.glob("*/migrations/*.py"),
            *ROOT.glob("*/*/migrations/*.py"),
            ROOT / "requirements.txt",
            *ROOT.glob("search/backends/*.py"),
        ]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def in_temp(name):
    return Path(tempfile.gettempdir()) / f"pixlpix-tests-{os.getuid()}-{name}"


def migrate(database_url):
    """Run the migrations in a process of their own, against `database_url`. Raises CalledProcessError with its words."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


class SQLite:
    """A file, as the site's own database is, copied from one in the folder for temporary files.

    One in memory would be one connection for all threads of the server that browsers talk to: two requests at once would
    stand in one transaction.
    """

    def __init__(self, connection, folder):
        self.migrated = in_temp(f"{made_from()}.sqlite3")
        self.file = folder / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(self.file)

    def exists(self):
        return self.migrated.exists()

    def make(self):
        part = self.migrated.with_suffix(".part")
        for left in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
            left.unlink(missing_ok=True)
        migrate(f"sqlite:///{part}")
        part.replace(self.migrated)

    def copy(self):
        shutil.copyfile(self.migrated, self.file)

    def drop(self):
        """Nothing: the copy lies in a folder that pytest clears."""


class PostgreSQL:
    """A database of the server, made from one that is nothing but its template."""

    def __init__(self, connection, folder):
        self.connection = connection
        self.migrated = TEMPLATES + made_from()
        self.name = connection.creation._get_test_db_name()

    def run(self, statement, *names):
        quoted = (self.connection.ops.quote_name(name) for name in names)
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(statement.format(*quoted))
            return [row[0] for row in cursor.fetchall()] if cursor.description else []

    def names(self):
        return self.run(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{TEMPLATES}')")

    def exists(self):
        return self.migrated in self.names()

    def make(self):
        for left in self.names():
            self.run("DROP DATABASE IF EXISTS {}", left)
        part = f"{TEMPLATES}part"
        self.run("CREATE DATABASE {}", part)
        before, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        migrate(f"{before}/{part}")
        self.run("ALTER DATABASE {} RENAME TO {}", part, self.migrated)

    def copy(self):
        self.drop()
        self.run("CREATE DATABASE {} TEMPLATE {}", self.name, self.migrated)

    def drop(self):
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)


@contextmanager
def alone():
    """Only one process of this machine is here at a time."""
    with in_temp("migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory, django_db_blocker):
    """This process's own copy of the migrated database, which is made first where there is none."""
    connection = connections["default"]
    kind = {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]
    with django_db_blocker.unblock():
        database = kind(connection, tmp_path_factory.mktemp("database"))
        with alone():
            if not database.exists():
                database.make()
            database.copy()
    yield
    with django_db_blocker.unblock():
        connection.close()
        database.drop()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The database is there already."""
    return True
