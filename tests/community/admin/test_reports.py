"""What people reported, as the page of a case shows it."""

import pytest
from django.template.loader import render_to_string

from community.admin.reports import MOST, reports_of
from tests.cases_world import a_report
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


def page_of(case, viewer):
    return render_to_string("community/admin/partials/reports.html", {"reports": reports_of(case, viewer)})


def test_a_moderator_reads_who_said_what():
    post = a_post()
    a_report(post, by=a_member("gustav"), text="It <b>hurts</b>", category="harassment")
    report = a_report(post, email="vera@example.org", text="Bad")
    page = page_of(report.case, a_staff_member("Moderators"))
    assert "Harassment or bullying" in page and "It &lt;b&gt;hurts&lt;/b&gt;" in page and report.key in page
    assert "/members/gustav/" in page and "vera@example.org" in page


def test_what_the_law_asks_is_shown_by_its_labels_and_a_counter_notice_by_its_name():
    details = {"counter": True, "name": "Ana Ridge", "mistake": True, "unknown": "x", "why": "Mine\nalone"}
    report = a_report(category="copyright", details=details)
    page = page_of(report.case, a_staff_member("Moderators"))
    assert "Counter-notice" in page and "Your full name" in page and "Ana Ridge" in page and "Mine<br>alone" in page
    assert "unknown" not in page


def test_staff_whom_it_is_about_learn_nothing():
    moderator = a_staff_member("Moderators", "mod")
    report = a_report(a_post(moderator), by=a_member("gustav"), text="Tellingwords")
    page = page_of(report.case, moderator)
    assert "gustav" not in page and "Tellingwords" not in page


def test_a_case_with_many_reports_is_shown_in_one_query(django_assert_num_queries):
    post, moderator = a_post(), a_staff_member("Moderators")
    reports = [a_report(post, email=f"v{number}@example.org") for number in range(MOST + 2)]
    with django_assert_num_queries(1):
        page = page_of(reports[0].case, moderator)
    assert page.count("<li>") == MOST
