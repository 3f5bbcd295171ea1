"""With DEBUG off the site refuses to start without its secrets, in one line that says which; nothing of the demo runs."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SECRETS = {
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://pixlpix.example",
    "ALLOWED_HOSTS": "pixlpix.example",
    "VAULT_BUCKET": "vault",
    "MEDIA_BUCKET": "media",
    "CACHE_URL": "redis://cache.pixlpix.example:6379/0",
    "TRUSTED_PROXY_COUNT": "1",
    "MAIL_API_KEY": "key",
    "ALERT_EMAILS": "team@pixlpix.example",
}
ASK = """
from django.conf import settings as s
print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SERVE_MEDIA, s.SECURE_HSTS_SECONDS > 0)
"""


def start(tmp_path, *command, **environment):
    """Read the settings in a process of its own, with these variables alone, as an operator would start the site."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *(command or ("-c", ASK))],
        # An empty value goes before what a local .env says.
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "pixlpix.settings",
            "DATA_DIR": str(tmp_path),
            "DEBUG": "0",
            **environment,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_site_starts_strict_where_everything_is_set(tmp_path):
    started = start(tmp_path, **SECRETS)
    assert started.stdout.split() == ["False", "True", "True", "True", "False", "True"], started.stderr


@pytest.mark.parametrize("missing", SECRETS)
def test_site_refuses_to_start_without(tmp_path, missing):
    started = start(tmp_path, **{**SECRETS, missing: ""})
    assert started.returncode != 0
    assert started.stderr.splitlines()[-1].endswith(
        f"{missing} is not set. Set it (see .env.example), or set DEBUG=1 for a local run."
    )


def test_the_command_line_says_what_is_missing_in_one_line(tmp_path):
    started = start(tmp_path, "manage.py", "migrate", **{**SECRETS, "SECRET_KEY": ""})
    assert started.returncode == 1
    assert started.stderr.splitlines() == [
        "SECRET_KEY is not set. Set it (see .env.example), or set DEBUG=1 for a local run."
    ]


def test_gunicorn_says_what_is_missing_in_one_line_and_ends(tmp_path):
    """It starts a process anew that ends, for ever, unless it is told that none can begin."""
    command = ("-m", "gunicorn", "pixlpix.wsgi", "--bind", "127.0.0.1:0")
    started = start(tmp_path, *command, **{**SECRETS, "SECRET_KEY": ""})
    assert started.returncode == 3
    assert "Traceback" not in started.stderr
    own = [line for line in started.stderr.splitlines() if not line.startswith("{")]  # gunicorn's are JSON
    assert own == ["SECRET_KEY is not set. Set it (see .env.example), or set DEBUG=1 for a local run."]


def test_limits_of_pictures_are_the_promised_ones_where_nothing_else_is_set(tmp_path):
    names = ("UPLOAD_MAX_BYTES", "UPLOAD_MAX_PIXELS", "DECODE_SECONDS", "DECODE_MEMORY")
    ask = f"from django.conf import settings; print(*(getattr(settings, name) for name in {names}))"
    started = start(tmp_path, "-c", ask, **SECRETS)
    assert started.stdout.split() == [str(40 * 1024**2), "60000000", "20", str(1024**3)], started.stderr


def test_a_forgotten_debug_gives_the_strict_site(tmp_path):
    assert start(tmp_path, **{**SECRETS, "DEBUG": ""}).stdout.split()[:1] == ["False"]


# --- Several processes, proxies, mail ---------------------------------------------------------------------------------


def last_words(started):
    return started.returncode, started.stderr.splitlines()


def test_several_processes_refuse_to_start_without_a_shared_cache(tmp_path):
    alone = {**SECRETS, "CACHE_URL": "locmemcache://"}
    assert start(tmp_path, "manage.py", "check", **alone, WEB_CONCURRENCY="1").returncode == 0
    status, lines = last_words(start(tmp_path, "manage.py", "check", **alone, WEB_CONCURRENCY="4"))
    assert status == 1
    assert len(lines) == 1 and lines[0].startswith("CACHE_URL names each process's own memory")


def test_several_processes_start_with_one(tmp_path):
    assert start(tmp_path, **SECRETS, WEB_CONCURRENCY="4").returncode == 0


def test_a_number_of_proxies_that_is_none_is_named(tmp_path):
    status, lines = last_words(start(tmp_path, "manage.py", "check", **{**SECRETS, "TRUSTED_PROXY_COUNT": "one"}))
    assert (status, lines) == (1, ["TRUSTED_PROXY_COUNT is 'one', which is no whole number. See .env.example."])


MAIL = "from django.conf import settings as s; print(s.EMAIL_BACKEND, getattr(s, 'SENDER_BACKEND', ''), s.EMAIL_HOST)"


@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_mail_goes_by_the_api_of_the_sender_that_is_named(tmp_path, provider):
    started = start(tmp_path, "-c", MAIL, **SECRETS, MAIL_PROVIDER=provider)
    assert started.stdout.split()[:2] == ["pixlpix.mail.SenderBackend", f"anymail.backends.{provider}.EmailBackend"]


def test_a_mail_server_goes_before_the_sender_and_needs_no_key(tmp_path):
    environment = {**SECRETS, "MAIL_API_KEY": "", "EMAIL_URL": "smtp+tls://me:pass@mail.example:587"}
    started = start(tmp_path, "-c", MAIL, **environment)
    assert started.stdout.split() == ["django.core.mail.backends.smtp.EmailBackend", "mail.example"]


def test_a_sender_that_nobody_knows_is_named(tmp_path):
    status, lines = last_words(start(tmp_path, "manage.py", "check", **SECRETS, MAIL_PROVIDER="pigeon"))
    assert (status, lines) == (1, ["MAIL_PROVIDER is 'pigeon'. Known are postmark, mailgun."])
