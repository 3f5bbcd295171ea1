"""What speaks against a restore, before anything is touched: a snapshot that cannot be trusted, newer code, newer data."""

from django.contrib.auth import get_user_model
from django.db import Error, connection
from django.utils.dateparse import parse_datetime

from community.models import Comment
from gallery.models import PostPage

from . import databases, stores
from .errors import BackupError
from .restoring import why_nothing_to_keep
from .verifying import Verification


def check_snapshot(place, folder, identities):
    """The Manifest of a snapshot that can be restored here. Raises BackupError, with every reason why not."""
    verification = Verification(place, identities)
    made = verification.snapshot(folder)
    # What was erased by order since is still there until the next backup: no reason to refuse.
    problems = [problem for problem in verification.problems if not problem.startswith("Erased by order")]
    if made is None or problems:
        raise BackupError(f"Snapshot {folder.name} is not as it was written: " + " ".join(problems[:20]))
    if made.engine != connection.vendor:
        raise BackupError(f"Snapshot {made.name} is of {made.engine}, and the site runs on {connection.vendor}.")
    newer = sorted(set(made.migrations) - set(databases.migrations_of_code()))
    if newer:
        raise BackupError(
            f"Snapshot {made.name} was made by newer code ({made.version} {made.commit[:12]}): this one does not know "
            f"{', '.join(newer[:5])}. Deploy that version, then restore."
        )
    if made.encrypted_to and not identities:
        raise BackupError(f"Snapshot {made.name} is encrypted. Give the file of the private key with --identity.")
    return made


def newer_data(made):
    """What the live site has that the snapshot has not, in words; empty where there is nothing."""
    if why_nothing_to_keep():
        return ""
    since = parse_datetime(made.made_at)
    try:
        counts = {
            "posts": PostPage.objects.filter(created_at__gt=since).count(),
            "comments": Comment.objects.filter(created_at__gt=since).count(),
            "members": get_user_model().objects.filter(date_joined__gt=since).count(),
        }
    except Error as error:
        return f"what cannot be counted ({str(error).strip()})"
    stamp = since.strftime("%Y%m%dT%H%M%S.%fZ")
    try:
        counts["entries of the ledger"] = sum(name > stamp for name in stores.names_in_ledger())
    except OSError:
        counts["entries of the ledger"] = 0  # the vault is gone, and is made anew
    return ", ".join(f"{number} {words}" for words, number in counts.items() if number)
