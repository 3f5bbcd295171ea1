"""What every test shares: private folders, tasks that run at once, and transactions whose hooks run.

A test gets its own vault and media folder; nothing is ever written below the checkout.
"""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connections, transaction
from django.db.transaction import Atomic
from hypothesis import settings as hypothesis_settings

from community import remembered
from gallery import ledger
from pixlpix import maintenance
from tests import s3
from tests.s3 import both_storages, local_storages, s3_server, s3_storages

__all__ = ["both_storages", "local_storages", "s3_server", "s3_storages"]  # fixtures, for any test to ask for

pytest_plugins = ["tests.migrated", "tests.skips", "tests.together"]

# A busy machine is no defect: examples have no deadline of their own.
hypothesis_settings.register_profile("pixlpix", deadline=None)
hypothesis_settings.load_profile("pixlpix")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """A test that commits finds the rows that migrations made: policy, groups, home page.

    Django empties every table after such a test, and puts these rows back before the next one that asks for it.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            options = marker.kwargs | {"serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The test database, whose migrated rows every connection knows.

    Django keeps them with the connection of the moment. Playwright runs an event loop in this thread, under which Django
    makes another connection: tests that commit would find empty tables from the first browser test on.
    """
    here = connections["default"]
    if hasattr(here, "_test_serialized_contents"):
        type(here)._test_serialized_contents = here._test_serialized_contents
    restore = type(here.creation).deserialize_db_from_string

    def restore_types_first(creation, data):
        # Rows that are put back have receivers look for content types, which would be made anew under other keys where
        # they have not had their turn yet and nobody in this process has asked for them before.
        rows = (row for row in json.loads(data) if row["model"] == "contenttypes.contenttype")
        types = [ContentType(pk=row["pk"], **row["fields"]) for row in rows]
        ContentType.objects.using(creation.connection.alias).bulk_create(types, ignore_conflicts=True)
        restore(creation, data)

    type(here.creation).deserialize_db_from_string = restore_types_first


@pytest.fixture(autouse=True)
def own_storages(request):
    """Vault, media and scratch of the test's own: folders, or the S3 server's with PIXLPIX_TEST_STORAGES=s3."""
    request.getfixturevalue("s3_storages" if s3.EVERYWHERE else "local_storages")
    cache.clear()
    ledger.forget_outage()
    remembered.forget_outage()
    maintenance.forget()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Passwords cost nothing to hash: every test makes people, and what makes hashing slow is not what they are about."""
    hash_quickly(settings)


@pytest.fixture(autouse=True)
def no_receipts_are_checked(settings):
    """A takedown is not followed by requests to a site that is not there; tests of receipts say where it is."""
    settings.RECEIPT_SITE_URL = ""


def hash_quickly(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def tasks_at_once(settings, request):
    """Tasks run when they are enqueued; a test marked `queued` gets the real queue of the database instead."""
    if "queued" not in request.keywords:
        run_at_once(settings)


def run_at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture(autouse=True)
def commits_run_hooks(monkeypatch):
    """Inside a test's own transaction, the outermost block of the code under test counts as the commit.

    Without this `on_commit` would wait for a commit that a rolled-back test never makes.
    """
    run_hooks(monkeypatch)


def run_hooks(monkeypatch):
    leave, wait = Atomic.__exit__, transaction.on_commit

    def at_test_level(connection):
        return bool(connection.atomic_blocks) and connection.atomic_blocks[-1]._from_testcase

    def __exit__(self, exc_type, exc_value, traceback):
        leave(self, exc_type, exc_value, traceback)
        connection = connections[self.using or "default"]
        if at_test_level(connection) and not self._from_testcase:
            while connection.run_on_commit:
                _savepoints, hook, _robust = connection.run_on_commit.pop(0)
                hook()

    def on_commit(func, using=None, robust=False):
        connection = connections[using or "default"]
        if at_test_level(connection):
            func()
        else:
            wait(func, using=using, robust=robust)

    monkeypatch.setattr(Atomic, "__exit__", __exit__)
    monkeypatch.setattr(transaction, "on_commit", on_commit)


@pytest.fixture
def run_tasks():
    """Run what waits in the real queue, as the worker would, until nothing is left; for tests marked `queued`."""
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    def run():
        while result := DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("enqueued_at").first():
            result.task.func(*result.args_kwargs["args"], **result.args_kwargs["kwargs"])
            DBTaskResult.objects.filter(pk=result.pk).update(status=TaskResultStatus.SUCCESSFUL)

    return run
