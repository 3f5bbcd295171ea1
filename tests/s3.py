"""A real S3 server for tests, and the site's storages on it or on folders.

SeaweedFS runs from a wheel. A machine where it cannot start skips the tests that need it; in CI (CI=true), and where the
whole suite runs on it (PIXLPIX_TEST_STORAGES=s3), they fail instead, so that nobody believes in a check that did not run.
"""

import copy
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import SystemRandom

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.apps import apps
from django.core.files.storage import storages
from django.core.files.storage.handler import StorageHandler
from django.db.models import FileField

VAULT_BUCKET, MEDIA_BUCKET = "pixlpix-vault", "pixlpix-media"
ACCESS_KEY, SECRET_KEY = "test-access", "test-secret-key"
READING_KEY, READING_SECRET = "test-reading", "test-secret-key-of-who-reads"
READY_SECONDS = 90
# Every test's storages are the server's, not folders: what `make test-services` asks for.
EVERYWHERE = os.environ.get("PIXLPIX_TEST_STORAGES") == "s3"
NEEDED = EVERYWHERE or os.environ.get("CI") == "true"

# The media bucket is public by the anonymous identity's right to read it; nobody but the site may list it. The machine that
# backs up may read and list the vault.
IDENTITIES = {
    "identities": [
        {
            "name": "site",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        },
        {
            "name": "backups",
            "credentials": [{"accessKey": READING_KEY, "secretKey": READING_SECRET}],
            "actions": [f"Read:{VAULT_BUCKET}", f"List:{VAULT_BUCKET}"],
        },
        {"name": "anonymous", "actions": [f"Read:{MEDIA_BUCKET}"]},
    ]
}


@dataclass
class Server:
    endpoint: str

    @cached_property
    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def empty(self):
        """Delete every object of both buckets."""
        for bucket in (VAULT_BUCKET, MEDIA_BUCKET):
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                if keys := [{"Key": entry["Key"]} for entry in page.get("Contents", ())]:
                    self.client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})

    @cached_property
    def settings(self):
        """Settings' STORAGES with vault, media and default on this server."""
        options = {"endpoint_url": self.endpoint, "region_name": "us-east-1", "addressing_style": "path"}
        vault = {**options, "bucket_name": VAULT_BUCKET}
        return {
            "vault": {"BACKEND": "pixlpix.storages.S3Vault", "OPTIONS": vault},
            "media": {"BACKEND": "pixlpix.storages.S3Media", "OPTIONS": {**options, "bucket_name": MEDIA_BUCKET}},
            "default": {"BACKEND": "pixlpix.storages.S3Scratch", "OPTIONS": {**vault, "location": "scratch"}},
        }

    @cached_property
    def storages(self):
        """The storages of these settings, made once: a client of boto3 takes longer to make than most tests to run."""
        handler = StorageHandler(self.settings)
        return {alias: handler[alias] for alias in self.settings}


def free_ports(count):
    """Ports that are free here, each with its neighbour 10,000 higher, where the server listens as well."""
    ports = []
    while len(ports) < count:
        port = SystemRandom().randint(20_000, 50_000)  # each worker of the tests draws from the same seed otherwise
        if port not in ports and is_free(port) and is_free(port + 10_000):
            ports.append(port)
    return ports


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start(folder):
    """Start the server with its data in `folder`; returns (process, Server). Raises RuntimeError when it fails."""
    program = shutil.which("weed") or str(Path(sys.executable).parent / "weed")
    (folder / "identities.json").write_text(json.dumps(IDENTITIES))
    master, volume, filer, s3 = free_ports(4)
    command = [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"]
    command += [f"-master.port={master}", f"-volume.port={volume}", "-filer", f"-filer.port={filer}"]
    command += [
        "-volume.max=60",
        "-master.volumeSizeLimitMB=64",
        "-s3",
        f"-s3.port={s3}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]
    command += [f"-s3.config={folder / 'identities.json'}", f"-filer.localSocket={folder / 'filer.sock'}"]
    log = (folder / "server.log").open("wb")
    try:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    except OSError as error:
        raise RuntimeError(str(error)) from error
    server = Server(f"http://127.0.0.1:{s3}")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            for bucket in (VAULT_BUCKET, MEDIA_BUCKET):
                server.client.create_bucket(Bucket=bucket)
            server.client.put_object(Bucket=VAULT_BUCKET, Key="ready", Body=b"yes")
            server.empty()
            return process, server
        except (BotoCoreError, ClientError):
            time.sleep(0.3)
    process.kill()
    process.wait()
    raise RuntimeError((folder / "server.log").read_text(errors="replace")[-500:] or "it did not answer")


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    try:
        process, server = start(tmp_path_factory.mktemp("s3"))
    except RuntimeError as error:
        if NEEDED:
            pytest.fail(f"The S3 server of the tests did not start: {error}")
        pytest.skip(f"no S3 server here: {str(error).splitlines()[-1]}")
    yield server
    process.kill()  # it takes long to stop by itself, and its data goes anyway
    process.wait()


@pytest.fixture
def s3_storages(s3_server, settings, monkeypatch):
    """The site's storages on the S3 server, empty."""
    return use_server(s3_server, settings, monkeypatch)


def use_server(server, settings, monkeypatch):
    """Empty the server and have the site's storages there; returns the server."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    server.empty()
    settings.STORAGES = {**settings.STORAGES, **server.settings}
    # As the settings do where there are buckets: pictures come from there.
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["img-src"].append(server.endpoint)
    settings.CONTENT_SECURITY_POLICY = policy
    storages._storages.update(server.storages)
    point_fields(monkeypatch)
    return server


@pytest.fixture
def local_storages(tmp_path, settings, monkeypatch):
    """The site's storages in folders of this test alone, which they make themselves."""
    return use_folders(tmp_path / "storages", settings, monkeypatch)


def use_folders(folder, settings, monkeypatch):
    """Have the site's storages below `folder`, a new one; returns it."""
    folder.mkdir()
    folders = {"vault": "LocalVault", "media": "LocalMedia", "default": "LocalScratch"}
    backends = {
        alias: {"BACKEND": f"pixlpix.storages.{backend}", "OPTIONS": {"location": str(folder / alias)}}
        for alias, backend in folders.items()
    }
    backends["media"]["OPTIONS"]["base_url"] = "/media/"
    settings.STORAGES = {**settings.STORAGES, **backends}
    point_fields(monkeypatch)
    return folder


@pytest.fixture(params=["folders", pytest.param("s3", marks=pytest.mark.s3)])
def both_storages(request):
    """Run a test twice: with the site's storages in folders, and on the S3 server. Gives which of them it is."""
    request.getfixturevalue("local_storages" if request.param == "folders" else "s3_storages")
    return request.param


def point_fields(monkeypatch):
    """Give the file fields of all models the storages of now: each asked for its own once, when its model was made."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and hasattr(field, "_storage_callable"):
                monkeypatch.setattr(field, "storage", field._storage_callable())
