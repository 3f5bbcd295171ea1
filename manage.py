#!/usr/bin/env python
"""PixlPix's command line: `python manage.py help` lists what it can do."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixlpix.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    # What a setting lacks is said in one line: a traceback would hide which. pixlpix/wsgi.py does the same.
    try:
        settings.SECRET_KEY  # noqa: B018
    except ImproperlyConfigured as missing:
        sys.exit(str(missing))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
