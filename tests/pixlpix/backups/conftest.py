"""A process with a database and storages of its own, which it may destroy: see world.py."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.db import connections

from tests import migrated, s3


@contextmanager
def own_databases(folder, blocker):
    """{setting: address} of a copy of the migrated database, of the kind that the suite runs on, and of one for drills."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        shutil.copyfile(migrated.in_temp(f"{migrated.made_from()}.sqlite3"), folder / "db.sqlite3")
        yield {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
        return
    database = migrated.PostgreSQL(connection, folder)
    name = database.name
    database.name, scratch = f"{name}_restored", f"{name}_drill"
    with blocker.unblock(), migrated.alone():
        if not database.exists():
            database.make()
        database.copy()
        database.run("DROP DATABASE IF EXISTS {}", scratch)
        database.run("CREATE DATABASE {}", scratch)
    before, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    yield {"DATABASE_URL": f"{before}/{database.name}", "DRILL_DATABASE_URL": f"{before}/{scratch}"}
    with blocker.unblock():
        database.drop()
        database.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", scratch)


def environment_for(folder, databases, server):
    left_out = ("DATABASE_", "AWS_", "DRILL_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "pixlpix.settings",
        "DEBUG": "1",
        "DATA_DIR": str(folder),
        **databases,
        "LOG_LEVEL": "ERROR",
        "RECEIPT_SITE_URL": "",
        "KEEP_LEFT_ACCOUNTS_DAYS": "30",
    }
    if server is not None:
        environment |= {
            "VAULT_BUCKET": s3.VAULT_BUCKET,
            "MEDIA_BUCKET": s3.MEDIA_BUCKET,
            "S3_ENDPOINT_URL": server.endpoint,
            "S3_REGION": "us-east-1",
            "S3_ADDRESSING_STYLE": "path",
            "AWS_ACCESS_KEY_ID": s3.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": s3.SECRET_KEY,
        }
    return environment


@pytest.fixture(scope="module")
def play(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """Play a scenario of world.py once; gives what it prints. `play.told[scenario]` is what it told meanwhile."""
    played = {}

    def play_once(scenario):
        if scenario not in played:
            folder = tmp_path_factory.mktemp(scenario)
            server = request.getfixturevalue("s3_server") if s3.EVERYWHERE else None
            if server is not None:
                server.empty()
            with own_databases(folder, django_db_blocker) as databases:
                command = [sys.executable, "-m", "tests.pixlpix.backups.world", str(folder / "backups"), scenario]
                environment = environment_for(folder, databases, server)
                done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
            played[scenario] = done
        done = played[scenario]
        play_once.told[scenario] = done.stderr
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    play_once.told = {}
    return play_once
