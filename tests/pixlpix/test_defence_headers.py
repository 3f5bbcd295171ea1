"""Headers that guard are on every answer: of each address there is, of files, of errors. test_every_page asks each page."""

import pytest
from django.test import Client

from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import signed_in
from tests.pixlpix.defence import PUBLIC, addresses, policy_of, wrong_headers

pytestmark = pytest.mark.django_db

CONSOLE = {"default-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'self'"}


def wrong_at(client, paths):
    """{path: what is wrong with the headers of the answer there}"""
    client.raise_request_exception = False
    found = {}
    for path_ in paths:
        policy = CONSOLE if path_.startswith("/admin/") else PUBLIC
        if wrong := wrong_headers(client.get(path_), policy):
            found[path_] = wrong
    return found


def test_every_address_answers_a_visitor_with_them(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    paths = [path_ for path_, _part in addresses()]
    assert len(paths) > 300
    assert wrong_at(Client(), paths) == {}


def test_every_page_of_the_console_without_arguments_has_them():
    paths = [
        path_ for path_, part in addresses(value="\ue000") if path_.startswith("/admin/") and "\ue000" not in path_
    ]
    assert len(paths) > 40
    assert wrong_at(signed_in(a_staff_member("Administrators")), paths) == {}


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_requests_that_django_refuses_have_them(client, settings, host):
    settings.ALLOWED_HOSTS = ["localhost"]
    response = client.get("/", headers={"host": host})
    assert response.status_code == (200 if host == "localhost" else 400)
    assert wrong_headers(response) == {}


def test_scripts_and_styles_are_served_with_them(tmp_path):
    """WhiteNoise answers before most middleware is asked."""
    from django.conf import settings

    inside = settings.MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware")
    for outside in ("django.middleware.security.SecurityMiddleware", "pixlpix.middleware.guarding_headers"):
        assert settings.MIDDLEWARE.index(outside) < inside


def test_public_pages_allow_no_script_and_no_style_but_files_of_ours(client):
    told = policy_of(client.get("/"))
    for name in ("default-src", "script-src", "style-src", "connect-src", "form-action", "frame-ancestors"):
        assert told[name] in ("'self'", "'none'"), name
    assert "unsafe" not in str(told)


def test_the_consoles_policy_allows_nothing_from_elsewhere():
    told = policy_of(signed_in(a_staff_member("Moderators")).get("/admin/"))
    assert (told["script-src"], told["default-src"]) == ("'self'", "'self'")
    assert not [
        sources for sources in told.values() if "*" in sources or "http:" in sources or "unsafe-eval" in sources
    ]


@pytest.mark.usefixtures("local_storages")
def test_what_is_sent_as_a_file_would_run_nothing_if_it_were_shown():
    ana = a_member("ana")
    post = a_post(ana)
    [photo] = post.photos.all()
    sent = signed_in(ana).get(f"/p/{post.short_id}/photos/{photo.key}/download/")
    assert sent["Content-Disposition"].startswith("attachment;")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
