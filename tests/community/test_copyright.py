"""Copyright: the notice with what the law asks, its queue, and the counter-notice of the author."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from community.actions.file_counter_notice import file_counter_notice
from community.forms_reports import CounterNoticeForm
from community.models import Case, Report
from community.quiet_checks import shown_now
from gallery.actions.take_down_post import take_down_post
from tests.cases_world import a_report
from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import a_post_for_followers, a_private_member, signed_in

pytestmark = pytest.mark.django_db
NOTICE, SITE = "/copyright/notice/", "https://pixlpix.example"


def a_notice(post, **more):
    """A complete notice of a visitor's."""
    return {
        "name": "Vera Lens", "contact": "Harbour 1, Bergen, +47 1", "owner": "", "work": "Harbour at dawn, 2019",
        "original": "", "address": SITE + post.address(), "good_faith": "on", "accurate": "on",
        "signature": "vera  lens", "email": "vera@example.org", "shown": shown_now(ago=60), "website": "", **more,
    }  # fmt: skip


COUNTER = {
    "name": "Ana Ridge", "contact": "Hill 2", "why": "I took it myself.", "mistake": "on", "court": "on",
    "signature": "Ana Ridge",
}  # fmt: skip


def test_the_page_explains_and_leads_to_the_notice(client):
    page = client.get("/copyright/").content.decode()
    assert NOTICE in page
    assert "/copyright/" in client.get("/").content.decode()


def test_a_visitors_notice_opens_a_case_in_the_queue_of_copyright(client):
    post = a_post()
    page = client.post(NOTICE, a_notice(post), follow=True)
    report = Report.objects.get()
    assert report.key in page.content.decode()
    assert (report.case.queue, report.case.post, report.category) == ("copyright", post, "copyright")
    assert report.details["name"] == "Vera Lens" and report.details["work"] == "Harbour at dawn, 2019"
    assert report.details["good_faith"] is True and report.details["signature"] == "vera lens"
    assert "email" not in report.details and report.email == "vera@example.org"


def test_a_member_needs_no_address():
    post = a_post()
    sent = {name: value for name, value in a_notice(post).items() if name not in ("email", "shown", "website")}
    milo = a_member()
    signed_in(milo).post(NOTICE, sent)
    assert Report.objects.get().reporter == milo


@pytest.mark.parametrize(
    "missing", ["name", "contact", "work", "address", "good_faith", "accurate", "signature", "email"]
)
def test_everything_that_the_law_asks_must_be_there(client, missing):
    assert client.post(NOTICE, a_notice(a_post(), **{missing: ""})).status_code == 422
    assert not Report.objects.exists()


def test_somebody_else_cannot_sign(client):
    assert client.post(NOTICE, a_notice(a_post(), signature="Otto Other")).status_code == 422


@pytest.mark.parametrize("shape", ["{path}", "localhost:8000{path}", "http://localhost{path}?in=home#c-1", "/p/{id}/"])
def test_the_address_of_a_post_is_understood_as_people_write_it(client, shape):
    post = a_post()
    client.post(NOTICE, a_notice(post, address=shape.format(path=post.address(), id=post.short_id)))
    assert Case.objects.get().post == post


def test_a_profile_picture_is_claimed_by_the_members_page(client):
    a_member("ana")
    client.post(NOTICE, a_notice(a_post(), address="/members/ana/"))
    assert (Case.objects.get().kind, Case.objects.get().member.username) == ("profile", "ana")


@pytest.mark.parametrize(
    "address", ["/members/", "/nothing/", "/p/xxxxxxxxxx/", "http://[", "/members/nobody/", "%00", "x"]
)
def test_an_address_without_a_post_is_said_to_be_none(client, address):
    page = client.post(NOTICE, a_notice(a_post(), address=address))
    assert page.status_code == 422 and "There is no post at this address" in page.content.decode()


def test_a_notice_names_nothing_that_its_sender_cannot_see(client):
    post = a_post_for_followers(a_private_member())
    assert client.post(NOTICE, a_notice(post)).status_code == 422
    assert not Case.objects.exists()


def test_ones_own_post_is_not_claimed_from_oneself():
    post = a_post()
    page = signed_in(post.author).post(NOTICE, a_notice(post))
    assert page.status_code == 422 and "your own" in page.content.decode()


# --- Counter-notice ---------------------------------------------------------------------------------------------------


@pytest.fixture
def taken_down():
    """Ana's post, which was taken down after somebody's notice."""
    post = a_post(a_member("ana"))
    a_report(post, category="copyright", details={"name": "Vera Lens"})
    return take_down_post(post, by=a_staff_member("Moderators"), reason="Copyright")[0]


def test_the_author_is_offered_a_counter_notice_and_sends_it(taken_down):
    ana, url = signed_in(taken_down.author), reverse("counter_notice", args=[taken_down.short_id])
    assert url in (page := ana.get(taken_down.address()).content.decode()) and "Vera Lens" not in page
    assert "Vera Lens" not in ana.get(url).content.decode()
    page = ana.post(url, COUNTER, follow=True)
    report = Report.objects.get(reporter=taken_down.author)
    assert report.details["counter"] and report.details["why"] == "I took it myself."
    assert report.case.queue == "copyright" and report.key in page.content.decode()


@pytest.mark.parametrize("missing", CounterNoticeForm.asked)
def test_a_counter_notice_is_complete_or_not_taken(taken_down, missing):
    url = reverse("counter_notice", args=[taken_down.short_id])
    assert signed_in(taken_down.author).post(url, {**COUNTER, missing: ""}).status_code == 422
    assert Report.objects.count() == 1


def test_who_is_not_the_author_has_nothing_to_answer(client, taken_down):
    url = reverse("counter_notice", args=[taken_down.short_id])
    assert client.get(url).status_code == 302
    assert signed_in(a_member()).get(url).status_code == 404
    with pytest.raises(PermissionDenied):
        file_counter_notice(taken_down, by=a_member(), details=COUNTER)


def test_what_was_taken_down_for_something_else_or_stands_has_no_counter_notice():
    down, standing = a_post(a_member("ana")), a_post(a_member())
    a_report(standing, category="copyright")
    down = take_down_post(down, by=a_staff_member("Moderators"), reason="Spam")[0]
    for post in (down, standing):
        url = reverse("counter_notice", args=[post.short_id])
        assert signed_in(post.author).get(url).status_code == 404
        assert url not in signed_in(post.author).get(post.address()).content.decode()
