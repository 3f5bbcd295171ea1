"""What is withdrawn is purged from the CDN: in time, within its limits, and never at the cost of the act that hides."""

import json
import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connections
from django.utils import timezone

from gallery import cdn, purging
from gallery.actions.withdraw_post import withdraw_post
from gallery.ids import new_secret_name
from gallery.models import Publication, Purge
from gallery.purging import purge_due
from gallery.sweep import sweep
from gallery.tasks import purge_cdn
from tests.factories import a_post
from tests.traces import public_files

pytestmark = pytest.mark.django_db


class Api:
    """DigitalOcean's API as far as we use it: counts, and refuses what comes faster than its limits allow."""

    def __init__(self):
        self.now = timezone.now()
        self.asked = []  # (when, folders, authorization)
        self.refused = 0
        self.answers = []  # statuses of the next answers, in the place of what it would say
        self.stalls = threading.Event()

    def take(self, files, authorization):
        if self.answers:
            return self.answers.pop(0)
        lately = [(when, len(those)) for when, those, _who in self.asked]
        requests = sum(when > self.now - timedelta(seconds=10) for when, _count in lately)
        total = sum(count for when, count in lately if when > self.now - timedelta(seconds=20))
        if requests >= 5 or total + len(files) > 50:
            self.refused += 1
            return 429
        self.asked.append((self.now, files, authorization))
        return 204

    def folders(self):
        return [file for _when, files, _who in self.asked for file in files]


