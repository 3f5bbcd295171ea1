"""Your reports: what one has reported, and what came of it; nobody else's, and no more than one said."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions.answer_reports import answer_reports
from community.actions.suspend_member import suspend_member
from community.answering import path_of
from community.models import Report, User
from community.permissions import may_report
from community.views import reports as views
from tests.cases_world import a_comment_on, a_report
from tests.factories import a_member, a_post, a_staff_member
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db
URL = "/settings/reports/"


@pytest.fixture
def milo():
    return a_member("milo")


def page_of(member, url=URL):
    return signed_in(member).get(url).content.decode()


def test_it_lists_what_one_reported_when_and_what_was_answered(milo):
    ana = a_member("ana")
    post = a_post(ana)
    waiting = a_report(post, by=milo, category="harassment", text="Mean <words>")
    answered = a_report(a_comment_on(post, ana), by=milo)
    answer_reports(answered.case, "It is removed.")
    html = page_of(milo)
    assert html.index(answered.key) < html.index(waiting.key)
    assert "A post: Harassment or bullying" in html and "Mean &lt;words&gt;" in html and "Not decided yet." in html
    assert "A comment: Spam or fraud" in html and "It is removed." in html
    assert all(f'href="/reports/{report.key}/"' in html for report in (waiting, answered))


def test_it_names_neither_whom_it_is_about_nor_the_case_nor_what_others_reported(milo):
    post = a_post(a_member("ana", name="Ana Duarte"), caption="A telling caption")
    a_report(post, by=milo)
    theirs = a_report(post, by=a_member("gus"), text="What Gus says", category="hate")
    html = page_of(milo)
    for word in ("Duarte", "telling", post.short_id, theirs.key, theirs.case.key, "Gus says", "Hatred"):
        assert word not in html


def test_it_goes_on_in_pages_and_costs_the_same(milo, monkeypatch):
    post = a_post()
    keys = [a_report(a_comment_on(post), by=milo).key for _number in range(2)]
    page_of(milo)  # what is in the cache from now on
    with CaptureQueriesContext(connection) as few:
        page_of(milo)
    keys += [a_report(a_comment_on(post), by=milo).key for _number in range(3)]
    with CaptureQueriesContext(connection) as many:
        page_of(milo)
    assert len(many) == len(few)
    monkeypatch.setattr(views, "PAGE", 3)
    first = signed_in(milo).get(URL).context["page"]
    rest = signed_in(milo).get(f"{URL}?after={first.next}").context["page"]
    assert [report.key for report in [*first, *rest]] == keys[::-1]


def test_the_settings_and_the_page_that_thanks_lead_there(milo):
    report = a_report(by=milo)
    assert f'href="{URL}"' in page_of(milo, "/settings/")
    assert f'href="{URL}"' in page_of(milo, f"/reports/{report.key}/")
    assert "You have reported nothing" in page_of(a_member())


def test_a_visitor_signs_in_first_and_a_visitors_own_page_does_not_lead_there(client):
    assert client.get(URL).url.startswith("/accounts/login/")
    assert URL not in client.get(path_of(a_report(email="vera@example.org"))).content.decode()


@pytest.mark.parametrize("standing", ["suspended", "left"])
def test_who_is_suspended_or_has_left_reports_nothing(milo, standing):
    User.objects.filter(pk=milo.pk).update(standing=standing)
    milo.refresh_from_db()
    assert not may_report(milo)
    with pytest.raises(PermissionDenied):
        a_report(by=milo)
    assert not Report.objects.exists()


def test_who_has_not_confirmed_their_address_may_report():
    assert may_report(a_member(verified=False))


def test_a_suspended_member_is_led_to_the_reason_instead_of_the_form_and_the_list(milo):
    post = a_post()
    suspend_member(milo, by=a_staff_member("Moderators"), reason="Spam")
    for url in (f"/report/post/{post.short_id}/", URL):
        assert signed_in(milo).get(url).url == "/accounts/suspended/"
