"""What the site logs: an id and a view for each request, and nothing that says who it was."""

import io
import json
import logging

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from community.models import Report, User
from gallery.files import StorageUnavailable
from pixlpix import urls
from pixlpix.watching.logs import JsonLines, PlainLines
from pixlpix.watching.scrubbing import scrub
from tests.community.joining import answers, asking, join, link_in_mail, sign_in
from tests.factories import a_member, a_picture, a_post

assert urls.urlpatterns  # all views are imported before one name in them is patched, or some would keep the patch
ADDRESS, BROWSER = "203.0.113.77", "Netscape/4.08 (of Ana)"


def collect(formatter):
    """A handler on the root logger that keeps what a formatter makes of every line; gives the handler and its stream."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)
    return handler, stream


@pytest.fixture
def log():
    """Lines of the log as objects: log()."""
    handler, stream = collect(JsonLines())
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def every_line(settings):
    """All that both forms make of all that is logged at INFO or above: every_line()."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    collected = [collect(JsonLines()), collect(PlainLines())]
    yield lambda: "".join(stream.getvalue() for _handler, stream in collected)
    for handler, _stream in collected:
        root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("No mail to ana.duarte+x@mail.example.org today", "today", "duarte"),
        ("from 203.0.113.7:443", "from", "203.0.113"),
        ("from [2001:db8::17]", "from", "db8"),
        ("GET https://x.example/search/?q=ana+duarte done", "/search/", "ana"),
        ("token=abcdef123456, then", "then", "abcdef"),
        ("Authorization: Bearer abcdef123456", "Authorization", "abcdef"),
        ("'password': 'hunter2'", "password", "hunter2"),
        ("postgres://site:hunter2@db/x", "db/x", "hunter2"),
        ("/accounts/password/reset/key/5-c0ffee-1234/", "/key/", "c0ffee"),
        ("/members/ana/iceland/", "/members/", "ana"),
        ("IntegrityError: duplicate\nDETAIL:  Key (username)=(ana) already exists.\nmore", "more", "ana"),
        ("eyJh:1sXyZ:Abcdefghijklmnopqrstuvwx123", "", "Abcdefghij"),
    ],
)
def test_scrubbing_takes_out(text, kept, gone):
    scrubbed = scrub(text)
    assert gone not in scrubbed and kept in scrubbed


@pytest.mark.parametrize(
    "text", ["12:34:56 at 127.0.0.1:8333, ::1", "Wagtail 8.0.1 took 0.12.3", "sha 9f86d081884c7d65", "a-b: c"]
)
def test_scrubbing_leaves_what_operators_need(text):
    assert scrub(text) == text


class TestLines:
    def record(self, message, *args, **extra):
        record = logging.LogRecord("another.package", logging.ERROR, __file__, 1, message, args, None)
        vars(record).update(extra)
        return record

    def test_a_line_is_one_object_whatever_is_in_it(self):
        line = JsonLines().format(self.record('two\nlines "and\\ana@example.org"'))
        assert "\n" not in line
        assert json.loads(line)["message"].startswith("two\nlines") and "ana@" not in line

    def test_only_what_is_known_to_be_harmless_is_written_beside_the_words(self):
        line = JsonLines().format(self.record("x", user="ana", form={"email": "a@b.example"}, route="share"))
        assert "ana" not in line and "example" not in line and json.loads(line)["route"] == "share"

    @pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
    def test_a_traceback_is_there_and_scrubbed(self, formatter):
        try:
            raise ValueError("no such person: ana@example.org")
        except ValueError as error:
            record = self.record("It broke")
            record.exc_info = (type(error), error, error.__traceback__)
        line = formatter.format(record)
        assert "test_watching_logs.py" in line and "no such person" in line and "ana@" not in line


