"""Counting days for the dashboard: in the sweeper, each day until it has ended, and no more often than it takes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.day_numbers import DAYS, count_days, last_days
from community.models import DayNumbers, Report, User
from community.sweep import sweep_people
from gallery.models import Original, PostPage
from tests.cases_world import a_report
from tests.factories import a_member, a_post, an_original

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)


def count_all(now=NOON):
    while count_days(now):
        pass


def numbers(day=date(2026, 5, 20)):
    row = DayNumbers.objects.get(day=day)
    return row.members, row.posts, row.reports


def joined(*moments):
    original = an_original()
    for moment in moments:
        post = a_post(original=original)
        User.objects.filter(pk=post.author_id).update(date_joined=moment)
        PostPage.objects.filter(pk=post.pk).update(published_at=moment)


def test_a_day_holds_who_joined_and_what_was_published_on_it():
    joined(NOON, NOON - timedelta(hours=12), NOON - timedelta(hours=12, microseconds=1), NOON - timedelta(days=2))
    count_all()
    assert numbers() == (2, 2, 0)
    assert numbers(date(2026, 5, 19)) == (1, 1, 0)
    assert numbers(date(2026, 5, 18)) == (1, 1, 0)


def test_reports_are_counted_but_for_those_about_child_safety():
    for category in ("spam", "child_safety"):
        a_report(a_post(original=an_original()), category=category)
    Report.objects.update(created_at=NOON)
    count_all()
    assert numbers()[2] == 1


def test_today_is_counted_again_after_some_minutes_and_a_day_that_ended_once_more():
    count_all()
    joined(NOON)
    assert count_days(NOON + timedelta(minutes=4)) == 0
    assert count_days(NOON + timedelta(minutes=6)) == 1
    assert numbers()[0] == 1
    joined(NOON.replace(hour=23))
    tomorrow = NOON + timedelta(days=1)
    count_all(tomorrow)
    assert numbers()[0] == 2
    assert count_days(tomorrow + timedelta(minutes=1)) == 0


def test_days_before_the_first_count_are_made_up_for_a_few_at_a_time():
    joined(NOON - timedelta(days=DAYS - 1))
    assert 0 < count_days(NOON) < DAYS
    count_all()
    assert DayNumbers.objects.count() == DAYS
    assert last_days(NOON)[0].members == 1


def test_storage_is_the_sum_of_all_originals_taken_a_few_times_a_day():
    an_original(), an_original()
    total = sum(Original.objects.values_list("size", flat=True))
    count_all()
    assert DayNumbers.objects.get(day=NOON.date()).originals_bytes == total

    def sums(now):
        with CaptureQueriesContext(connection) as captured:
            count_days(now)
        return sum("SUM(" in query["sql"] for query in captured.captured_queries)

    assert [sums(NOON + timedelta(minutes=minutes)) for minutes in (10, 20, 6 * 60 + 1)] == [0, 0, 1]


def test_the_last_days_are_read_in_one_query_whatever_was_counted(django_assert_num_queries):
    with django_assert_num_queries(1):
        days = last_days(NOON)
    assert [day.day for day in days] == [NOON.date() - timedelta(days=back) for back in range(DAYS)][::-1]
    assert {day.members for day in days} == {0}


def test_the_sweeper_counts():
    a_member()
    assert sweep_people()["days_counted"] > 0
    assert DayNumbers.objects.exists()
