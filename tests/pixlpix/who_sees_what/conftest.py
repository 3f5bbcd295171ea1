"""One world for all tests of a module: it takes longer to make than most of them to ask.

It is made in a transaction around those of the tests, so that whatever a test changes in the database is taken back after
it. The module has the storages of its world as long.
"""

from contextlib import ExitStack

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import transaction
from django.test import override_settings

from gallery import ledger
from tests import s3
from tests.conftest import hash_quickly, run_at_once, run_hooks

from .world import World


class Settings:
    """pytest-django's `settings`, for longer than a test."""

    def __init__(self):
        object.__setattr__(self, "overrides", [])

    def __getattr__(self, name):
        return getattr(django_settings, name)

    def __setattr__(self, name, value):
        override = override_settings(**{name: value})
        override.enable()
        self.overrides.append(override)

    def take_back(self):
        for override in reversed(self.overrides):
            override.disable()


@pytest.fixture(scope="module")
def world(request, tmp_path_factory, django_db_setup, django_db_blocker):
    settings, around = Settings(), transaction.atomic()
    around._from_testcase = True  # as those of tests: see `run_hooks`

    def take_back():
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)

    with ExitStack() as stack:
        stack.callback(settings.take_back)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        if s3.EVERYWHERE:
            s3.use_server(request.getfixturevalue("s3_server"), settings, patch)
        else:
            s3.use_folders(tmp_path_factory.mktemp("world") / "storages", settings, patch)
        settings.ACCOUNT_RATE_LIMITS = {}
        settings.RECEIPT_SITE_URL = ""
        # The number at the bell, on every page of a member's, takes longer than the rest of most: test_told.py asks it.
        patch.setattr("community.templatetags.bell.unread_count", lambda member: 0)
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as while_making:
            around.__enter__()
            stack.callback(take_back)
            hash_quickly(settings), run_at_once(settings), run_hooks(while_making)
            made = World()
        # Otherwise nothing of it would be seen by anybody, for another reason.
        assert storages["vault"].exists(made.photo_of_draft)
        yield made


@pytest.fixture(autouse=True)
def own_storages(request):
    """The world's storages for a test that asks for it; else its own, as everywhere."""
    if "world" not in request.fixturenames:
        request.getfixturevalue("s3_storages" if s3.EVERYWHERE else "local_storages")
    cache.clear()
    ledger.forget_outage()
