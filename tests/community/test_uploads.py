"""The tus server: what each request of the protocol is answered."""

import socket
import time

import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from django.test import Client

from gallery.actions import receive_upload
from gallery.files import StorageUnavailable
from gallery.models import Original, Upload
from tests import factories as f
from tests.pictures import photo
from tests.uploading import PART, TUS, ask, begin, cancel, in_scratch, in_the_vault, send, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


@pytest.fixture
def content():
    return photo(600, 400)


@pytest.fixture
def address(client, ana, content):
    """The address of an upload that has come half-way."""
    return begin(client, len(content), content[: len(content) // 2])["Location"]


def words(response):
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


# --- The way through --------------------------------------------------------------------------------------------------


def test_a_file_arrives_in_parts_and_is_an_original_then(client, ana, content):
    upload = send_all(client, content, 10_000)
    assert upload.is_complete
    assert (upload.original.size, upload.original.mime, upload.original.first_by) == (len(content), "image/jpeg", ana)
    assert (in_the_vault(), in_scratch(), upload.parts) == ([upload.original.name], [], [])


def test_creation_says_where_the_parts_go(client, ana, content):
    response = begin(client, len(content))
    upload = Upload.objects.get()
    assert (response.status_code, response["Location"]) == (201, f"/uploads/{upload.key}/")
    assert (upload.owner, upload.size, upload.offset) == (ana, len(content), 0)


def test_creation_takes_the_first_part(client, ana, content):
    response = begin(client, len(content), content[:5000])
    assert response["Upload-Offset"] == "5000"
    assert len(in_scratch()) == 1


def test_creation_takes_the_whole_file_and_needs_no_scratch_storage(client, ana, content, monkeypatch):
    monkeypatch.setattr("gallery.parts.scratch", lambda: 1 / 0)
    response = begin(client, len(content), content)
    assert (response.status_code, response["Upload-Offset"]) == (201, str(len(content)))
    assert Upload.objects.get().original == Original.objects.get()


def test_one_part_that_is_the_whole_file_needs_no_scratch_storage(client, ana, content, monkeypatch):
    monkeypatch.setattr("gallery.parts.scratch", lambda: 1 / 0)
    response = send(client, begin(client, len(content))["Location"], 0, content)
    assert (response.status_code, response["Upload-Offset"]) == (204, str(len(content)))
    assert Upload.objects.get().is_complete


def test_head_says_how_much_has_come(client, address, content):
    response = ask(client, address)
    assert (response.status_code, response["Upload-Offset"]) == (200, str(len(content) // 2))
    assert response["Upload-Length"] == str(len(content))
    assert response["Cache-Control"] == "no-store"


def test_a_part_moves_the_offset(client, address, content):
    half = len(content) // 2
    response = send(client, address, half, content[half : half + 1000])
    assert (response.status_code, response["Upload-Offset"]) == (204, str(half + 1000))
    assert ask(client, address)["Upload-Offset"] == str(half + 1000)


def test_head_of_a_complete_upload_says_so(client, ana, content):
    upload = send_all(client, content, 20_000)
    response = ask(client, f"/uploads/{upload.key}/")
    assert response["Upload-Offset"] == response["Upload-Length"] == str(len(content))


def test_options_tell_what_is_spoken(client, settings):
    for path in ("/uploads/", "/uploads/x/"):
        response = client.options(path)
        assert response.status_code == 204
        assert response["Tus-Version"] == response["Tus-Resumable"] == "1.0.0"
        assert set(response["Tus-Extension"].split(",")) == {"creation", "creation-with-upload", "termination"}
        assert response["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)


def test_every_answer_names_the_version(client, ana):
    for response in (begin(client, 10), begin(client, 0), ask(client, "/uploads/x/"), client.get("/uploads/")):
        assert response["Tus-Resumable"] == "1.0.0"


def test_file_names_are_not_kept(client, ana, content):
    begin(client, len(content), content[:100], **{"upload-metadata": "filename bXktaG9tZS5qcGc="})
    row = Upload.objects.values().get()
    assert "my-home" not in f"{row}{in_scratch()}"
    assert "bXktaG9tZS5qcGc" not in f"{row}{in_scratch()}"


def test_cancelling_removes_the_row_and_the_parts(client, address):
    assert in_scratch()
    assert cancel(client, address).status_code == 204
    assert (in_scratch(), Upload.objects.count()) == ([], 0)
    assert ask(client, address).status_code == 404


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nobody", "unverified"])
def test_only_verified_members_upload(client, content, who):
    if who == "unverified":
        client.force_login(f.a_member(verified=False))
    response = begin(client, len(content), content)
    assert response.status_code == 403
    assert words(response)
    assert (Upload.objects.count(), in_the_vault()) == (0, [])


def test_somebody_elses_upload_does_not_exist(client, address, content):
    client.force_login(f.a_member("bert"))
    half = len(content) // 2
    answers = [ask(client, address), send(client, address, half, content[half:]), cancel(client, address)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Upload.objects.get().offset == half


def test_the_csrf_token_is_asked_for(ana, content, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    answers = [begin(client, len(content), content), send(client, address, 0, b"x"), cancel(client, address)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    client.get("/settings/galleries/new/")
    token = {"x-csrftoken": client.cookies["csrftoken"].value}
    assert begin(client, len(content), content, **token).status_code == 201


def test_a_member_who_has_to_accept_the_policy_is_told_and_not_led_to_a_page(client, ana, content):
    f.a_policy("<p>Something new.</p>")
    cache.clear()
    response = begin(client, len(content), content)
    assert (response.status_code, Upload.objects.count()) == (403, 0)
    assert "reload" in words(response)


def test_a_suspended_member_is_told_and_not_led_to_a_page(client, ana, content):
    type(ana).objects.filter(pk=ana.pk).update(standing="suspended")
    response = begin(client, len(content), content)
    assert (response.status_code, Upload.objects.count()) == (403, 0)
    assert words(response)


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "0.2.2", "2.0.0"])
def test_another_version_of_the_protocol_is_refused(client, ana, content, version):
    response = begin(client, len(content), content, **{"tus-resumable": version})
    assert (response.status_code, response["Tus-Version"], Upload.objects.count()) == (412, "1.0.0", 0)


@pytest.mark.parametrize("length", ["", "many", "-5", "9" * 30])
def test_the_length_has_to_be_known(client, ana, length):
    response = begin(client, length, **{"upload-defer-length": "1"})
    assert (response.status_code, Upload.objects.count()) == (400, 0)
    assert "Upload-Length" in words(response)


def test_an_empty_file_is_refused_kindly(client, ana):
    response = begin(client, 0)
    assert (response.status_code, Upload.objects.count()) == (422, 0)
    assert "empty" in words(response)


def test_a_file_over_the_limit_is_refused_before_it_is_sent(client, ana, settings):
    response = begin(client, settings.UPLOAD_MAX_BYTES + 1)
    assert (response.status_code, Upload.objects.count()) == (413, 0)
    assert "larger than 40" in words(response)


def test_a_part_over_the_limit_is_not_read(client, address, content, monkeypatch):
    monkeypatch.setattr(receive_upload, "MOST_IN_PART", 1000)
    response = send(client, address, len(content) // 2, content[:1001])
    assert (response.status_code, len(in_scratch())) == (413, 1)


def test_more_than_was_announced_is_not_kept(client, address, content):
    half = len(content) // 2
    response = send(client, address, half, content[half:] + b"x")
    assert response.status_code == 413
    assert (Upload.objects.get().offset, len(in_scratch()), in_the_vault()) == (half, 1, [])


@pytest.mark.parametrize("offset", [0, 7, 10**9])
def test_a_part_that_does_not_continue_is_refused(client, address, offset):
    response = send(client, address, offset, b"bytes")
    assert (response.status_code, len(in_scratch())) == (409, 1)


def test_a_part_has_to_say_where_it_begins(client, address):
    response = client.generic("PATCH", address, b"bytes", content_type=PART, headers=TUS)
    assert response.status_code == 400
    assert "Upload-Offset" in words(response)


def test_a_part_has_to_say_how_large_it_is(client, address, content):
    headers = {**TUS, "upload-offset": str(len(content) // 2)}
    response = client.generic("PATCH", address, b"", content_type=PART, headers=headers)
    assert response.status_code == 411


@pytest.mark.parametrize("content_type", ["image/jpeg", "application/x-www-form-urlencoded", "text/plain"])
def test_a_part_is_raw_bytes_and_no_form(client, address, content, content_type):
    headers = {**TUS, "upload-offset": str(len(content) // 2)}
    response = client.generic("PATCH", address, b"bytes", content_type=content_type, headers=headers)
    assert (response.status_code, len(in_scratch())) == (415, 1)


@pytest.mark.parametrize(("method", "path"), [("GET", "/uploads/"), ("PUT", "/uploads/"), ("POST", "/uploads/x/")])
def test_other_methods_are_not_allowed(client, ana, method, path):
    assert client.generic(method, path, headers=TUS).status_code == 405


def test_a_member_has_at_most_forty_unfinished_uploads(client, ana):
    Upload.objects.bulk_create(Upload(owner=ana, size=10) for _ in range(39))
    Upload.objects.bulk_create(Upload(owner=f.a_member(), size=10) for _ in range(3))
    assert begin(client, 10).status_code == 201
    response = begin(client, 10)
    assert response.status_code == 429
    assert "finish or cancel" in words(response)
    Upload.objects.filter(owner=ana).first().delete()
    assert begin(client, 10).status_code == 201


def test_finished_and_refused_uploads_do_not_count(client, ana, content, monkeypatch):
    monkeypatch.setattr(receive_upload, "MOST_UNFINISHED", 1)
    begin(client, len(content), content)
    Upload.objects.create(owner=ana, size=10, refusal="No picture.")
    assert begin(client, 10).status_code == 201


# --- What is no picture -----------------------------------------------------------------------------------------------


def test_what_is_no_picture_is_refused_with_its_first_part(client, ana):
    response = begin(client, 10_000_000, b"This is a letter. " * 100)
    assert response.status_code == 422
    assert "not a picture" in words(response)
    assert (in_scratch(), Upload.objects.count()) == ([], 0)


def test_a_first_part_that_comes_later_is_looked_at_too(client, ana):
    address = begin(client, 10_000_000)["Location"]
    response = send(client, address, 0, b"This is a letter. " * 100)
    assert response.status_code == 422
    assert "not a picture" in words(response)
    assert (in_scratch(), Upload.objects.get().refusal) == ([], words(response))


def test_an_upload_that_was_refused_stays_refused(client, ana):
    address = begin(client, 10_000_000)["Location"]
    said = words(send(client, address, 0, b"This is a letter. " * 100))
    again = send(client, address, 0, b"This is a letter. " * 100)
    assert (again.status_code, words(again)) == (422, said)
    assert ask(client, address).status_code == 410


def test_too_many_pixels_are_refused_with_the_first_part(client, ana, content, settings):
    settings.UPLOAD_MAX_PIXELS = 1000
    response = begin(client, len(content), content[: len(content) // 2])
    assert response.status_code == 422
    assert "megapixels" in words(response)
    assert in_scratch() == []


def test_what_only_the_whole_shows_is_refused_with_the_last_part(client, ana):
    broken = f.a_picture(format="PNG").read()[:-20]
    address = begin(client, len(broken), broken[:300])["Location"]
    response = send(client, address, 300, broken[300:])
    assert response.status_code == 422
    assert "damaged or incomplete" in words(response)
    assert (in_scratch(), in_the_vault(), Original.objects.count()) == ([], [], 0)
    assert Upload.objects.get().refusal == words(response)


def test_a_whole_file_that_is_no_picture_leaves_nothing_behind(client, ana):
    response = begin(client, 300, b"x" * 300)
    assert response.status_code == 422
    assert (Upload.objects.count(), Original.objects.count()) == (0, 0)


@pytest.fixture(scope="module")
def of_each_format():
    return {format: photo(400, 300, format=format) for format in ("JPEG", "PNG", "WEBP", "GIF", "HEIC", "AVIF")}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "HEIC", "AVIF"])
@pytest.mark.parametrize("part", [1, 20, 1024, 3000])
def test_a_picture_is_never_refused_because_its_first_part_is_short(client, ana, of_each_format, format, part):
    picture = of_each_format[format]
    first = begin(client, len(picture), picture[:part])
    send(client, first["Location"], part, picture[part:])
    assert Upload.objects.get().is_complete


# --- Storages and connections that fail -------------------------------------------------------------------------------


def fails(*args):
    raise StorageUnavailable("down")


@pytest.mark.parametrize("request_", ["creation", "whole file", "part", "last part"])
def test_a_storage_that_is_down_is_told_kindly_and_the_same_request_is_good_later(
    client, ana, content, monkeypatch, caplog, request_
):
    half = len(content) // 2
    address = begin(client, len(content), content[:half])["Location"]
    requests = {
        "creation": lambda: begin(client, len(content), content[:half]),
        "whole file": lambda: begin(client, len(content), content),
        "part": lambda: send(client, address, half, content[half : half + 9]),
        "last part": lambda: send(client, address, half, content[half:]),
    }
    with monkeypatch.context() as patch:
        for alias in ("vault", "default"):
            patch.setattr(type(storages[alias]), "_save", fails)
        response = requests[request_]()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "try again in a minute" in words(response)
    assert "could not be stored: down" in caplog.text
    assert (Upload.objects.get().offset, len(in_scratch()), in_the_vault()) == (half, 1, [])
    assert requests[request_]().status_code in (201, 204)


def test_a_part_that_is_gone_ends_the_upload_and_says_so(client, address, content):
    storages["default"].delete(in_scratch()[0])
    half = len(content) // 2
    response = send(client, address, half, content[half:])
    assert (response.status_code, Upload.objects.count()) == (410, 0)
    assert "begin anew" in words(response)


@pytest.mark.django_db(transaction=True)
def test_a_socket_that_closes_in_the_middle_of_a_part_leaves_what_came_of_it(live_server, client, content):
    ana = f.a_member("ana")
    client.force_login(ana)
    upload = Upload.objects.create(owner=ana, size=len(content))
    client.get("/settings/galleries/new/")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    host, _, port = live_server.url.removeprefix("http://").partition(":")
    head = (
        f"PATCH /uploads/{upload.key}/ HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {client.cookies['csrftoken'].value}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: {PART}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + content[:5000])
    deadline = time.monotonic() + 20
    while not Upload.objects.get().offset and time.monotonic() < deadline:
        time.sleep(0.02)
    assert Upload.objects.get().offset == 5000
    assert send(client, f"/uploads/{upload.key}/", 5000, content[5000:]).status_code == 204
    assert storages["vault"].open(Upload.objects.get().original.name).read() == content


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["creation with upload", "one part", "last part"])
def test_storing_a_file_takes_at_most_twelve_queries(client, ana, content, way, django_assert_max_num_queries):
    cache.clear()  # the consent gate asks the database as well
    if way == "creation with upload":
        with django_assert_max_num_queries(12):
            response = begin(client, len(content), content)
    else:
        first = content[:1000] if way == "last part" else b""
        address = begin(client, len(content), first)["Location"]
        with django_assert_max_num_queries(12):
            cache.clear()
            response = send(client, address, len(first), content[len(first) :])
    assert response.status_code in (201, 204)
    assert Upload.objects.get().is_complete


def test_the_parts_that_our_page_sends_are_as_large_as_the_settings_say_and_fit(settings):
    script = (settings.BASE_DIR / "static" / "js" / "uploads.js").read_text()
    assert "const PART = 5 * 1024 * 1024;" in script
    assert settings.UPLOAD_PART_BYTES == 5 * 1024 * 1024 <= receive_upload.MOST_IN_PART
