"""The two buckets as they must be, and whether they are: the vault closed to strangers, media open to them by name.

What is asked here is asked as anybody could ask it, without keys: settings of a bucket say what was meant, an answer says
what is so.
"""

import contextlib
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from enum import Enum
from functools import cache

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from gallery.files import StorageUnavailable

from .storages.rules import CACHE_CONTROL
from .storages.s3 import Bucket, status_of

SECONDS = 10  # for which one question waits
BODY = b"A probe of who may read here. It may be deleted."


class Outcome(Enum):
    FINE, MADE, NOTE, WRONG = "ok", "made", "note", "WRONG"


@dataclass(frozen=True)
class Finding:
    """One line for the operator; WRONG is what the site must not run with."""

    outcome: Outcome
    text: str


def in_buckets():
    """Whether the site's files are in buckets at all, and not in folders of this machine."""
    return isinstance(storages["vault"], Bucket)


def a_stranger(storage):
    """A client of the same service as `storage` that has no keys."""
    return _without_keys(storage.endpoint_url, storage.region_name or "us-east-1", storage.addressing_style)


@cache
def _without_keys(endpoint, region, style):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        config=Config(
            signature_version=UNSIGNED,
            s3={"addressing_style": style},
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            retries={"total_max_attempts": 1},
        ),
    )


@contextlib.contextmanager
def a_probe(storage, folder):
    """The name of a file that is there for as long as this lasts. Raises StorageUnavailable where it cannot be written."""
    name = f"{folder}/{secrets.token_hex(16)}/probe.txt"
    storage.save(name, ContentFile(BODY))
    try:
        yield name
    finally:
        storage._remove(name)


def status_for_strangers(question, **arguments):
    """The HTTP status that an unsigned request gets. Raises StorageUnavailable where there is no answer."""
    try:
        return question(**arguments)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        return status_of(error)
    except BotoCoreError as error:
        raise StorageUnavailable(str(error)) from error


# --- The vault --------------------------------------------------------------------------------------------------------


def vault_findings():
    """What strangers can do with the vault: nothing is fine. Raises StorageUnavailable where it does not answer."""
    vault = storages["vault"]
    stranger = a_stranger(vault)
    with a_probe(vault, "derived/probes") as name:
        reads = status_for_strangers(stranger.get_object, Bucket=vault.bucket_name, Key=vault._normalize_name(name))
    lists = status_for_strangers(stranger.list_objects_v2, Bucket=vault.bucket_name, MaxKeys=1)
    yield closed(reads, f"reads files of the vault ({vault.bucket_name})")
    yield closed(lists, f"lists the vault ({vault.bucket_name})")


def closed(status, what):
    """WRONG unless an unsigned request was refused."""
    if status in (401, 403, 404):
        return Finding(Outcome.FINE, f"Nobody without keys {what}: {status}.")
    advice = "Take every public right from this bucket (ACL, policy, identities) before the site starts."
    return Finding(Outcome.WRONG, f"Anybody {what}: an unsigned request was answered {status}. {advice}")


def open_vault():
    """What is wrong with the vault where strangers can read or list it, in one line; empty where they cannot.

    Raises StorageUnavailable where the vault does not answer: then nobody reads it either.
    """
    wrong = [finding.text for finding in vault_findings() if finding.outcome is Outcome.WRONG]
    return " ".join(wrong)


# --- Media ------------------------------------------------------------------------------------------------------------


def media_findings():
    """Whether strangers read a public file by its name, with the right headers, and cannot list others."""
    media = storages["media"]
    with a_probe(media, secrets.token_hex(16)) as name:
        yield from as_a_browser_gets_it(media.url(name))
    lists = status_for_strangers(a_stranger(media).list_objects_v2, Bucket=media.bucket_name, MaxKeys=1)
    yield closed(lists, f"lists the media bucket ({media.bucket_name})")


def as_a_browser_gets_it(address):
    """One finding for the file at `address`, one for each header that is not as it must be."""
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 (an address of our own making)
            body, headers = answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        advice = "Set MEDIA_ACL=public-read on Spaces; elsewhere let the bucket say that its files are public."
        yield Finding(Outcome.WRONG, f"A public file was answered {error.code} at {address}. {advice}")
        return
    except OSError as error:
        yield Finding(Outcome.WRONG, f"{address} did not answer: {error}. Does MEDIA_HOST lead to the bucket?")
        return
    if body != BODY:
        yield Finding(Outcome.WRONG, f"{address} answered something else than the file: MEDIA_HOST leads elsewhere.")
        return
    yield Finding(Outcome.FINE, f"A public file can be read at {address.rpartition('//')[2].partition('/')[0]}.")
    if headers.get("Cache-Control") != CACHE_CONTROL:
        said = headers.get("Cache-Control")
        yield Finding(Outcome.WRONG, f"Its Cache-Control is {said!r} and not {CACHE_CONTROL!r}: a CDN writes its own?")
    if headers.get("Set-Cookie"):
        yield Finding(Outcome.WRONG, "The media host sets a cookie: nothing of PixlPix may follow visitors.")
