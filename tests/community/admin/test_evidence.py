"""Letting evidence go in the console: administrators, of a closed case, with a reason; others find nothing there."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from community.models import Case
from tests.cases_world import a_case
from tests.factories import a_post, a_staff_member
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return a_staff_member("Administrators", "boss")


def address(case):
    return reverse("console_evidence:evidence", args=[case.key])


def test_an_administrator_lets_the_evidence_of_a_closed_case_go_and_keeps_it_again(boss):
    case = a_case(category="child_safety", closed_at=timezone.now())
    client = signed_in(boss)
    for button, held in (("Let the evidence go", False), ("Keep the evidence", True)):
        assert button in client.get(address(case)).content.decode()
        assert client.post(address(case), {"reason": "The police have it."}).status_code == 302
        assert Case.objects.get().holds_evidence is held


def test_of_an_open_case_or_without_a_reason_the_form_says_why_not(boss):
    case = a_case(category="child_safety")
    page = signed_in(boss).post(address(case), {"reason": "Too early."})
    assert "decide it first" in page.content.decode()
    Case.objects.update(closed_at=timezone.now())
    assert signed_in(boss).post(address(case), {"reason": " "}).status_code == 200
    assert Case.objects.get().holds_evidence


def test_moderators_do_not_come_to_it(boss):
    case = a_case(category="child_safety", closed_at=timezone.now())
    client = signed_in(a_staff_member("Moderators"))
    assert client.post(address(case), {"reason": "Hm."}).status_code in (302, 403)
    assert Case.objects.get().holds_evidence
    assert signed_in(boss).get(reverse("console_evidence:evidence", args=["x"])).status_code == 404


def test_the_page_costs_the_same_whatever_is_in_the_case(boss, django_assert_max_num_queries):
    case, client = a_case(category="child_safety", reports=4), signed_in(boss)
    with django_assert_max_num_queries(12):
        client.get(address(case))


@pytest.mark.parametrize(
    ("holds", "closed", "way"),
    [(False, False, "Keep the"), (True, True, "Let the"), (True, False, ""), (False, True, "Keep the")],
)
def test_the_way_there_is_offered_where_it_leads_on(boss, rf, holds, closed, way):
    case = a_case(a_post(), holds_evidence=holds, closed_at=timezone.now() if closed else None)
    request = rf.get("/")
    request.user = boss
    page = render_to_string("community/admin/partials/reports.html", {"case": case, "reports": []}, request=request)
    assert (address(case) in page) is bool(way) and way in page
