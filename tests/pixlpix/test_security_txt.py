"""Whoever finds a weakness finds where to tell it, in the form that tools read (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from django.conf import settings as site_settings


def told(client):
    response = client.get("/.well-known/security.txt")
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_it_names_whom_the_operator_chose_and_is_good_for_some_months(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@pixlpix.example"
    facts = told(client)
    assert facts["Contact"] == "mailto:security@pixlpix.example"
    assert facts["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    left = datetime.fromisoformat(facts["Expires"]) - datetime.now(UTC)
    assert timedelta(days=90) < left < timedelta(days=366)


def test_where_nobody_was_chosen_it_is_the_contact_page(client):
    assert told(client)["Contact"] == f"{site_settings.SITE_URL}/contact/"


def test_what_we_promise_then_stands_beside_the_code():
    text = (site_settings.BASE_DIR / "SECURITY.md").read_text()
    assert "/.well-known/security.txt" in text and "docs/threat-model.md" in text
