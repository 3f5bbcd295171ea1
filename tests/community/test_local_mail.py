"""A local run's mail is a file; the page that says "check your inbox" links the newest while DEBUG is on."""

import pytest
from django.core.mail import send_mail

from tests.community.joining import join

pytestmark = pytest.mark.django_db


@pytest.fixture
def local_run(settings, tmp_path):
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


def test_newest_mail_is_shown_with_its_link(client, local_run):
    send_mail("An older one", "Hello", "a@example.org", ["old@example.org"])
    join(client)
    page = client.get("/dev/mail/latest/").content.decode()
    assert "Confirm your address" in page and "ana@example.org" in page
    assert '<a href="http://testserver/accounts/confirm-email/' in page


def test_inbox_page_links_it(client, local_run):
    assert "/dev/mail/latest/" in client.get(join(client).url).content.decode()


def test_before_any_mail_the_page_says_so(client, local_run):
    assert "There is none yet" in client.get("/dev/mail/latest/").content.decode()


def test_text_of_a_mail_is_shown_as_text(client, local_run):
    send_mail("Subject", "<script>alert(1)</script> Ünï", "a@example.org", ["b@example.org"])
    page = client.get("/dev/mail/latest/").content.decode()
    assert "&lt;script&gt;" in page and "Ünï" in page


def test_outside_debug_there_is_no_such_page_and_no_link(client):
    assert client.get("/dev/mail/latest/").status_code == 404
    assert "/dev/mail/" not in client.get(join(client).url).content.decode()
