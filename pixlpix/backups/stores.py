"""Putting the vault back, and taking off the media host what nobody may see any more."""

import tempfile

from botocore.exceptions import ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

from community import reconcile as of_people
from gallery.files import media, vault
from gallery.models import Erasure, Original, Publication, Rendition
from gallery.models.originals import name_in_vault
from gallery.publication import finish_closing
from gallery.purging import finish_folder, purge_again
from gallery.reconcile import apply, hidden_but_published
from gallery.sweep import full_folders, unfinished_publications

from .errors import BackupError
from .progress import watched
from .sealing import open_into, plain_bytes

LEDGER = "ledger/"


def make_missing_buckets():
    """A bucket that was destroyed is made again, empty and private; folders make themselves."""
    for alias in ("vault", "media"):
        storage = storages[alias]
        if not hasattr(storage, "bucket_name"):
            continue
        try:
            storage.client.head_bucket(Bucket=storage.bucket_name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise BackupError(f"The bucket {storage.bucket_name} does not answer: {error}") from error
            storage.client.create_bucket(Bucket=storage.bucket_name)


# --- The vault --------------------------------------------------------------------------------------------------------


def names_in_ledger():
    """The names of all entries in the vault, without their folder."""
    return {name.removeprefix(LEDGER) for name, _size, _modified in vault().list_names(LEDGER)}


def put_ledger_back(place, identities):
    """Have the vault hold every entry that the backups have; returns how many it did not."""
    missing = sorted({path.name for path in place.ledger.iterdir()} - names_in_ledger())
    for name in watched(missing, "Ledger"):
        vault().save(f"{LEDGER}{name}", ContentFile(plain_bytes(place.ledger / name, identities)))
    return len(missing)


def put_originals_back(place, made, identities):
    """Have the vault hold every original that the restored rows name; returns how many it did not.

    Not what was erased: no row names it any more, or its hash is among the erased. Raises BackupError for a file that is
    not what its name says, and for one that is in neither place though the snapshot has it.
    """
    erased = {
        *place.read_erased(),
        *Erasure.objects.filter(kind=Erasure.Kind.ORIGINAL).values_list("sha256", flat=True),
    }
    wanted = set(Original.objects.values_list("sha256", flat=True))
    here = {name.rpartition("/")[2] for name, _size, _modified in vault().list_names("originals/")}
    # One that is in the snapshot by name alone was erased or lost before: reconcile_media names it.
    missing = sorted((wanted - here - erased) & made.originals.keys())
    for sha256 in watched(missing, "Originals"):
        put_back(place.original(sha256), sha256, identities)
    return len(missing)


def put_back(path, sha256, identities):
    with tempfile.TemporaryFile() as file:
        _size, found = open_into(path, file, identities)
        if found != sha256:
            raise BackupError(f"{path} is damaged: its content has the SHA-256 {found}.")
        file.seek(0)
        vault().save(name_in_vault(sha256), File(file))


# --- The media host ---------------------------------------------------------------------------------------------------


def clear_public_files():
    """Delete every public file that the restored rows do not know, or that nobody may see, and have the CDN forget it.

    Returns how many folders went. What rows know and may be seen stays where it is; what is missing is made later, by a
    task. Raises BackupError where files could not be deleted: the site must not answer before they are.
    """
    for finding in [*hidden_but_published(), *of_people.avatars(at_once=True)]:
        if finding.kind in ("publication_of_hidden_post", "publication_of_hidden_avatar"):
            apply(finding)
    # Left by a run that was killed: what the replay hid, and whose files were still to go.
    for publication in list(unfinished_publications(at_once=True)):
        finish_closing(publication)
    for folder in list(full_folders(at_once=True).values_list("path", flat=True)):
        finish_folder(folder)
    strangers = sorted({folder for name, *_ in media().list_names() if (folder := folder_of(name))} - known_folders())
    for folder in watched(strangers, "Public folders to delete"):
        # Its row is committed before its files go: killed in between, the CDN still comes to hear of it.
        purge_again([folder])
    left = Publication.objects.filter(state=Publication.State.CLOSING).exists() or full_folders(at_once=True).exists()
    if left:
        raise BackupError(
            "Public files could not be deleted, so the site stays closed. See the log, then run this again."
        )
    return len(strangers)


def folder_of(name):
    """The folder of a public file, "<publication>/<photo>/"; empty for what is not named so, which is not ours to delete."""
    return f"{name.rpartition('/')[0]}/" if name.count("/") >= 1 and len(name.partition("/")[0]) >= 20 else ""


def known_folders():
    named = Rendition.objects.exclude(public_name="").values_list("public_name", flat=True)
    return {folder_of(name) for name in named.iterator()}
