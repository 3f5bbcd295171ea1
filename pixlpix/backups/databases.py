"""Dumping the database in one consistent snapshot, asking that very snapshot, and putting a dump back in one piece.

SQLite: its online backup API, then questions go to the copy. PostgreSQL: a transaction of its own exports its snapshot,
`pg_dump` takes that one, and questions go to the same transaction. Both let the site go on writing meanwhile.
"""

import logging
import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader

from .errors import BackupError
from .place import NAME_FORMAT

logger = logging.getLogger(__name__)

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
LOCK_SECONDS = 60  # how long a restore waits for somebody who holds a table

# Everything that lies in our schema but what an extension brought: whatever a newer version added goes as well.
CLEAR = """
SET lock_timeout = '%(seconds)ss';
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
      AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS
      (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i', 'a')) LOOP
    EXECUTE format('DROP %%s IF EXISTS %%I CASCADE', CASE one.relkind WHEN 'v' THEN 'VIEW'
      WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, one.relname);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS called FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %%s CASCADE', one.called);
  END LOOP;
END $$;
"""


class Frozen:
    """The database as it was at one moment."""

    def __init__(self, ask, tables):
        self.ask, self._tables = ask, tables

    def rows_per_table(self):
        """{table: number of rows}, of every table."""
        return {name: self.ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in sorted(self._tables())}  # noqa: S608

    def migrations(self):
        """The migrations that were applied, "app.name", sorted."""
        return sorted(f"{app}.{name}" for app, name in self.ask("SELECT app, name FROM django_migrations"))

    def originals(self):
        """[(SHA-256, size)] of every original that has a row, in order."""
        return self.ask("SELECT sha256, size FROM gallery_original ORDER BY sha256")

    def erased(self):
        """Hashes of files that were erased by order and have not come again since."""
        return [
            row[0]
            for row in self.ask(
                "SELECT sha256 FROM gallery_erasure WHERE kind = 'original'"
                " AND sha256 NOT IN (SELECT sha256 FROM gallery_original)"
            )
        ]


@contextmanager
def frozen(target):
    """Dump the database to `target` (a path); gives the Frozen of the same moment. Raises BackupError."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            # A copy has no journal beside it: it is one file, and its readers need no right to write.
            copy.execute("PRAGMA journal_mode=DELETE")
            yield Frozen(lambda sql: copy.execute(sql).fetchall(), lambda: _sqlite_tables(copy))
        return
    own = connection.copy()
    try:
        own.connect()
        own.connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)

        def ask(sql):
            with own.connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()

        snapshot = ask("SELECT pg_export_snapshot()")[0][0]
        run(["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}"])
        yield Frozen(ask, lambda: [row[0] for row in ask(TABLES)])
    finally:
        own.close()


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def _sqlite_tables(copy):
    names = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    virtual = {name for name, sql in names if sql and sql.upper().startswith("CREATE VIRTUAL")}
    # What a virtual table keeps its own content in counts with it.
    inner = tuple(f"{name}_" for name in virtual)
    return [name for name, _sql in names if not name.startswith("sqlite_") and not (inner and name.startswith(inner))]


def run(command, script=""):
    """Run one of PostgreSQL's programs on the site's database. Raises BackupError with what it said."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    # The password goes by the environment, which other people on the machine cannot read.
    command = [command[0], *arguments[1:-1], f"--dbname={arguments[-1]}", *command[1:]]
    environment = {**os.environ, **(environment or {})}
    try:
        done = subprocess.run(command, env=environment, input=script, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise BackupError(f"{command[0]} is not installed here: install PostgreSQL's client programs.") from None
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()[-2000:]}")


def tables():
    """The tables of the live database; empty where there is none yet. Raises django.db.Error where it does not answer."""
    return set(connection.introspection.table_names())


def rows_of_live():
    """{table: number of rows} of the live database."""
    with connection.cursor() as cursor:

        def ask(sql):
            cursor.execute(sql)
            return cursor.fetchall()

        if connection.vendor == "sqlite":
            return Frozen(ask, lambda: _sqlite_tables(connection.connection)).rows_per_table()
        return Frozen(ask, lambda: [row[0] for row in ask(TABLES)]).rows_per_table()


def clear():
    """Drop everything in the schema of a PostgreSQL database that is nobody's but ours."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR % {"seconds": LOCK_SECONDS})


def load(dump):
    """Have the live database be what `dump` (a path) holds, all at once: whoever reads sees the old one or the new one.

    Killed at any moment it is the old one still. Raises BackupError.
    """
    if connection.vendor == "sqlite":
        _load_sqlite(dump)
    else:
        _load_postgresql(dump)
    connection.close()


def _load_sqlite(dump):
    connection.close()
    path = Path(connection.settings_dict["NAME"])
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        try:
            _copy_sqlite(dump, path)
        except sqlite3.DatabaseError as error:
            if not any(words in str(error) for words in ("not a database", "malformed")):
                raise
            _move_aside(path, error)
            _copy_sqlite(dump, path)
    except sqlite3.Error as error:
        raise BackupError(f"{path} cannot be written: {error}. Stop web and worker, and run this again.") from error


def _copy_sqlite(dump, path):
    with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(path, timeout=LOCK_SECONDS)) as live:
        source.backup(live)


def _move_aside(path, error):
    """A damaged file cannot be written to. It is kept, with its journal: somebody may want to look at it."""
    aside = f"{path}.damaged-{datetime.now(UTC):{NAME_FORMAT}}"
    logger.error("%s is damaged (%s): it is moved to %s.", path, error, aside)
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(f"{path}{ending}"):
            os.replace(f"{path}{ending}", f"{aside}{ending}")


def _load_postgresql(dump):
    # First all of the script, then the database: a dump that breaks off must not be committed half-way.
    with tempfile.TemporaryDirectory() as folder:
        script, clear = Path(folder, "restore.sql"), Path(folder, "clear.sql")
        clear.write_text(CLEAR % {"seconds": LOCK_SECONDS})
        convert = ["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)]
        done = subprocess.run(convert, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            raise BackupError(f"pg_restore failed: {done.stderr.strip()[-2000:]}")
        connection.close()
        run(
            [
                "psql",
                "--quiet",
                "--no-psqlrc",
                "--set=ON_ERROR_STOP=1",
                "--single-transaction",
                f"--file={clear}",
                f"--file={script}",
            ]
        )


def migrations_of_code():
    """The migrations that this code brings, "app.name", sorted."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations)
