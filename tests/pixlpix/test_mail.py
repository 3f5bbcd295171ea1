"""Mail by a sender's API: what goes out, and what whoever sends sees when it does not."""

from smtplib import SMTPException, SMTPRecipientsRefused

import pytest
import requests
from django.core.mail import EmailMessage, get_connection, send_mail

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _by_postmark(settings):
    settings.EMAIL_BACKEND = "pixlpix.mail.SenderBackend"
    settings.SENDER_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "REQUESTS_TIMEOUT": 10,
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    }


@pytest.fixture
def posted(monkeypatch):
    """The requests that would have gone to the sender, none of which does; `posted.answer` is what it says."""

    class Posted(list):
        answer = (200, b'[{"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ana@example.org"}]')

    posted = Posted()

    def send(self, request, **options):
        posted.append((request, options))
        response = requests.Response()
        response.status_code, response._content = posted.answer
        response.request = request
        return response

    monkeypatch.setattr(requests.Session, "send", send)
    return posted


def one_mail():
    return send_mail("Hello", "A word", "PixlPix <hello@pixlpix.example>", ["ana@example.org"])


def test_goes_over_https_and_asks_for_no_tracking(posted):
    assert one_mail() == 1
    request, options = posted[0]
    assert request.url.startswith("https://")
    assert '"TrackOpens": false' in request.body
    assert '"TrackLinks": "None"' in request.body
    assert options["timeout"] == 10


@pytest.mark.parametrize("answer", [(500, b"down"), (422, b'{"ErrorCode": 400, "Message": "ana@example.org"}')])
def test_what_it_refuses_looks_as_from_any_mail_server_and_quotes_no_address(posted, answer):
    posted.answer = answer
    with pytest.raises(SMTPException, match=f"^postmark: answered {answer[0]}$") as refused:
        one_mail()
    assert refused.value.__cause__ is None  # a log would print it, whole mail and all
    assert refused.value.__suppress_context__


def test_an_address_that_it_will_never_write_to_is_told_apart(posted):
    """Such a mail is not tried again."""
    said = b"Found inactive addresses: ana@example.org. Inactive recipients are ones that have generated a hard bounce."
    posted.answer = (422, b'{"ErrorCode": 406, "Message": "%s"}' % said)
    with pytest.raises(SMTPRecipientsRefused) as refused:
        one_mail()
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_sender_that_does_not_answer_looks_like_a_mail_server_that_is_down(monkeypatch):
    def send(self, request, **options):
        raise requests.ConnectionError("no way there")

    monkeypatch.setattr(requests.Session, "send", send)
    with pytest.raises(SMTPException, match=r"^postmark: ConnectionError$"):
        one_mail()


def test_several_mails_go_over_one_connection(posted):
    with get_connection() as connection:
        session = connection.sender.session
        connection.send_messages([EmailMessage("A", "B", to=["ana@example.org"], connection=connection)])
        assert connection.sender.session is session
    assert connection.sender.session is None
