"""The storages as buckets of an S3-compatible service: DigitalOcean Spaces in production, SeaweedFS in tests.

Keys are never among a storage's options, which Wagtail's task for deleting files writes into the queue in clear text:
boto3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the environment.
"""

import base64
import contextlib
import functools
import hashlib
import threading

from boto3.exceptions import Boto3Error
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage

from gallery.files import StorageUnavailable

from .rules import CACHE_CONTROL, MediaRules, VaultRules, checked, checked_prefix, checked_source, is_written_once

CONTENT_TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
# Spaces and other services know no newer checksums than Content-MD5; signing covers the content anyway.
COMPATIBLE = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
DELETED_AT_ONCE = 1000  # the most names that one DeleteObjects call takes


@contextlib.contextmanager
def answers(name):
    """Turn the library's errors into Python's: FileNotFoundError for `name`, StorageUnavailable for all others."""
    try:
        yield
    except ClientError as error:
        if status_of(error) == 404:
            raise FileNotFoundError(f"There is no {name}") from error
        raise StorageUnavailable(f"{name}: {error}") from error
    except BotoCoreError as error:
        raise StorageUnavailable(f"{name}: {error}") from error


def status_of(error):
    """The HTTP status of a ClientError."""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")


def add_content_md5(request, **_):
    """Bulk deletes need this header on services that do not know the checksums that replaced it."""
    body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    request.headers["Content-MD5"] = base64.b64encode(digest).decode()


def inner_file(content):
    """What Django's File objects wrap. One without a name counts as false, and botocore then sends nothing at all."""
    while isinstance(content, File):
        content = content.file
    return content


@functools.cache
def clients_of(*service_and_keys):
    """Where threads keep their clients of one service with one pair of keys.

    Wagtail's task makes a storage anew for each file that it deletes, and a client costs more than ten deletions.
    """
    return threading.local()


class Bucket(S3Storage):
    """Files in a private bucket."""

    def get_default_settings(self):
        # querystring_auth signs addresses, which would make links to private files; 2.5 MB of a file stay in memory.
        return super().get_default_settings() | {"querystring_auth": False, "max_memory_size": 2_621_440}

    def __init__(self, **options):
        super().__init__(**options)
        self.client_config = self.client_config.merge(
            Config(
                connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3}, **COMPATIBLE
            )
        )
        self._connections = clients_of(
            self.endpoint_url, self.region_name, self.addressing_style, self.access_key, self.secret_key
        )

    @property
    def client(self):
        """The boto3 client of this thread."""
        connection = self.connection
        if not getattr(self._connections, "prepared", False):
            connection.meta.client.meta.events.register("before-sign.s3.DeleteObjects", add_content_md5)
            self._connections.prepared = True
        return connection.meta.client

    def _open(self, name, mode="rb"):
        with answers(name):
            file = super()._open(name, mode)
            file.open()  # fetched here, where errors have names, not at the first read
        return file

    def exists(self, name):
        with answers(name):
            return super().exists(name)

    def _save(self, name, content):
        # One PUT, never in parts: it happens as a whole or not at all, and a condition covers it.
        self._put(self.client, name, content, None)
        return name

    def _put(self, client, name, content, size):
        parameters = self._get_write_parameters(name, content)
        if is_written_once(name):
            if size is None and self.exists(name):
                return
            parameters["IfNoneMatch"] = "*"
        if hasattr(content, "seek"):
            content.seek(0)
        with answers(name):
            try:
                client.put_object(
                    Bucket=self.bucket_name, Key=self._normalize_name(name), Body=inner_file(content), **parameters
                )
            except ClientError as error:
                if status_of(error) != 412:  # 412: it is there already, written by somebody else meanwhile
                    raise

    def _get_write_parameters(self, name, content=None):
        parameters = super()._get_write_parameters(name, content)
        # By extension, from our own table: a name is ours, the type that a browser declared is not.
        parameters["ContentType"] = CONTENT_TYPES.get(name.rpartition(".")[2].lower(), self.default_content_type)
        return parameters

    def _remove(self, name):
        with answers(name), contextlib.suppress(FileNotFoundError):
            self.client.delete_object(Bucket=self.bucket_name, Key=self._normalize_name(checked(name)))

    def _remove_below(self, prefix):
        removed, batch = 0, []
        for name, _size, _modified in self.list_names(prefix):
            batch.append({"Key": self._normalize_name(name)})
            if len(batch) == DELETED_AT_ONCE:
                removed += self._remove_batch(batch)
                batch = []
        return removed + (self._remove_batch(batch) if batch else 0)

    def _remove_batch(self, batch):
        with answers("a bulk delete"):
            answer = self.client.delete_objects(Bucket=self.bucket_name, Delete={"Objects": batch, "Quiet": True})
        if answer.get("Errors"):
            first = answer["Errors"][0]
            raise StorageUnavailable(f"{first.get('Key')} was not deleted: {first.get('Code')} {first.get('Message')}")
        return len(batch)

    def list_names(self, prefix=""):
        """Yield (name, size in bytes, modified: aware datetime) of each file whose name begins with `prefix`."""
        checked_prefix(prefix)
        root = f"{self.location}/" if self.location else ""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=root + prefix)
        with answers(prefix or "the bucket"):
            for page in pages:
                for entry in page.get("Contents", ()):
                    if not entry["Key"].endswith("/"):
                        yield entry["Key"].removeprefix(root), entry["Size"], entry["LastModified"]

    def remove_unfinished(self):
        """Nothing to do: a PUT that breaks off leaves nothing. Returns 0."""
        return 0


