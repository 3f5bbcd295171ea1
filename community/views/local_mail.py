"""The newest mail that a local run "sent": with DEBUG on, mail is files in a folder."""

import email
from email import policy
from pathlib import Path

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

SEPARATOR = b"-" * 79  # Django's file backend ends each mail with this line


@never_cache
def latest(request):
    """/dev/mail/latest/: there only while DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "community/local_mail.html", {"mail": newest_mail()})


def newest_mail():
    """Subject, receivers and text of the newest mail in EMAIL_FILE_PATH; None where there is none."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or ".")
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns) if folder.is_dir() else []
    if not files:
        return None
    mails = [part for part in files[-1].read_bytes().split(SEPARATOR) if part.strip()]
    message = email.message_from_bytes(mails[-1].lstrip(), policy=policy.default)
    body = message.get_body(("plain",))
    return {"subject": message["Subject"], "to": message["To"], "text": body.get_content() if body else ""}
