"""The settings of production for the stack of tests/stack.py: static files alone are not collected, which takes minutes."""

from pixlpix.settings import *  # noqa: F403
from pixlpix.settings import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
