"""While maintenance is on, everybody gets a page of ours that needs neither database nor session."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from pixlpix import maintenance


@pytest.fixture
def closed():
    maintenance.turn_on("tests")


def test_every_page_is_the_page_that_says_so(closed, client):
    """No `db` here: a query, for a session too, would fail this test."""
    response = client.get("/members/ana/", headers={"cookie": "sessionid=somebody"})
    assert response.status_code == 503
    assert "being looked after" in response.text
    assert response["Retry-After"] == "120"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_the_log_is_not_filled_with_errors(closed, client, caplog):
    client.get("/")
    assert not [record for record in caplog.records if record.name == "django.request"]


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/", "/p/7Hq2mXk9Ta/"])
def test_staff_and_their_doors_are_no_exception(closed, client, path):
    assert client.get(path).status_code == 503
    assert client.post(path).status_code == 503


def test_the_page_asks_for_nothing_but_our_own_styles(closed, client):
    response = client.get("/")
    assert "<script" not in response.text
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_parts_of_pages_are_not_replaced_by_it(closed, client):
    """htmx swaps nothing in for an answer of 503."""
    assert client.get("/explore/", headers={"hx-request": "true"}).status_code == 503


def test_programs_get_a_problem(closed, client):
    response = client.get("/api/v1/posts")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "120"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert json.loads(response.content)["status"] == 503


def test_the_process_still_says_that_it_lives(closed, client):
    assert client.get("/healthz").status_code == 200


def test_static_files_are_still_served(closed, settings, tmp_path):
    (tmp_path / "a.css").write_text("body {}")
    settings.STATIC_ROOT = str(tmp_path)
    assert Client().get("/static/a.css").status_code == 200


@pytest.mark.django_db
def test_the_site_opens_again(closed, client):
    maintenance.turn_off()
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.django_db
def test_the_site_is_open_where_nobody_closed_it(client):
    assert client.get("/accounts/login/").status_code == 200


def test_a_setting_closes_it_as_well(settings, client):
    settings.MAINTENANCE = True
    assert client.get("/").status_code == 503


# --- What a process knows ---------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands, of this module alone; `clock.now` moves it."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(maintenance, "time", clock)
    return clock


def test_another_process_sees_it_after_five_seconds(clock):
    assert not maintenance.is_on()
    storages["vault"].save(maintenance.NAME, ContentFile(b'{"on": true}'))  # as another process would
    clock.now += 4.9
    assert not maintenance.is_on()
    clock.now += 0.2
    assert maintenance.is_on()


@pytest.mark.parametrize("known", [True, False])
def test_a_vault_that_is_down_leaves_it_as_last_known(monkeypatch, clock, known):
    maintenance.turn_on("tests") if known else maintenance.turn_off()

    def down(self, *args, **kwargs):
        raise OSError("no answer")

    monkeypatch.setattr(type(storages["vault"]), "open", down)
    clock.now += 6
    assert maintenance.is_on() is known
