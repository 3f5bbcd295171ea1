"""static/js/uploads.js in real Chromium, against the real server, under the site's own policy of content."""

import base64

import pytest
from django.conf import settings
from django.core.files.storage import storages

from gallery.models import Original, Upload
from tests.factories import a_member
from tests.pictures import photo
from tests.uploading import in_scratch

pytestmark = pytest.mark.django_db(transaction=True)

PART = 20_000
CONTENT = photo(900, 700)  # some parts of it

# A page's part of the work: what happened stands in window.happened, by file.
PAGE = """async () => {
  const { send } = await import("/static/js/uploads.js");
  window.happened = {};
  window.sending = {};
  window.begin = (name, base64, part) => {
    const log = window.happened[name] = [];
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    window.sending[name] = send(new File([bytes], name), {
      part, delays: [20, 20],
      onProgress: (sent, total) => log.push(["sent", sent, total]),
      onDone: (key) => log.push(["done", key]),
      onRefused: (message) => log.push(["refused", message]),
      onBroken: (retry, message) => { window.retry = retry; log.push(["broken", message]); },
    });
  };
}"""


class Window:
    """A member's page that sends files."""

    def __init__(self, person, member, client):
        self.member, self.page = member, person.page
        client.force_login(member)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        self.page.context.add_cookies([{**cookie, "url": person.address}])
        person.go("/settings/galleries/new/")
        self.page.evaluate(PAGE)
        self.requests = []
        self.page.on("request", self.note)

    def note(self, request):
        if "/uploads/" in request.url:
            self.requests.append((request.method, request.headers.get("upload-offset")))

    def begin(self, name="a.jpg", content=CONTENT, part=PART):
        self.page.evaluate("(all) => window.begin(...all)", [name, base64.b64encode(content).decode(), part])

    def wait_for(self, event, name="a.jpg"):
        """What came with the first `event` of the file called `name`."""
        find = f"window.happened['{name}'].find((one) => one[0] === '{event}')"
        self.page.wait_for_function(f"() => {find}")
        return self.page.evaluate(f"() => {find}")[1:]

    def lose_connection(self, *, after):
        """Let `after` requests with parts through, and none that follow."""
        let_through = []

        def decide(route):
            let_through.append(1)
            if len(let_through) > after:
                route.abort("connectionreset")
            else:
                route.continue_()

        self.page.route("**/uploads/**", decide)

    def find_connection(self):
        self.page.unroute("**/uploads/**")


@pytest.fixture
def window(a_person, client):
    person = a_person()
    yield Window(person, a_member("ana"), client)
    assert [text for text in person.complaints if "Content Security" in text] == []


def test_a_file_goes_in_parts_and_its_key_leads_to_its_original(window):
    window.begin()
    (key,) = window.wait_for("done")
    upload = Upload.objects.get(key=key)
    assert (upload.owner, upload.is_complete) == (window.member, True)
    assert storages["vault"].open(upload.original.name).read() == CONTENT
    parts = -(-len(CONTENT) // PART)
    assert [method for method, _offset in window.requests] == ["POST"] + ["PATCH"] * (parts - 1)
    progress = [one[1:] for one in window.page.evaluate("window.happened['a.jpg']") if one[0] == "sent"]
    assert progress == sorted(progress)
    assert progress[-1] == [len(CONTENT), len(CONTENT)]
    # Nothing about anybody's files stays in the browser.
    assert window.page.evaluate("() => localStorage.length") == 0


def test_files_go_one_at_a_time(window):
    window.begin("a.jpg", photo(900, 700, quality=90))
    window.begin("b.jpg", photo(900, 700, quality=91))
    window.wait_for("done", "b.jpg")
    assert window.page.evaluate("window.happened['a.jpg'].at(-1)[0]") == "done"
    methods = [method for method, _offset in window.requests]
    assert methods.index("POST", 1) == len(methods) - methods[::-1].index("POST") - 1 > 1
    assert Original.objects.count() == 2


def test_a_lost_connection_goes_on_where_it_stopped_without_choosing_again(window):
    window.lose_connection(after=3)
    window.begin()
    window.wait_for("broken")
    assert Upload.objects.get().offset == 3 * PART
    window.find_connection()
    window.requests.clear()
    window.page.evaluate("() => window.retry()")
    (key,) = window.wait_for("done")
    assert window.requests[:2] == [("HEAD", None), ("PATCH", str(3 * PART))]
    assert storages["vault"].open(Upload.objects.get(key=key).original.name).read() == CONTENT
    assert Upload.objects.count() == 1


def test_a_short_interruption_is_bridged_without_asking(window):
    failed = []

    def once(route):
        if len(failed) < 1 and route.request.method == "PATCH":
            failed.append(1)
            route.abort("connectionreset")
        else:
            route.continue_()

    window.page.route("**/uploads/**", once)
    window.begin()
    window.wait_for("done")
    assert failed
    assert "broken" not in [one[0] for one in window.page.evaluate("window.happened['a.jpg']")]


def test_a_storage_that_is_down_is_told_in_its_words_and_can_be_tried_again(window, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(storages["vault"]), "_save", lambda *args: (_ for _ in ()).throw(OSError(28, "full")))
        window.begin()
        (message,) = window.wait_for("broken")
    assert "Nothing is lost" in message
    window.page.evaluate("() => window.retry()")
    window.wait_for("done")


def test_what_is_no_picture_is_refused_with_its_first_part_and_the_next_file_goes(window):
    window.begin("letter.txt", content=b"This is a letter. " * 10_000)
    window.begin("a.jpg", part=len(CONTENT))
    (message,) = window.wait_for("refused", "letter.txt")
    assert "not a picture" in message
    window.wait_for("done", "a.jpg")
    assert [method for method, _offset in window.requests] == ["POST", "POST"]


def test_somebody_who_is_signed_out_meanwhile_is_told_and_can_go_on_after_signing_in(window, client):
    cookies = window.page.context.cookies()
    window.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    window.begin()
    (message,) = window.wait_for("refused")
    assert "sign in" in message
    window.page.context.add_cookies(cookies)
    window.page.evaluate("() => window.sending['a.jpg'].retry()")
    window.wait_for("done")


def test_cancelling_removes_what_came_of_it(window):
    window.lose_connection(after=2)
    window.begin()
    window.wait_for("broken")
    assert in_scratch()
    window.find_connection()
    with window.page.expect_response(lambda response: response.request.method == "DELETE") as answer:
        window.page.evaluate("() => window.sending['a.jpg'].cancel()")
    assert answer.value.status == 204
    assert (Upload.objects.count(), in_scratch()) == (0, [])


def test_cancelling_on_the_way_lets_the_next_file_go(window):
    window.page.route("**/uploads/*/", lambda route: None)  # the second part never gets an answer
    window.begin("a.jpg", content=photo(900, 700, quality=90))
    window.page.wait_for_function("() => window.happened['a.jpg'].some((one) => one[1] >= 20_000)")
    window.begin("b.jpg")
    window.page.unroute("**/uploads/*/")
    window.page.evaluate("() => window.sending['a.jpg'].cancel()")
    window.wait_for("done", "b.jpg")
    assert "done" not in [one[0] for one in window.page.evaluate("window.happened['a.jpg']")]
    assert Original.objects.count() == 1
