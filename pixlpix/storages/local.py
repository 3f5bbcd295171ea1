"""The storages as folders of this machine: for development, for tests, and for a site on one machine."""

import contextlib
import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from gallery.files import StorageUnavailable

from .rules import MediaRules, VaultRules, checked, checked_prefix, checked_source, is_written_once

# Files are written here, in the same file system, and moved to their name when they are complete.
UNFINISHED = ".unfinished"
UNFINISHED_SECONDS = 3600


class Folder(FileSystemStorage):
    """Files in a folder, each complete or not there at all: a crash half-way leaves nothing under its name."""

    file_permissions_mode = 0o600
    directory_permissions_mode = 0o700

    def __init__(self, location=None, **options):
        # Wagtail's task for deleting files carries the location as JSON; a Path would fail there, after the commit.
        if not isinstance(location, str):
            raise ImproperlyConfigured(f"The location of {type(self).__name__} must be a string.")
        super().__init__(location=location, **options)

    def path(self, name):
        return super().path(checked(name) if name else name)

    def _save(self, name, content):
        self._write(name, lambda file: shutil.copyfileobj(content, file, 1024 * 1024), start=content)
        return name

    def _write(self, name, fill, start=None):
        """Let `fill(file)` write the bytes of `name`; what is written once, and is there, stays as it is."""
        target = self.path(name)
        once = is_written_once(name)
        if once and os.path.exists(target):
            return
        if start is not None and start.seekable():
            start.seek(0)
        self._make_folder(os.path.join(self.location, UNFINISHED))
        handle, unfinished = tempfile.mkstemp(dir=os.path.join(self.location, UNFINISHED))
        try:
            with os.fdopen(handle, "wb") as file:
                fill(file)
                file.flush()
                if once:
                    os.fsync(file.fileno())
            os.chmod(unfinished, self.file_permissions_mode)
            self._make_folder(os.path.dirname(target))
            if once:
                # A link fails where the name is taken: of two writers at once the first wins, as with S3's conditions.
                with contextlib.suppress(FileExistsError):
                    os.link(unfinished, target)
            else:
                os.replace(unfinished, target)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(unfinished)

    def _make_folder(self, folder):
        os.makedirs(self.location, mode=self.directory_permissions_mode, exist_ok=True)
        os.makedirs(folder, mode=self.directory_permissions_mode, exist_ok=True)

    def _remove(self, name):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(checked(name)))

    def _remove_below(self, prefix):
        removed = 0
        for name, _size, _modified in self.list_names(prefix):
            self._remove(name)
            removed += 1
        # A folder that a writer has just filled again stays, with what it was given.
        for folder, _folders, _files in os.walk(self.path(prefix.removesuffix("/")), topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        return removed

    def list_names(self, prefix=""):
        """Yield (name, size in bytes, modified: aware datetime) of each file whose name begins with `prefix`."""
        checked_prefix(prefix)
        root = Path(self.location)
        # In order, as a bucket lists them, so that a listing can be read beside rows in the same order.
        for folder, folders, files in os.walk(root / prefix.rpartition("/")[0]):
            if UNFINISHED in folders:
                folders.remove(UNFINISHED)
            folders.sort()
            for file in sorted(files):
                path = Path(folder, file)
                name = path.relative_to(root).as_posix()
                if name.startswith(prefix):
                    with contextlib.suppress(FileNotFoundError):  # deleted while we list
                        status = path.stat()
                        yield name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC)

    def remove_unfinished(self):
        """Delete what killed writers left half-written more than an hour ago; returns how many files."""
        removed = 0
        for path in Path(self.location, UNFINISHED).glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - UNFINISHED_SECONDS:
                    path.unlink()
                    removed += 1
        return removed


class LocalVault(VaultRules, Folder):
    """Originals, the ledger and derived files in a folder that only the site's own user can read."""

    def save_in_parts(self, name, content):
        """Save a file of any size under `name`, below `derived/`."""
        self.save(checked_source(name), content)

    def write_now(self, name, data, *, timeout=2.0):
        """Write `data` (bytes) under `name`. Raises StorageUnavailable when it cannot; a folder answers at once."""
        try:
            self.save(name, ContentFile(data))
        except OSError as error:
            raise StorageUnavailable(str(error)) from error


class LocalMedia(MediaRules, Folder):
    """What visitors may see, in a folder that the web server hands out."""

    file_permissions_mode = 0o644
    directory_permissions_mode = 0o755

    def delete(self, name):
        """Delete one file; nothing happens when there is none."""
        self._remove(name)

    def copy_from_vault(self, source_name, name, *, content_type):
        """Copy the vault's derived file `source_name` to `name`. The type goes by the name's extension here.

        Raises FileNotFoundError when there is no such source, SuspiciousFileOperation when it is no derived file.
        """
        with storages["vault"].open(checked_source(source_name)) as source:
            self._write(checked(name), lambda file: shutil.copyfileobj(source, file))


class LocalScratch(Folder):
    """Where Wagtail puts things by itself. Private: nothing here has an address."""

    def url(self, name):
        return ""
