"""What the apps below tell by signals, and where it is counted."""

from django.db.models.signals import post_save

from community.mailing import mail_tried
from gallery.imaging.making import decoded
from gallery.models import Original

from . import numbers
from .alerts import note_mail


def count_mail(sender, outcome, **kwargs):
    numbers.mails.labels(outcome.value).inc()


def count_decode(sender, kind, seconds, result, **kwargs):
    numbers.decodes.labels(result).inc()
    numbers.decode_seconds.inc(seconds)


def count_original(sender, created, **kwargs):
    if created:
        numbers.uploads.inc()


def connect():
    mail_tried.connect(count_mail, dispatch_uid="pixlpix.watching.count_mail")
    mail_tried.connect(note_mail, dispatch_uid="pixlpix.watching.note_mail")
    decoded.connect(count_decode, dispatch_uid="pixlpix.watching.count_decode")
    post_save.connect(count_original, sender=Original, dispatch_uid="pixlpix.watching.count_original")