@pytest.mark.django_db
class TestRequests:
    def lines_of(self, log, logger="pixlpix.access"):
        return [line for line in log() if line["logger"] == logger]

    def test_access_names_view_status_time_and_queries(self, client, log, every_line):
        post = a_post(a_member("ana"))
        client.get(post.address() + "?utm=x")
        line = self.lines_of(log)[-1]
        assert (line["method"], line["route"], line["status"]) == ("GET", "post", 200)
        assert line["queries"] > 0 and line["milliseconds"] >= line["query_milliseconds"] >= 0

    def test_answer_and_lines_carry_one_id(self, client, log, every_line):
        first, second = (client.get("/policy/")["X-Request-ID"] for _time in range(2))
        assert first != second and len(first) == 16
        assert [line["request"] for line in self.lines_of(log)][-2:] == [first, second]

    @pytest.mark.parametrize(
        ("proxies", "given", "believed"),
        [
            (1, "abc-DEF_12345", True),
            (0, "abc-DEF_12345", False),
            (1, "short", False),
            (1, "a" * 65, False),
            (1, 'abcdefgh" evil="1', False),
            (1, "abcdefgh\u0661", False),
        ],
    )
    def test_an_id_is_believed_where_a_proxy_gives_a_well_formed_one(self, client, settings, proxies, given, believed):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        answer = client.get("/policy/", headers={"x-request-id": given})
        assert (answer["X-Request-ID"] == given) is believed

    def test_an_error_is_logged_by_view_with_its_id(self, client, log, monkeypatch):
        monkeypatch.setattr("community.views.members.find_member", lambda *args, **kwargs: 1 / 0)
        client.raise_request_exception = False
        answer = client.get("/members/ana/")
        [line] = self.lines_of(log, "django.request")
        assert line["request"] == answer["X-Request-ID"] and line["error"] == "ZeroDivisionError"
        assert line["message"].endswith(": member"), "not by its path, which the net below would scrub of names alone"

    def test_our_own_lines_leave_the_net_nothing_to_take_out(self, client, caplog, settings):
        settings.SLOW_QUERY_MS = settings.SLOW_REQUEST_MS = 0
        a_member("ana")
        with caplog.at_level(logging.INFO):
            client.get("/members/ana/?q=1", REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
        ours = [record.getMessage() for record in caplog.records if record.name in ("pixlpix.access", "pixlpix.slow")]
        assert len(ours) > 2
        assert not [line for line in ours if ADDRESS in line or BROWSER in line or "/ana" in line or "?q" in line]

    def test_probes_and_files_are_not_logged(self, client, log, every_line):
        client.get("/healthz")
        client.get("/static/nothing.css")
        assert not self.lines_of(log)

    def test_slow_requests_and_queries_are_logged_without_what_was_asked(self, client, log, settings):
        a_member("ana")
        settings.SLOW_QUERY_MS = settings.SLOW_REQUEST_MS = 0
        client.get("/members/ana/?q=secretword")
        slow = self.lines_of(log, "pixlpix.slow")
        assert [line for line in slow if line.get("sql", "").startswith("SELECT")]
        assert slow[-1]["route"] == "member" and slow[-1]["message"].startswith("A slow request")
        assert not [line for line in slow if "'ana'" in str(line) or "secretword" in str(line)]

    def test_quick_ones_are_not(self, client, log, settings):
        settings.SLOW_QUERY_MS = settings.SLOW_REQUEST_MS = 60_000
        client.get("/policy/")
        assert not self.lines_of(log, "pixlpix.slow")

    def test_a_connection_counts_each_query_once(self, django_assert_num_queries):
        assert len([wrapper for wrapper in connection.execute_wrappers if wrapper.__name__ == "watch_query"]) == 1


@pytest.mark.django_db
class TestNobodyIsNamed:
    """The key journeys, walked; whatever any library logged on the way is read."""

    @pytest.fixture(autouse=True)
    def _visitor(self, client, every_line):
        client.defaults.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
        self.client, self.lines = client, every_line

    def expect_nothing_of(self, *words):
        text = self.lines()
        assert "pixlpix.access" in text
        for word in (ADDRESS, BROWSER, "@example.org", *words):
            assert word not in text, [line for line in text.splitlines() if word in line]

    def test_signing_up_and_confirming(self):
        join(self.client, username="zaphodine", email="zaphodine@example.org")
        self.client.post(link_in_mail())
        assert User.objects.get(username="zaphodine").verified_at
        self.expect_nothing_of("zaphodine", answers()["password1"], link_in_mail().split("/")[-2])

    def test_failing_to_sign_in(self):
        a_member("zaphodine")
        for login in ("zaphodine", "zaphodine@example.org", "nobodyknown"):
            sign_in(self.client, login, "a wrong passphrase")
        self.expect_nothing_of("zaphodine", "nobodyknown", "wrong passphrase")

    def test_resetting_a_password(self):
        a_member("zaphodine")
        self.client.post(reverse("account_reset_password"), asking("zaphodine@example.org"))
        link = link_in_mail()
        self.client.get(link, follow=True)
        self.expect_nothing_of("zaphodine", link.split("/")[-2])

    def test_a_mail_that_nobody_takes(self, monkeypatch):
        def refuse(self, messages):
            raise OSError(f"550 no such person: {messages[0].to}")

        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        join(self.client, username="zaphodine", email="zaphodine@example.org")
        assert not mail.outbox and "could not be sent" in self.lines()
        self.expect_nothing_of("zaphodine")

    def test_reporting_a_member(self):
        a_member("zaphodine")
        report = {"category": "harassment", "text": "Zarniwoop says so", **asking("vera@example.org")}
        self.client.post(reverse("report_member", args=["zaphodine"]), report)
        assert Report.objects.count() == 1
        self.expect_nothing_of("zaphodine", "vera", "Zarniwoop")

    def test_an_upload_that_the_vault_does_not_take(self, monkeypatch):
        def down(*args, **kwargs):
            raise StorageUnavailable("no answer")

        self.client.force_login(a_member("zaphodine"))
        monkeypatch.setattr("gallery.actions.store_original.save", down)
        files = {"photos": [a_picture()], "caption": "Zarniwoop", "alt_text": "Zarniwoop", "do": "publish"}
        self.client.raise_request_exception = False
        self.client.post(reverse("share"), files)
        self.expect_nothing_of("zaphodine", "Zarniwoop")

    def test_what_is_not_there_or_not_allowed(self):
        for path in ("/members/zaphodine/nothing/", "/admin/", "/zaphodine/?q=zaphodine", "/%00zaphodine"):
            self.client.get(path)
        self.client.post("/share/", {"x": "zaphodine"}, headers={"referer": "https://evil.example/zaphodine?x"})
        self.expect_nothing_of("zaphodine")
