"""The plain form's files: each limited, and all together, while they are still on their way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from community.uploads import takes_upload, takes_uploads


@pytest.fixture(autouse=True)
def small_limits(settings):
    settings.UPLOAD_MAX_BYTES = 200_000
    settings.UPLOAD_FORM_MAX_BYTES = 500_000


def sent(*sizes, view=takes_uploads):
    """The request as a view sees it that was sent files of these sizes, called 1.jpg, 2.jpg ..."""
    seen = []
    files = [SimpleUploadedFile(f"{number}.jpg", bytes(size)) for number, size in enumerate(sizes, start=1)]
    request = RequestFactory().post("/share/", {"pictures": files, "caption": "Typed with care"})
    request._dont_enforce_csrf_checks = True

    @view
    def look(request):
        request.POST  # noqa: B018 (reads the form)
        seen.append(request)
        return HttpResponse()

    response = look(request)
    return seen[0] if seen else response


def kept(request):
    return [(file.name, file.size) for file in request.FILES.getlist("pictures")]


def said(request):
    """What is said of each file that was left out."""
    return [request.arrivals.said_of(place, message) for place, message in request.arrivals.refused.items()]


def test_files_that_fit_are_kept():
    request = sent(100_000, 200_000)
    assert kept(request) == [("1.jpg", 100_000), ("2.jpg", 200_000)]
    assert request.arrivals.refused == {}


def test_one_that_is_too_large_is_named_and_the_others_are_kept():
    request = sent(100_000, 200_001, 50_000)
    assert kept(request) == [("1.jpg", 100_000), ("3.jpg", 50_000)]
    assert said(request) == ["2. “2.jpg”: This file is larger than 195.3\xa0KB. Please choose a smaller one."]
    assert request.POST["caption"] == "Typed with care"


def test_what_has_no_room_in_the_form_is_named_and_the_others_are_kept():
    request = sent(200_000, 200_000, 150_000, 60_000)
    assert kept(request) == [("1.jpg", 200_000), ("2.jpg", 200_000), ("4.jpg", 60_000)]
    assert said(request) == ["3. “3.jpg”: It did not fit any more: this form takes 488.3\xa0KB at once."]


def test_a_file_that_is_not_kept_takes_no_room_from_the_others():
    request = sent(300_000, 200_000, 200_000, 100_000)
    assert [name for name, _size in kept(request)] == ["2.jpg", "3.jpg", "4.jpg"]


def test_a_lone_file_needs_no_name(settings):
    assert said(sent(300_000)) == ["This file is larger than 195.3\xa0KB. Please choose a smaller one."]


def test_more_files_than_a_post_has_photos_are_named_and_not_kept():
    request = sent(*[1000] * 21)
    assert len(kept(request)) == 20
    assert said(request) == ["21. “21.jpg”: A post has 20 photos at most."]


def test_a_body_far_over_the_limit_of_a_form_is_answered_without_being_read(db):
    assert sent(*[200_000] * 6).status_code == 413


@pytest.mark.parametrize("sizes", [[200_000] * 5, []])
def test_a_form_of_one_file_has_limits_of_its_own(db, sizes):
    answer = sent(*sizes, view=takes_upload)
    assert (answer.status_code == 413) if sizes else (kept(answer) == [])
