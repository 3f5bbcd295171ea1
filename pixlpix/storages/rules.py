"""What the vault and the media storage promise, wherever their bytes lie.

- The vault is private. `originals/` (named by the hash of their content) and `ledger/` are written once and never
  overwritten; `delete()` removes what is under `derived/` and nothing else, because Wagtail deletes the file of every
  image row that goes, and two rows may share one original.
- The media storage holds what a visitor may see this minute, below random prefixes; a prefix is deleted as a whole.
"""

import logging
import re

from django.core.exceptions import SuspiciousFileOperation
from django.urls import NoReverseMatch, reverse

logger = logging.getLogger(__name__)

ORIGINALS = "originals/"
LEDGER = "ledger/"
DERIVED = "derived/"

# A year in browsers (a new publication has new names), an hour in the CDN (whose purge a takedown asks for as well).
CACHE_CONTROL = "public, max-age=31536000, s-maxage=3600, immutable"

# The first folder of a media prefix is random; a short or empty one would be a mistake that deletes others' files.
RANDOM_PREFIX = re.compile(r"[0-9A-Za-z_-]{20,}/([0-9A-Za-z_-]+/)*")


def checked(name):
    """`name` as it is, if each of its parts is a plain name; raises SuspiciousFileOperation otherwise.

    Nothing is normalised: `derived/../originals/x` must not pass for a name below `derived/`.
    """
    name = str(name)
    if "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in name.split("/")):
        raise SuspiciousFileOperation(f"Not a name in this storage: {name!r}")
    return name


def checked_prefix(prefix):
    """`prefix` as it is, if it is empty or the beginning of a name; raises SuspiciousFileOperation otherwise."""
    if prefix:
        checked(prefix.removesuffix("/"))
    return prefix


def is_written_once(name):
    """Whether the file of this name, once there, is never written again."""
    return name.startswith((ORIGINALS, LEDGER))


class FixedNames:
    """Names are given by the caller, checked, and never changed; files are only ever read or saved as a whole."""

    def get_available_name(self, name, max_length=None):
        if max_length and len(name) > max_length:
            raise SuspiciousFileOperation(f"Longer than the {max_length} characters that its column holds: {name!r}")
        return checked(name)

    def generate_filename(self, filename):
        return checked(filename)

    def open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError("Files of this storage are opened for reading, as bytes; write with save().")
        return super().open(checked(name), mode)

    def exists(self, name):
        return super().exists(checked(name))

    def size(self, name):
        return super().size(checked(name))

    def get_modified_time(self, name):
        return super().get_modified_time(checked(name))


class VaultRules(FixedNames):
    """The vault's promises, in terms of `_remove(name)` and `_remove_below(prefix)` of where its bytes lie."""

    def delete(self, name):
        """Delete a file under `derived/`; a logged no-op for anything else."""
        name = checked(name)
        if not name.startswith(DERIVED):
            logger.warning("Not deleted: %s is no derived file. Originals go only by remove_original().", name)
            return
        self._remove(name)

    def delete_prefix(self, prefix):
        """Delete all files below `prefix`, a folder under `derived/`; returns how many. Raises ValueError otherwise."""
        checked_prefix(prefix)
        if not (prefix.startswith(DERIVED) and prefix.endswith("/") and prefix != DERIVED):
            raise ValueError(f"Only folders below {DERIVED} can be deleted, not {prefix!r}")
        return self._remove_below(prefix)

    def remove_original(self, name, *, why):
        """Delete one original for good, the only way in which one goes; `why` stands in the log."""
        name = checked(name)
        if not name.startswith(ORIGINALS):
            raise ValueError(f"Not the name of an original: {name!r}")
        logger.warning("Removing original %s: %s", name, why)
        self._remove(name)

    def url(self, name):
        """The address of the view that checks who asks; empty where the site has no such view. Never raises."""
        try:
            return reverse("vault_file", args=[name])
        except NoReverseMatch:
            return ""


class MediaRules(FixedNames):
    """The media storage's promises."""

    def delete_prefix(self, prefix):
        """Delete all files below `prefix` ("<random part>/" and perhaps more folders); returns how many.

        Raises ValueError for an empty prefix, one that does not end in a slash, or one whose first folder is short.
        """
        if not RANDOM_PREFIX.fullmatch(prefix or ""):
            raise ValueError(f"Not the prefix of a publication: {prefix!r}")
        return self._remove_below(prefix)


def checked_source(name):
    """The name of a vault file that may be copied to the media storage: a derived one, never an original."""
    name = checked(name)
    if not name.startswith(DERIVED):
        raise SuspiciousFileOperation(f"Only derived files are ever public, not {name!r}")
    return name
