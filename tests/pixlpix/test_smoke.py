"""The smoke test that stands between staging and production, asked against a site that runs."""

import io

import pytest
from django.test import override_settings

from scripts import await_deployment
from scripts.smoke import Smoke
from tests import factories as f

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr("scripts.smoke.PAUSE", 0)


@pytest.fixture
def readyz(monkeypatch):
    """/readyz, as it is asked."""
    ask = Smoke.__init__.__globals__["ask"]

    def ready(address):
        return (200, {}, b"ok") if address.endswith("/readyz") else ask(address)

    monkeypatch.setattr("scripts.smoke.ask", ready)


def smoke(site):
    out = io.StringIO()
    wrong = Smoke(site, out).run()
    return wrong, out.getvalue()


def test_a_site_that_is_well_passes(live_server, readyz):
    f.a_post()
    wrong, said = smoke(live_server.url)
    assert wrong == 0, said
    assert "a file of the site is text/css" in said
    assert "is image/" in said


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"MAINTENANCE": True}, "/ answers 200, and not 503"),
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"default-src": ["*"]}}}, "/ has the strict policy"),
        ({"X_FRAME_OPTIONS": "SAMEORIGIN"}, "/ says X-Frame-Options: DENY"),
    ],
)
def test_what_is_not_well_is_named(live_server, readyz, slip, words):
    with override_settings(**slip):
        wrong, said = smoke(live_server.url)
    assert wrong
    assert any(line.startswith("WRONG") and words in line for line in said.splitlines()), said


def test_a_site_that_is_not_there_fails():
    wrong, said = smoke("http://127.0.0.1:1")
    assert wrong
    assert "/healthz answers 200, and not 0" in said


def test_a_picture_of_a_third_party_is_found(readyz):
    one = Smoke("https://pixlpix.example", io.StringIO())
    one.file = lambda *args: None
    page = '<link rel="stylesheet" href="/a.css"><img src="https://media.pixlpix.example/a.webp">'
    one.files_of(page)
    assert one.wrong == 0
    one.files_of(page + '<script src="https://elsewhere.example/count.js"></script>')
    assert one.wrong == 1


# --- Waiting for the platform -----------------------------------------------------------------------------------------


def a_deployment(phase, commit):
    return {"phase": phase, "services": [{"name": "web", "source_commit_hash": commit}]}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([a_deployment("ACTIVE", "new"), a_deployment("SUPERSEDED", "old")], True),
        ([a_deployment("BUILDING", "new"), a_deployment("ACTIVE", "old")], None),
        ([a_deployment("ERROR", "new"), a_deployment("ACTIVE", "old")], False),
        ([a_deployment("ERROR", "other"), a_deployment("ACTIVE", "old")], None),
        ([a_deployment("ACTIVE", "newer"), a_deployment("SUPERSEDED", "new")], None),
        ([], None),
    ],
)
def test_what_the_platform_serves_is_read_from_its_deployments(found, expected):
    assert await_deployment.outcome(found, "new") is expected


def test_waits_while_it_builds_and_asks_with_the_token(monkeypatch, capsys):
    answers = [[a_deployment("BUILDING", "new")], [a_deployment("ACTIVE", "new")]]
    asked = []

    def deployments(app, token, api):
        asked.append((app, token))
        return answers[len(asked) - 1]

    monkeypatch.setattr(await_deployment, "deployments", deployments)
    assert await_deployment.wait("app", "new", "token", every=0) == 0
    assert asked == [("app", "token")] * 2
    assert "new is served." in capsys.readouterr().out


def test_gives_up_in_time(monkeypatch):
    def down(*args):
        raise OSError("no way there")

    monkeypatch.setattr(await_deployment, "deployments", down)
    assert await_deployment.wait("app", "new", "token", every=0, tries=3) == 1