class S3Vault(VaultRules, Bucket):
    """Originals, the ledger and derived files in a private bucket."""

    def save_in_parts(self, name, content):
        """Save a file of any size under `name`, below `derived/`: one PUT takes 5 GB at the most."""
        key = self._normalize_name(checked_source(name))
        with answers(name):
            try:
                self.client.upload_fileobj(
                    inner_file(content), self.bucket_name, key, ExtraArgs={"ContentType": self.default_content_type}
                )
            except Boto3Error as error:
                raise StorageUnavailable(f"{name}: {error}") from error

    def write_now(self, name, data, *, timeout=2.0):
        """Write `data` (bytes) under `name` within `timeout` seconds, once, without trying again.

        Raises StorageUnavailable when the service does not take it in that time. The client's own limits do not cover
        looking its name up, so a thread does the work and is left behind when it is late; what it still writes then is
        the same bytes under the same name.
        """
        name = checked(name)
        client = self._quick_client(timeout)
        outcome = []

        def write():
            try:
                self._put(client, name, data, len(data))
                outcome.append(None)
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=write, daemon=True, name="vault-write-now")
        thread.start()
        thread.join(timeout)
        if not outcome:
            raise StorageUnavailable(f"{name}: no answer in {timeout} s")
        if outcome[0] is not None:
            raise StorageUnavailable(str(outcome[0])) from outcome[0]

    def _quick_client(self, timeout):
        clients = self._connections.__dict__.setdefault("quick", {})
        if timeout not in clients:
            limits = Config(
                connect_timeout=timeout / 2, read_timeout=timeout, retries={"mode": "standard", "total_max_attempts": 1}
            )
            clients[timeout] = self._create_session().client(
                "s3",
                region_name=self.region_name,
                endpoint_url=self.endpoint_url,
                config=self.client_config.merge(limits),
            )
        return clients[timeout]


class S3Media(MediaRules, Bucket):
    """What visitors may see, in a bucket that anyone can read a file of by its name, behind a CDN."""

    def get_object_parameters(self, name):
        return super().get_object_parameters(name) | {"CacheControl": CACHE_CONTROL}

    def delete(self, name):
        """Delete one file; nothing happens when there is none."""
        self._remove(name)

    def copy_from_vault(self, source_name, name, *, content_type):
        """Copy the vault's derived file `source_name` to `name`, inside the service, as `content_type`.

        Raises FileNotFoundError when there is no such source, SuspiciousFileOperation when it is no derived file.
        """
        vault = storages["vault"]
        parameters = self._get_write_parameters(name) | {"ContentType": content_type}
        source = {"Bucket": vault.bucket_name, "Key": vault._normalize_name(checked_source(source_name))}
        key = self._normalize_name(checked(name))
        with answers(source_name):
            self.client.copy_object(
                Bucket=self.bucket_name, Key=key, CopySource=source, MetadataDirective="REPLACE", **parameters
            )

    def url(self, name):
        """The plain address of a file: on the media host where there is one, else on the service itself."""
        # The library builds a client's request for each address, too slow for a page of pictures: once is enough.
        if "_base_url" not in self.__dict__:
            self._base_url = super().url("name").removesuffix("name")
        return self._base_url + checked(name)


class S3Scratch(Bucket):
    """Where Wagtail puts things by itself. Private: nothing here has an address."""

    def get_default_settings(self):
        return super().get_default_settings() | {"file_overwrite": False}

    def delete(self, name):
        """Delete one file; nothing happens when there is none."""
        self._remove(name)

    def url(self, name):
        return ""
