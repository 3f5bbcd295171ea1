"""Limits on what may be done how often: each is on, is answered kindly in the way that was asked, and counts by a hash."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from community.adapter import AccountAdapter
from tests.community.joining import answers, asking
from tests.factories import a_member, a_post
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.9"
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "99999"}


def asked_often(settings, action, ask):
    """The second answer where `action` may be done once an hour; `ask(turn)` does it."""
    settings.ACCOUNT_RATE_LIMITS = {**dict.fromkeys(settings.ACCOUNT_RATE_LIMITS, ""), action: "1/h/ip"}
    first, second = ask(0), ask(1)
    assert first.status_code != 429
    return second


def acts():
    """{action: what does it} of each limit that is promised."""
    visitor, ana = Client(), signed_in(a_member("ana"))
    post = a_post()
    return {
        "signup": lambda turn: visitor.post("/accounts/signup/", answers(username=f"vera{'xy'[turn]}")),
        "login": lambda turn: visitor.post("/accounts/login/", {"login": "ana", "password": "wrong"}),
        "reset_password": lambda turn: visitor.post("/accounts/password/reset/", asking("ana@example.org")),
        "search": lambda turn: visitor.get("/search/?q=fog"),
        "api": lambda turn: visitor.get("/api/v1/posts"),
        "share": lambda turn: ana.post("/share/", {}),
        "upload": lambda turn: ana.post("/uploads/", headers=TUS),
        "comment": lambda turn: ana.post(f"/p/{post.short_id}/comments/", {"text": f"Hm {turn}"}),
        "report": lambda turn: ana.post(f"/report/post/{post.short_id}/", {"category": "spam"}),
    }


@pytest.mark.parametrize(
    "action", ["signup", "login", "reset_password", "search", "api", "share", "upload", "comment", "report"]
)
def test_too_often_is_answered_with_429(settings, action):
    response = asked_often(settings, action, acts()[action])
    assert response.status_code == 429
    assert not response.has_header("Location")


def test_every_promised_limit_is_on_in_the_settings():
    from allauth.account import app_settings

    named = (
        "signup",
        "login",
        "login_failed",
        "reset_password",
        "search",
        "api",
        "share",
        "upload",
        "comment",
        "report",
    )
    assert [name for name in named if not app_settings.RATE_LIMITS.get(name)] == []


def test_a_page_says_what_to_do_and_when(settings):
    page = asked_often(settings, "search", acts()["search"])
    assert "Please wait a little" in page.content.decode() and page["Retry-After"] == "60"


def test_htmx_puts_a_message_above_the_page_that_is_open(settings):
    ana, post = signed_in(a_member("ana")), a_post()
    ask = lambda turn: ana.post(f"/p/{post.short_id}/like/", {"like": "1"}, headers={"HX-Request": "true"})  # noqa: E731
    part = asked_often(settings, "like", ask)
    assert (part.status_code, part["HX-Retarget"], part["HX-Reswap"]) == (429, "#main", "afterbegin")
    assert 'role="alert"' in part.content.decode() and "<html" not in part.content.decode()


def test_an_upload_and_a_program_are_told_in_their_own_way(settings):
    upload = asked_often(settings, "upload", acts()["upload"])
    assert upload["Content-Type"].startswith("text/plain") and b"try again" in upload.content
    cache.clear()
    program = asked_often(settings, "api", lambda turn: Client().get("/api/v1/posts"))
    assert program["Content-Type"] == "application/problem+json" and program.json()["status"] == 429


# --- What is counted by ---------------------------------------------------------------------------------------------------


def counted_as(rf, address=ADDRESS):
    return AccountAdapter().get_client_ip(rf.get("/", REMOTE_ADDR=address))


def test_the_days_salt_is_random_shared_and_in_the_cache_alone(rf):
    before = counted_as(rf)
    salts = [key for key in cache._cache if "address-key" in key]
    assert len(salts) == 1 and counted_as(rf) == before
    cache.delete(salts[0].split(":", 2)[2])
    assert counted_as(rf) != before


def test_what_was_typed_is_counted_by_a_keyed_hash(settings):
    """allauth's limits on failed sign-ins and resets put the plain SHA-256 of an email address into the key."""
    visitor, email = Client(), "ana@example.org"
    a_member("ana", email=email)
    visitor.post("/accounts/login/", {"login": email, "password": "wrong"})
    visitor.post("/accounts/password/reset/", asking(email))
    counted = [key for key in cache._cache if "allauth:rl:" in key]
    assert {"login_failed", "reset_password"} <= {key.split(":")[5] for key in counted}
    plain = hashlib.sha256(email.encode()).hexdigest()
    assert [key for key in cache._cache if email in key or plain in key] == []
    before = set(counted)
    cache.clear()
    settings.SECRET_KEY = "another"
    Client().post("/accounts/login/", {"login": email, "password": "wrong"})
    assert not before & set(cache._cache)


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_at_midnight_the_salt_is_gone_so_that_nobody_can_link_two_days(rf, monkeypatch, hour):
    now = datetime(2026, 5, 17, hour, 59, 30, tzinfo=UTC)
    kept = []
    monkeypatch.setattr("community.adapter.timezone.now", lambda: now)
    monkeypatch.setattr(cache, "get_or_set", lambda name, make, seconds: kept.append((name, seconds)) or make())
    counted_as(rf)
    [(name, seconds)] = kept
    assert name.endswith("2026-05-17")
    assert now + timedelta(seconds=seconds) == datetime(2026, 5, 18, tzinfo=UTC)
