"""The WSGI application that gunicorn serves."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# The status by which gunicorn knows that no process of its can begin, and ends: after any other it starts the next, for ever.
CANNOT_BEGIN = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")


def begin():
    """The application. Ends the process where a needed setting is missing or strangers read the vault, in one line."""
    try:
        settings.SECRET_KEY  # noqa: B018 (as manage.py does: a traceback would hide what is missing)
        started = get_wsgi_application()
        from .start import refuse_an_open_vault  # needs the applications

        refuse_an_open_vault()
    except (ImproperlyConfigured, SystemExit) as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(CANNOT_BEGIN)
    return started


application = begin()
