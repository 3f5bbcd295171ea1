"""What is withdrawn leaves the media host, then the CDN: one row a folder, written in the transaction that hides.

The files go before the answer returns; the CDN forgets them afterwards, as a task, because its API is slow and counts its
callers. Nothing here delays or fails the act that hides: what goes wrong stays in the rows, and the sweeper comes again.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, transaction
from django.utils import timezone

from . import cdn
from .files import media
from .models import Purge

logger = logging.getLogger(__name__)

# The waits after failures: 30 s, a minute, two ... up to an hour. After as many tries each further one is an error.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
MANY_ATTEMPTS = 8

# --- The files --------------------------------------------------------------------------------------------------------


def write_down_folders(paths):
    """Inside the transaction that hides: these folders ("<prefix>/", "<prefix>/<folder>/") are to go. One query, or none."""
    if paths:
        now = timezone.now()
        Purge.objects.bulk_create([Purge(path=path, retry_at=now) for path in paths], ignore_conflicts=True)


def withdraw_folders(paths):
    """As `write_down_folders`; their files are deleted once the transaction has committed, before the answer returns."""
    write_down_folders(paths)
    for path in paths:
        transaction.on_commit(partial(finish_folder, path))


def finish_folder(path):
    """Delete the files of one folder that was written down; True when that went well, or was done before.

    Under the row's lock: whoever is still filling the folder (see photo_publication.py) either was first, and the row is
    gone, or finds it done and gives up. Never raises: the sweeper comes again.
    """
    try:
        with transaction.atomic():
            if Purge.objects.select_for_update().filter(path=path, files_gone_at=None).exists():
                media().delete_prefix(path)
                files_are_gone(path)
    except Exception:
        logger.exception("Files below %s could not be deleted: the sweeper tries again.", path)
        return False
    return True


def drop_folder(path):
    """Delete the files of a folder that was being filled and is given up, what came after a sweep included."""
    with suppress(DatabaseError):
        Purge.objects.filter(path=path).update(files_gone_at=None)
    finish_folder(path)


def purge_again(paths):
    """Delete the files of these folders once more and have the CDN forget them again: something still hands them out."""
    for path in paths:
        again = {"files_gone_at": None, "purged_at": None, "retry_at": timezone.now()}
        Purge.objects.update_or_create(path=path, defaults=again)
        finish_folder(path)


def files_are_gone(path):
    """Note that a folder is empty and have the CDN forget it, where it is one that visitors knew. Two queries, or one."""
    from .tasks import purge_cdn

    if Purge.objects.filter(path=path, files_gone_at=None).update(files_gone_at=timezone.now()):
        purge_cdn.enqueue()


# --- The CDN ----------------------------------------------------------------------------------------------------------


def purge_due():
    """Ask the CDN to forget what is due, as much at once as its limits allow; returns how many folders it forgot.

    The limits hold for all processes together: each batch is taken under its rows' lock, oldest first, and counts by the
    moment that stands in them. Where more is due, the rest is queued for when the limits allow it.
    """
    if not cdn.is_configured():
        cdn.purge([])
        now = timezone.now()
        return Purge.objects.waiting().update(purged_at=now, asked_at=now)
    batch = take_batch()
    if not batch:
        return 0  # nothing is due, or somebody else has just asked
    keys = [purge.pk for purge in batch]
    try:
        cdn.purge([purge.path for purge in batch])
    except cdn.PurgeFailed as failure:
        put_off(batch, failure)
        return 0
    Purge.objects.filter(pk__in=keys).update(purged_at=timezone.now())
    queue_the_rest()
    return len(batch)


def take_batch():
    """The oldest due rows that the limits let through now, marked as asked for; none while they let nothing through.

    The mark is committed before the CDN is asked: who is killed in between has used up his share and asks again later.
    """
    with transaction.atomic():
        # Two workers want the same oldest rows: the second waits here, and then counts what the first has taken.
        due = list(Purge.objects.due().order_by("pk").select_for_update()[: cdn.MOST_FILES])
        now = timezone.now()
        batch = due[: room(now)]
        for purge in batch:
            purge.asked_at = now
            purge.attempts += 1
            purge.retry_at = now + wait_after(purge.attempts)
        if batch:
            Purge.objects.bulk_update(batch, ["asked_at", "attempts", "retry_at"])
        return batch


def room(now):
    """How many folders the CDN may be asked about at this moment."""
    asked = Purge.objects.filter(asked_at__gt=now - timedelta(seconds=cdn.FILES_SECONDS)).values_list(
        "asked_at", flat=True
    )
    moments = list(asked)
    lately = {moment for moment in moments if moment > now - timedelta(seconds=cdn.REQUESTS_SECONDS)}
    return 0 if len(lately) >= cdn.MOST_REQUESTS else max(0, cdn.MOST_FILES - len(moments))


def wait_after(attempts):
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)


def put_off(batch, failure):
    """Log that the CDN did not forget `batch`; the rows are tried again after the wait that stands in them, or its own."""
    if failure.wait is not None:
        later = timezone.now() + min(timedelta(seconds=failure.wait), LONGEST_WAIT)
        Purge.objects.filter(pk__in=[purge.pk for purge in batch], retry_at__lt=later).update(retry_at=later)
    logger.warning("The CDN did not forget %s folders: %s.", len(batch), failure)
    for purge in batch:
        if purge.attempts >= MANY_ATTEMPTS:
            logger.error(
                "The CDN was asked %s times to forget %s, withdrawn %s: purge it by hand, and look at its settings.",
                purge.attempts,
                purge.path,
                purge.created_at,
            )


def queue_the_rest():
    """Queue what is due still for when the limits allow it. Only who has just asked does: so there is one such task."""
    from .tasks import purge_cdn

    if purge_cdn.get_backend().supports_defer and Purge.objects.due().exists():
        purge_cdn.using(run_after=timezone.now() + timedelta(seconds=cdn.FILES_SECONDS)).enqueue()
