"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")
application = get_wsgi_application()

from .start import refuse_an_open_vault  # noqa: E402 (needs the applications)

refuse_an_open_vault()
