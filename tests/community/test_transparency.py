"""Everybody reads how many reports, decisions and appeals there were, by month."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from community.models import Appeal, Decision, Report
from community.transparency import first_of_month, months
from tests.cases_world import a_case
from tests.factories import a_member

pytestmark = pytest.mark.django_db
URL = "/transparency/"


def test_reports_decisions_and_appeals_are_counted_in_their_month():
    case = a_case(reports=3)
    Report.objects.filter(pk=case.reports.first().pk).update(category="hate")
    ana = a_member("ana")
    for act, state in (("warn", "carried_out"), ("warn", "undone"), ("limit", "carried_out"), ("suspend", "proposed")):
        Decision.objects.create(act=act, state=state, member=ana)
    warned, undone = Decision.objects.filter(act="warn").order_by("pk")
    Appeal.objects.create(decision=warned, text="No"), Appeal.objects.create(decision=undone, outcome="overturned")
    month = months()[0]
    assert (month.month, month.reports) == (first_of_month(case.opened_at), {"hate": 1, "spam": 2})
    assert month.decisions == {"limit": 1, "warn": 2} and month.undone == 1
    assert (month.appeals, month.overturned) == (2, 1)


def test_twelve_months_are_shown_and_what_is_older_is_not():
    ana = a_member("ana")
    Decision.objects.create(act="warn", member=ana, made_at=datetime(2001, 3, 4, tzinfo=UTC))
    shown = months()
    assert len({month.month for month in shown}) == 12
    assert [month.month for month in shown] == sorted((month.month for month in shown), reverse=True)
    assert all(month.month.day == 1 and month.decided == 0 for month in shown)


def test_a_reader_costs_nothing_while_it_is_counted_already(client, django_assert_num_queries):
    a_case()
    client.get(URL)
    a_case()
    with django_assert_num_queries(0):
        assert months()[0].reports_made == 1
    cache.clear()
    assert months()[0].reports_made == 2


def test_the_page_names_nobody(client):
    case = a_case(category="hate")
    page = client.get(URL).content.decode()
    assert "1 report" in page and "Hatred against a group of people: 1" in page
    assert case.member.username not in page and case.key not in page and case.about not in page
