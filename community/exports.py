"""Exports: a member's ZIP is made by the worker, lies in the vault until it expires, and is handed to nobody else.

The row says how far it is, so the task may run twice or be killed; the sweeper comes again past a deadline.
"""

import logging
import tempfile
from datetime import timedelta
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.files import File
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from gallery.files import vault
from gallery.ids import new_secret_name
from gallery.processing import MOST_ATTEMPTS, deadline
from gallery.reconcile import SETTLED, Finding

from .export import export_of
from .mailing import Sent, mail_tried
from .models import Export
from .models.users import Standing

logger = logging.getLogger(__name__)

FOLDER = "derived/exports/"
BATCH = 100


def make(pk):
    """Make the file of an export that waits; True where this call made it. Raises what a storage raises."""
    waiting = Export.objects.filter(pk=pk, state=Export.State.WAITING)
    export = waiting.select_related("user").first()
    if export is None or not waiting.update(attempts=F("attempts") + 1, retry_at=deadline(export.attempts + 1)):
        return False
    name = f"{FOLDER}{new_secret_name()}.zip"
    with tempfile.TemporaryFile() as file:
        for piece in export_of(export.user):
            file.write(piece)
        size = file.tell()
        file.seek(0)
        vault().save_in_parts(name, File(file, name=name))
    ready = {"state": Export.State.READY, "file": name, "size": size, "retry_at": None}
    if not waiting.update(**ready, expires_at=timezone.now() + timedelta(days=settings.EXPORT_DAYS)):
        vault().delete(name)  # somebody else was faster, or the account is empty meanwhile
        return False
    export.refresh_from_db()
    tell(export)
    return True


def tell(export):
    """Mail that it is ready. The link works for nobody but its member, signed in; a mail server that is down is logged."""
    if export.user.standing == Standing.LEFT:
        return
    link = f"{settings.SITE_URL}{reverse('export')}"
    context = {"export": export, "link": link, "site_url": settings.SITE_URL}
    subject = " ".join(render_to_string("community/email/export_ready_subject.txt", context).split())
    body = render_to_string("community/email/export_ready_message.txt", context).strip()
    try:
        EmailMessage(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body, to=[export.user.email]).send()
        mail_tried.send(sender=None, outcome=Sent.YES)
    except (OSError, SMTPException) as error:
        mail_tried.send(sender=None, outcome=Sent.LATER)
        logger.error("That export %s is ready could not be mailed: %s", export.pk, error)


def delete_export(export):
    """Delete an export, file first: what is interrupted is found again. Returns 1."""
    if export.file:
        vault().delete(export.file)
    Export.objects.filter(pk=export.pk).delete()
    return 1


# --- What the sweeper does ----------------------------------------------------------------------------------------------


def queue_exports_again():
    """Queue exports again that wait past their deadline, and give up what failed MOST_ATTEMPTS times; how many queued."""
    from .tasks import make_export

    count = 0
    overdue = Export.objects.filter(state=Export.State.WAITING, retry_at__lt=timezone.now())
    for export in overdue.order_by("retry_at")[:BATCH]:
        same = overdue.filter(pk=export.pk, attempts=export.attempts)
        if export.attempts >= MOST_ATTEMPTS:
            logger.error(
                "Export %s was tried %s times and is given up; see the worker's log.", export.pk, MOST_ATTEMPTS
            )
            same.update(state=Export.State.FAILED, retry_at=None, expires_at=timezone.now() + timedelta(days=7))
        elif same.update(retry_at=deadline(export.attempts + 1)):
            make_export.enqueue(export.pk)
            count += 1
    return count


def delete_expired_exports():
    """Delete exports past their time, with their files; returns how many."""
    expired = Export.objects.filter(expires_at__lt=timezone.now()).order_by("expires_at")
    return sum(delete_export(export) for export in expired[:BATCH])


# --- What reconcile_media compares --------------------------------------------------------------------------------------

KINDS = {"export_file_without_row": True, "export_without_file": True}


def export_files(at_once=False):
    """Yield what differs between the rows of exports and their files."""
    named = set(Export.objects.exclude(file="").values_list("file", flat=True))
    settled = timezone.now() - (timedelta(0) if at_once else SETTLED)
    lying = set()
    for name, _size, modified in vault().list_names(FOLDER):
        lying.add(name)
        if name not in named and modified < settled:
            yield Finding("export_file_without_row", name, partial(vault().delete, name))
    for export in Export.objects.filter(~Q(file=""), file__in=named - lying):
        if not vault().exists(export.file):
            yield Finding("export_without_file", export.file, partial(delete_export, export))
