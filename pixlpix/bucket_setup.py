"""Making the two buckets, and what a bucket can be told: each step looks first, so that it may be run again."""

import json

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages

from .buckets import Finding, Outcome, media_findings, vault_findings
from .storages.s3 import status_of

# Files are public anyway: pages of others that read the API may draw them on a canvas.
CORS = {"CORSRules": [{"AllowedMethods": ["GET", "HEAD"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 3600}]}
# Exports go to the vault in parts; what a killed worker began would be paid for and never seen.
UNFINISHED = {
    "ID": "pixlpix-unfinished-uploads",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
}


def set_up(*, change=True):
    """Make what is missing (unless `change` is False) and look at it all; yields Findings, in order.

    Raises StorageUnavailable or BotoCoreError where the service does not answer.
    """
    vault, media = storages["vault"], storages["media"]
    if vault.bucket_name == media.bucket_name:
        yield Finding(
            Outcome.WRONG, "VAULT_BUCKET and MEDIA_BUCKET are the same: originals would lie among public files."
        )
        return
    there = []
    for storage in (vault, media):
        finding = bucket(storage, change)
        there.append(finding.outcome is not Outcome.WRONG)
        yield finding
    if not all(there):
        return
    for storage in (vault, media):
        yield from tidy(storage, change)
    yield from cross_origin(vault, None, change)
    yield from cross_origin(media, CORS, change)
    yield from vault_findings()
    yield from readable(media, change)


def bucket(storage, change):
    """The bucket itself, made where it is missing."""
    name = storage.bucket_name
    try:
        storage.client.head_bucket(Bucket=name)
        return Finding(Outcome.FINE, f"The bucket {name} is there.")
    except ClientError as error:
        if status_of(error) != 404:
            return Finding(Outcome.WRONG, f"The keys may not use the bucket {name}: {status_of(error)}.")
    if not change:
        return Finding(Outcome.WRONG, f"There is no bucket {name}.")
    try:
        storage.client.create_bucket(Bucket=name)
    except ClientError as error:
        return Finding(Outcome.WRONG, f"The bucket {name} could not be made: {reason(error)}.")
    return Finding(Outcome.MADE, f"The bucket {name}.")


def tidy(storage, change):
    """Uploads that broke off go by themselves; nothing else goes by itself, and nothing stays when it is deleted."""
    client, name = storage.client, storage.bucket_name
    versions = asked(client.get_bucket_versioning, Bucket=name).get("Status")
    if versions == "Enabled":
        words = "keeps old versions: what is taken down or erased would stay there. Suspend versioning and delete them."
        yield Finding(Outcome.WRONG, f"The bucket {name} {words}")
    rules = asked(client.get_bucket_lifecycle_configuration, Bucket=name).get("Rules", [])
    expiring = [rule.get("ID", "?") for rule in rules if rule.get("Status") == "Enabled" and rule.get("Expiration")]
    if expiring:
        words = f"deletes files by itself (rules {', '.join(expiring)}): originals are kept until they are erased."
        yield Finding(Outcome.WRONG, f"The bucket {name} {words}")
    if any(rule.get("AbortIncompleteMultipartUpload") for rule in rules):
        yield Finding(Outcome.FINE, f"Uploads to {name} that broke off are cleared away.")
    elif change:
        yield told(
            client.put_bucket_lifecycle_configuration,
            f"{name}: uploads that broke off are cleared away after two days.",
            Bucket=name,
            LifecycleConfiguration={"Rules": [*rules, UNFINISHED]},
        )


def cross_origin(storage, wanted, change):
    """What scripts of other sites may do: read media, and nothing of the vault."""
    client, name = storage.client, storage.bucket_name
    rules = asked(client.get_bucket_cors, Bucket=name).get("CORSRules", [])
    if wanted is None and rules:
        if change:
            yield told(client.delete_bucket_cors, f"{name}: no rules for other sites' scripts.", Bucket=name)
        else:
            yield Finding(Outcome.NOTE, f"{name} has rules for other sites' scripts, and needs none.")
    elif wanted and not any("GET" in rule["AllowedMethods"] and "*" in rule["AllowedOrigins"] for rule in rules):
        if change:
            yield told(
                client.put_bucket_cors, f"{name}: other sites may read it.", Bucket=name, CORSConfiguration=wanted
            )
        else:
            yield Finding(Outcome.NOTE, f"{name} lets no other site's script read its files.")


def readable(media, change):
    """Media as strangers see it. Where no upload says that it is public, the bucket is told to say so, once."""
    findings = list(media_findings())
    if change and not media.default_acl and findings[0].outcome is Outcome.WRONG:
        name = media.bucket_name
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{name}/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        yield told(media.client.put_bucket_policy, f"{name}: anybody may read its files.", Bucket=name, Policy=policy)
        findings = list(media_findings())
    yield from findings


def asked(question, **arguments):
    """The answer to a question about a bucket; empty where nothing was set, or where the service or key cannot say."""
    try:
        return question(**arguments)
    except ClientError:
        return {}


def told(step, words, **arguments):
    """Do one step: MADE, or a NOTE where the key may not do it or the service does not know it."""
    try:
        step(**arguments)
    except (ClientError, BotoCoreError) as error:
        return Finding(Outcome.NOTE, f"Not done, by hand where the service knows it: {words} ({reason(error)})")
    return Finding(Outcome.MADE, words)


def reason(error):
    """What the service said, in a word or two."""
    said = getattr(error, "response", {}).get("Error", {})
    return " ".join(filter(None, (said.get("Code"), said.get("Message")))) or type(error).__name__
