"""/metrics: for who has the token, numbers of this process, of the rows and of the workers, and of no person."""

import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community import operations
from gallery.models import Purge
from gallery.tasks import purge_cdn
from pixlpix.watching import checks, domain, numbers, workers
from tests.cases_world import a_report
from tests.factories import a_member, a_post

TOKEN = "x" * 40

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN
    numbers.measured.forget()


def ask(client, token=TOKEN):
    return client.get("/metrics", headers={"authorization": f"Bearer {token}"})


def value(client, name):
    """The value of a series, 0.0 where there is none."""
    [*found] = re.findall(rf"^{re.escape(name)} (\S+)$", ask(client).content.decode(), re.M)
    return float(found[0]) if found else 0.0


class TestDoor:
    @pytest.mark.parametrize("token", ["", "y" * 40, TOKEN + "x"])
    def test_without_the_token_there_is_nothing(self, client, token):
        assert ask(client, token).status_code == 404

    def test_without_a_setting_there_is_nothing_for_anybody(self, client, settings):
        settings.METRICS_TOKEN = ""
        assert ask(client, "").status_code == 404
        assert client.get("/metrics").status_code == 404

    def test_a_short_token_stops_a_deployment(self, settings):
        assert checks.metrics_token_is_long(None) == []
        settings.METRICS_TOKEN = "short"
        assert [error.id for error in checks.metrics_token_is_long(None)] == ["watching.E001"]


class TestThisProcess:
    def test_requests_are_counted_by_view_and_status(self, client):
        name = 'pixlpix_requests_total{method="GET",route="policy",status="200"}'
        before = value(client, name)
        client.get("/policy/")
        client.get("/policy/?q=1")
        assert value(client, name) == before + 2
        assert value(client, 'pixlpix_request_seconds_count{route="policy"}') >= 2
        assert value(client, 'pixlpix_queries_total{route="policy"}') >= 1

    def test_what_comes_from_outside_makes_no_labels(self, client):
        a_member("zaphodine")
        client.get("/members/zaphodine/")
        client.get("/zaphodine/nothing/")
        client.generic("ZAPHODINE", "/policy/")
        text = ask(client).content.decode()
        assert "aphodine" not in text.lower() and 'method="OTHER"' in text

    def test_uploads_decodes_and_mails_are_counted(self, client):
        names = ["pixlpix_uploads_total", 'pixlpix_decodes_total{result="made"}', "pixlpix_decode_seconds_total"]
        before = [value(client, name) for name in names]
        a_post()
        assert all(value(client, name) > was for name, was in zip(names, before, strict=True))

    @pytest.mark.queued
    def test_tasks_are_counted_with_what_became_of_them(self, client, monkeypatch):
        name = 'pixlpix_tasks_finished_total{state="failed",task="gallery.tasks.purge_cdn"}'
        before = value(client, name)
        monkeypatch.setattr("gallery.purging.purge_due", lambda: 1 / 0)
        purge_cdn.enqueue()
        monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
        assert value(client, name) == before + 1


class TestRows:
    @pytest.mark.queued
    def test_queue_cases_purges_and_backups(self, client, monkeypatch, run_tasks):
        now, post = timezone.now(), a_post()
        run_tasks()
        a_report(post)
        purge_cdn.enqueue()
        DBTaskResult.objects.update(enqueued_at=now - timedelta(minutes=5))
        Purge.objects.create(path="a" * 22 + "/", files_gone_at=now, attempts=9)
        record = operations.Record(now - timedelta(hours=3), went_well=False)
        monkeypatch.setattr(operations, "_askers", [(set(operations.KINDS), lambda: {"backup": record})])
        assert value(client, 'pixlpix_tasks{state="ready"}') >= 1
        assert 300 <= value(client, "pixlpix_oldest_due_task_seconds") < 400
        assert value(client, "pixlpix_open_cases") == 1
        assert value(client, "pixlpix_purges_stuck") == 1
        assert 10_800 <= value(client, 'pixlpix_operation_age_seconds{kind="backup"}') < 10_900
        assert value(client, 'pixlpix_operation_went_well{kind="backup"}') == 0

    def test_they_are_asked_once_in_thirty_seconds(self, client, django_assert_num_queries):
        ask(client)
        with django_assert_num_queries(0):
            ask(client)

    def test_they_cost_few_queries(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            assert domain.measure()

    def test_without_a_database_there_are_still_the_others(self, client, monkeypatch):
        from django.db import OperationalError

        def away():
            raise OperationalError("no route")

        monkeypatch.setattr(domain, "gauges", away)
        text = ask(client).content.decode()
        assert "pixlpix_requests_total" in text and "pixlpix_open_cases" not in text


class TestWorkers:
    def test_what_a_worker_said_is_shown_under_names_of_its_own(self, client):
        cache.set(
            workers.KEY,
            {
                "abcd": {
                    "at": time.time() - 7,
                    "counts": [("pixlpix_tasks_finished_total", {"task": "t", "state": "ok"}, 3)],
                }
            },
        )
        assert 7 <= value(client, 'pixlpix_worker_silent_seconds{worker="abcd"}') < 60
        text = ask(client).content.decode()
        assert re.search(r'pixlpix_worker_tasks_finished_total\{.*worker="abcd".*\} 3\.0', text)

    def test_a_worker_says_what_it_counted_beside_others(self):
        cache.set(workers.KEY, {"abcd": {"at": time.time(), "counts": []}, "gone": {"at": 0, "counts": []}})
        numbers.mails.labels("sent").inc()
        workers.say(numbers.counts())
        assert set(workers.heard()) == {"abcd", workers.ME}
        assert [count for count in workers.heard()[workers.ME]["counts"] if count[0] == "pixlpix_mails_total"]

    def test_without_a_cache_a_worker_works_on_and_nothing_is_heard(self, monkeypatch):
        def away(*args, **kwargs):
            raise ConnectionError

        monkeypatch.setattr(type(caches["default"]), "get", away)
        monkeypatch.setattr(type(caches["default"]), "set", away)
        workers.say([])
        assert workers.heard() == {}