@pytest.fixture
def api(settings, monkeypatch):
    """The API as a server of this test, which is configured; and a clock that the test moves."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_DELETE(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v2/cdn/endpoints/our-cdn/cache"
            if api.stalls.is_set():
                return api.released.wait(10)
            status = api.take(body["files"], self.headers["Authorization"])
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "90")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    api.released = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.CDN_API_URL = f"http://127.0.0.1:{server.server_port}"
    settings.CDN_ENDPOINT_ID, settings.CDN_TOKEN = "our-cdn", "secret-token"
    monkeypatch.setattr(timezone, "now", lambda: api.now)
    yield api
    api.released.set()
    server.shutdown()
    server.server_close()


def withdrawn(count, now=None):
    """Folders whose files are gone, and which the CDN has yet to forget."""
    now = now or timezone.now()
    return Purge.objects.bulk_create(
        [Purge(path=f"{new_secret_name()}/", files_gone_at=now, retry_at=now) for _ in range(count)]
    )


class TestAsking:
    def test_one_wildcard_forgets_a_withdrawn_post(self, api):
        post = a_post()
        prefix = post.publications.get().prefix
        withdraw_post(post, by=post.author)
        assert [(files, who) for _when, files, who in api.asked] == [([f"{prefix}/*"], "Bearer secret-token")]
        assert Purge.objects.get().purged_at

    def test_what_is_forgotten_is_not_asked_for_again(self, api):
        withdrawn(1)
        assert [purge_due(), purge_due()] == [1, 0]
        assert len(api.asked) == 1

    def test_nothing_is_purged_before_its_files_are_gone(self, api):
        """It would only be fetched again."""
        Purge.objects.create(path=f"{new_secret_name()}/")
        assert purge_due() == 0
        assert api.asked == []

    def test_a_publication_that_nobody_was_shown_is_none_of_the_cdns_business(self, api, monkeypatch):
        monkeypatch.setattr("gallery.publication.copy_files", lambda copies: 1 / 0)
        a_post()
        assert Publication.objects.get().state == "closed"
        assert not Purge.objects.exists()


class TestLimits:
    def test_up_to_fifty_folders_go_in_one_request(self, api):
        withdrawn(50)
        assert purge_due() == 50
        assert len(api.asked) == 1

    def test_more_than_fifty_wait_for_20_seconds(self, api):
        withdrawn(70)
        assert [purge_due(), purge_due()] == [50, 0]
        api.now += timedelta(seconds=21)
        assert purge_due() == 20

    def test_five_requests_in_10_seconds_and_no_more(self, api):
        done = 0
        for _ in range(7):
            withdrawn(1)
            done += purge_due()
            api.now += timedelta(seconds=1)
        assert done == len(api.asked) == 5
        api.now += timedelta(seconds=10)
        assert purge_due() == 2

    def test_hundreds_are_forgotten_in_time_and_the_api_never_refuses(self, api):
        withdrawn(230)
        for _second in range(0, 100, 4):
            purge_due()
            api.now += timedelta(seconds=4)
        assert api.refused == 0
        assert len(api.folders()) == len(set(api.folders())) == 230

    @pytest.mark.queued
    def test_what_found_no_room_is_queued_once_for_when_there_is(self, api):
        from django_tasks_db.models import DBTaskResult

        withdrawn(120)
        for _ in range(3):
            purge_cdn.func()
        waiting = DBTaskResult.objects.get()
        assert waiting.run_after == api.now + timedelta(seconds=20)

    @pytest.mark.postgres  # SQLite lets one write at a time
    @pytest.mark.django_db(transaction=True)
    def test_workers_at_once_keep_the_limits_together(self, api):
        withdrawn(120)
        failures = []

        def work():
            try:
                purge_due()
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failures == []
        assert api.refused == 0
        assert len(api.folders()) == len(set(api.folders())) == 50


class TestFailures:
    @pytest.mark.parametrize("status", [500, 503, 401, 404, 302])
    def test_a_refusal_is_tried_again_later_and_later(self, api, status):
        withdrawn(1)
        waits = []
        for _ in range(3):
            api.answers = [status]
            assert purge_due() == 0
            waits.append((Purge.objects.get().retry_at - api.now).total_seconds())
            assert purge_due() == 0  # not before its time
            api.now = Purge.objects.get().retry_at
        assert waits == [30, 60, 120]
        assert purge_due() == 1

    def test_too_often_waits_as_long_as_the_api_says(self, api):
        withdrawn(1)
        api.answers = [429]
        purge_due()
        assert Purge.objects.get().retry_at == api.now + timedelta(seconds=90)

    def test_a_server_that_stalls_or_is_not_there_counts_as_a_failure(self, api, settings, monkeypatch):
        withdrawn(1)
        monkeypatch.setattr(cdn, "TIMEOUT", (0.2, 0.2))
        api.stalls.set()
        assert purge_due() == 0
        settings.CDN_API_URL = "http://127.0.0.1:9"
        api.now += timedelta(minutes=1)
        assert purge_due() == 0
        assert Purge.objects.get().attempts == 2

    def test_a_takedown_neither_waits_nor_fails_when_the_cdn_does(self, api):
        api.answers = [500]
        post = a_post()
        withdraw_post(post, by=post.author)
        post.refresh_from_db()
        assert post.is_gone
        assert public_files() == set()
        assert (Purge.objects.get().purged_at, Purge.objects.get().attempts) == (None, 1)

    @pytest.mark.queued
    def test_a_takedown_does_not_ask_the_cdn_itself(self, api, run_tasks):
        post = a_post()
        run_tasks()
        withdraw_post(post, by=post.author)
        assert api.asked == []
        run_tasks()
        assert len(api.asked) == 1

    def test_the_sweeper_asks_again(self, api):
        withdrawn(1)
        assert sweep()["purges_queued_again"] == 1
        assert len(api.asked) == 1
        assert sweep()["purges_queued_again"] == 0

    def test_after_many_tries_the_operator_is_told(self, api, caplog):
        purge = withdrawn(1)[0]
        Purge.objects.update(attempts=purging.MANY_ATTEMPTS - 1)
        api.answers = [500]
        purge_due()
        assert [r.levelname for r in caplog.records if purge.path in r.getMessage()] == ["ERROR"]

    def test_the_token_is_never_logged(self, api, caplog, settings):
        caplog.set_level(logging.DEBUG)
        withdrawn(1)
        api.answers = [401]
        purge_due()
        settings.CDN_API_URL = "http://127.0.0.1:9"
        api.now += timedelta(minutes=1)
        purge_due()
        assert "secret-token" not in caplog.text


class TestWithoutACdn:
    def test_nothing_is_asked_and_the_log_says_so_once(self, caplog, monkeypatch):
        monkeypatch.setattr(cdn.Told, "once", False)
        withdrawn(2)
        purge_due()
        withdrawn(1)
        purge_due()
        assert [record.levelname for record in caplog.records if "nothing is purged" in record.getMessage()] == [
            "WARNING"
        ]
        assert not Purge.objects.filter(purged_at=None).exists()


class TestKeeping:
    def test_done_rows_stay_for_30_days(self):
        now = timezone.now()
        for path, days in (("old", 31), ("young", 29)):
            Purge.objects.create(path=path, files_gone_at=now, purged_at=now, asked_at=now - timedelta(days=days))
        Purge.objects.create(path="never done", files_gone_at=now, asked_at=now - timedelta(days=99), retry_at=now)
        assert sweep()["purges_forgotten"] == 1
        assert set(Purge.objects.values_list("path", flat=True)) == {"young", "never done"}
