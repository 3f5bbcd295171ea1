"""What people get while something that the site stands on is away: 503 with a page of ours. A defect stays a 500."""

import pytest
from django.core.cache import caches
from django.db import InterfaceError, OperationalError, ProgrammingError
from redis.exceptions import ConnectionError as CacheAway
from redis.exceptions import TimeoutError as CacheLate

from gallery.files import StorageUnavailable
from pixlpix import urls
from pixlpix.management.commands import run_worker
from pixlpix.watching.outages import what_is_away
from tests.factories import PASSWORD, a_member, a_post

pytestmark = pytest.mark.django_db
assert urls.urlpatterns  # all views are imported before one name in them is patched, or some would keep the patch
AWAY = [OperationalError, InterfaceError, CacheAway, CacheLate, StorageUnavailable]


def raising(error):
    def away(*args, **kwargs):
        raise error("server at 10.1.2.3 is away")

    return away


@pytest.fixture(autouse=True)
def _answers(client):
    client.raise_request_exception = False


@pytest.mark.parametrize("error", AWAY)
def test_a_view_that_meets_it_answers_503(client, monkeypatch, caplog, error):
    monkeypatch.setattr("community.views.members.find_member", raising(error))
    response = client.get("/members/ana/")
    assert response.status_code == 503 and response["Retry-After"] == "10" and response["Cache-Control"] == "no-store"
    page = response.content.decode()
    assert "does not answer" in page and "10.1.2.3" not in page
    assert "answered with 503" in caplog.text and "Traceback" not in caplog.text


def test_the_log_says_it_once_by_view_and_what_is_away_also_where_more_than_one_thing_meets_it(
    client, monkeypatch, caplog
):
    monkeypatch.setattr("community.views.members.find_member", raising(OperationalError))
    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_response", raising(OperationalError)
    )
    response = client.get("/members/ana/")
    assert response.status_code == 503
    [line] = [record for record in caplog.records if "503" in record.getMessage() and record.levelname == "ERROR"]
    assert (line.name, line.route, line.status, line.away) == ("pixlpix.access", "member", 503, "database")


@pytest.mark.parametrize("error", AWAY)
def test_a_middleware_that_meets_it_too(client, monkeypatch, error):
    client.force_login(a_member())
    monkeypatch.setattr("community.policies.binding_number", raising(error))
    assert client.get("/settings/").status_code == 503


@pytest.fixture
def no_cache(monkeypatch):
    """A shared cache that does not answer; gives how often it was asked."""
    asked = []
    for name in ("get", "set", "add", "get_many", "set_many", "incr"):
        monkeypatch.setattr(type(caches["default"]), name, lambda *args, **kwargs: (asked.append(1), away())[1])

    def away():
        raise CacheAway("no")

    return asked


def test_without_the_cache_pages_go_on(client, no_cache):
    post = a_post()
    for path in ("/", post.address(), f"/members/{post.author.username}/"):
        assert client.get(path).status_code == 200
    client.force_login(a_member())
    for path in ("/", "/notifications/", "/share/", "/settings/"):
        assert client.get(path).status_code == 200
    assert len(no_cache) == 1, "what does not answer is not waited for again and again"


def test_without_the_cache_nothing_is_let_through_that_is_counted(client, no_cache):
    for path in ("/search/suggest/?q=ridge", "/api/v1/posts"):
        assert client.get(path).status_code == 503
    login = {"login": a_member("ana").email, "password": PASSWORD}
    assert client.post("/accounts/login/", login).status_code == 503


def test_the_api_says_it_as_it_says_all_that_is_wrong(client, monkeypatch):
    monkeypatch.setattr(type(caches["default"]), "get", raising(CacheAway))
    response = client.get("/api/v1/posts")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"


def test_a_cause_further_down_counts():
    try:
        try:
            raise CacheAway("no")
        except CacheAway as error:
            raise ValueError("could not count") from error
    except ValueError as error:
        assert what_is_away(error) == "cache"


@pytest.mark.parametrize("error", [ValueError, ProgrammingError])
def test_a_defect_is_one(client, monkeypatch, error):
    monkeypatch.setattr("community.views.members.find_member", raising(error))
    response = client.get("/members/ana/")
    assert response.status_code == 500 and "Retry-After" not in response


def test_the_worker_waits_for_its_database_and_goes_on(monkeypatch, caplog):
    """As long as it takes; nothing of the queue's own would try again."""
    attempts = []

    def away_twice(self, **options):
        attempts.append(1)
        if len(attempts) < 3:
            raise OperationalError("gone")

    monkeypatch.setattr(run_worker.db_worker.Command, "handle", away_twice)
    monkeypatch.setattr(run_worker, "PATIENCE", 0)
    monkeypatch.setattr(run_worker.connections, "close_all", lambda: None)
    run_worker.Command().handle(no_sweep=True)
    assert len(attempts) == 3 and caplog.text.count("does not answer the worker") == 2


def test_the_worker_ends_with_a_defect(monkeypatch):
    monkeypatch.setattr(run_worker.db_worker.Command, "handle", raising(ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        run_worker.Command().handle(no_sweep=True)
