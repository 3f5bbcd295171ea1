"""Headers that guard are on every answer: of each address there is, of files, of errors. test_every_page asks each page."""

import pytest
from django.test import Client

from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import signed_in
from tests.pixlpix.defence import PUBLIC, addresses, policy_of, wrong_headers
from tests.pixlpix.test_strict_settings import SECRETS, start
from tests.visiting import media_host

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


def test_scripts_and_styles_are_served_with_them(settings):
    """WhiteNoise answers before most middleware is asked."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    for url in ("/static/js/menu.js", "/static/css/console.css"):
        response = Client().get(url)
        assert (response.status_code, wrong_headers(response)) == (200, {}), url


def test_production_is_asked_by_https_alone_for_a_year(tmp_path):
    ask = """
import django
django.setup()
from django.test import Client
client = Client(headers={"host": "pixlpix.example"})
print(client.get("/.well-known/security.txt", secure=True)["Strict-Transport-Security"])
print(client.get("/.well-known/security.txt")["Location"])
"""
    said = start(tmp_path, "-c", ask, **SECRETS)
    assert said.stdout.splitlines() == [
        "max-age=31536000; includeSubDomains; preload",
        "https://pixlpix.example/.well-known/security.txt",
    ], said.stderr


def test_public_pages_allow_no_script_and_no_style_but_files_of_ours(client):
    told = policy_of(client.get("/"))
    for name in ("default-src", "script-src", "style-src", "connect-src", "form-action", "frame-ancestors"):
        assert told[name] in ("'self'", "'none'"), name
    assert "unsafe" not in str(told)


def test_the_consoles_policy_allows_nothing_from_elsewhere():
    told = policy_of(signed_in(a_staff_member("Moderators")).get("/admin/"))
    assert (told["script-src"], told["default-src"]) == ("'self'", "'self'")
    pictures = {source for source in told.pop("img-src").split() if not media_host().startswith(source)}
    assert pictures == {"'self'", "data:", "blob:"}
    assert not [sources for sources in told.values() if any(part in sources for part in ("*", ":", "unsafe-eval"))]


@pytest.mark.usefixtures("local_storages")
def test_what_is_sent_as_a_file_would_run_nothing_if_it_were_shown():
    ana = a_member("ana")
    post = a_post(ana)
    [photo] = post.photos.all()
    sent = signed_in(ana).get(f"/p/{post.short_id}/photos/{photo.key}/download/")
    assert sent["Content-Disposition"].startswith("attachment;")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
