"""/readyz says of each thing that the site stands on whether it answers, quickly, and to nobody anything secret."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.files.storage import storages
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gallery.files import StorageUnavailable
from gallery.tasks import purge_cdn
from pixlpix.watching import readiness
from pixlpix.watching.readiness import Readiness

PARTS = {"database", "cache", "storage", "queue", "migrations"}


@pytest.fixture
def fresh(monkeypatch):
    """Nothing is remembered from other tests."""
    monkeypatch.setattr("pixlpix.watching.views.ready", Readiness())


def broken(*args, **kwargs):
    raise RuntimeError("password=hunter2 at db.internal")


@pytest.mark.django_db(transaction=True)
class TestReady:
    @pytest.fixture(autouse=True)
    def _fresh(self, fresh):
        pass

    def test_where_everything_answers(self, client):
        response = client.get("/readyz")
        assert (response.status_code, response.json()) == (200, {"ready": True, **dict.fromkeys(PARTS, "ok")})
        assert response["Cache-Control"] == "no-store"

    def failing(self, client):
        response = client.get("/readyz")
        assert response.status_code == 503
        return {part for part, state in response.json().items() if state == "failed"}

    def test_names_a_database_that_refuses_and_what_is_in_it(self, client, monkeypatch):
        monkeypatch.setattr(type(connections["default"]), "cursor", broken)
        assert self.failing(client) == {"database", "queue", "migrations"}

    def test_names_a_cache_that_forgets(self, client, settings):
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        assert self.failing(client) == {"cache"}

    @pytest.mark.parametrize("name", ["vault", "media"])
    def test_names_a_storage_that_is_down(self, client, monkeypatch, name):
        def down(*args):
            raise StorageUnavailable("no")

        monkeypatch.setattr(storages[name], "exists", down)
        assert self.failing(client) == {"storage"}

    @pytest.mark.queued
    def test_names_a_queue_in_which_nothing_moves(self):
        purge_cdn.enqueue()
        now = timezone.now()
        DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=29))
        assert Readiness().ask()["queue"] == "ok"
        DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=31))
        assert Readiness().ask()["queue"] == "failed"
        DBTaskResult.objects.update(run_after=now + timedelta(hours=1))  # put off: not due
        assert Readiness().ask()["queue"] == "ok"

    def test_names_migrations_that_were_not_applied(self, client):
        leaf = MigrationRecorder(connection).migration_qs.filter(app="watching").order_by("-pk").first()
        MigrationRecorder(connection).record_unapplied(leaf.app, leaf.name)
        try:
            assert self.failing(client) == {"migrations"}
        finally:
            MigrationRecorder(connection).record_applied(leaf.app, leaf.name)

    def test_says_nothing_of_why(self, client, monkeypatch, caplog):
        monkeypatch.setattr(type(caches["default"]), "get", broken)
        monkeypatch.setitem(readiness.CHECKS, "storage", broken)
        body = client.get("/readyz").content.decode()
        assert "hunter2" not in body and "internal" not in body
        assert "db.internal" in caplog.text  # for the operator

    def test_asks_neither_for_a_host_that_is_known_nor_for_https(self, client, settings):
        """Platforms ask by number, over plain HTTP."""
        settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["pixlpix.example"], True
        for path in ("/healthz", "/readyz"):
            assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code == 200
        assert client.get("/", headers={"host": "10.1.2.3:8000"}).status_code in (301, 400)


class TestBounds:
    def test_a_check_that_never_returns_holds_nothing_up_and_is_not_begun_again(self):
        calls, end = [], threading.Event()

        def mute():
            calls.append(1)
            end.wait(60)

        readiness = Readiness({"mute": mute, "other": lambda: None}, seconds=0.05)
        try:
            for _time in range(3):
                assert readiness.ask() == {"mute": "no answer", "other": "ok"}
            assert len(calls) == 1
        finally:
            end.set()

    def test_a_check_keeps_its_thread_and_with_it_its_clients(self):
        threads = []
        readiness = Readiness({"one": lambda: threads.append(threading.get_ident())}, seconds=5)
        for _time in range(3):
            readiness.ask()
        assert len(threads) == 3 and len(set(threads)) == 1

    def test_asking_often_asks_once(self):
        calls = []
        readiness = Readiness({"one": lambda: calls.append(1)}, seconds=60)
        for _time in range(5):
            assert readiness.states() == {"one": "ok"}
        assert len(calls) == 1

    def test_what_was_found_is_asked_anew_after_its_time(self):
        calls = []
        readiness = Readiness({"one": lambda: calls.append(1)}, seconds=60)
        readiness.states()
        readiness.until = 0
        readiness.states()
        assert len(calls) == 2
