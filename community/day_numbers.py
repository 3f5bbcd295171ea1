"""Counting days, for the console's dashboard: in the sweeper, by walks along an index, a few minutes apart.

Members and posts by when they joined and were first published, whatever has become of them since. Reports but for those
about child safety: most of who reads the numbers does not learn that there are any.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from gallery.models import Original, PostPage

from .models import DayNumbers, Report, User
from .models.cases import Queue

DAYS = 30  # that the dashboard shows
EVERY = timedelta(minutes=5)
BYTES_EVERY = timedelta(hours=6)  # the one sum over a whole table
AT_ONCE = 10  # days that one sweep makes up for


def count_days(now=None):
    """Count today anew, and days that ended without having been counted to their end; returns how many days."""
    now = now or timezone.now()
    today = now.astimezone(UTC).date()
    wanted = [today - timedelta(days=back) for back in range(DAYS)]
    counted = DayNumbers.objects.in_bulk(wanted)
    due = [day for day in wanted if is_due(counted.get(day), day, now)][:AT_ONCE]
    for day in due:
        count_day(day, counted.get(day), now, is_today=day == today)
    return len(due)


def is_due(row, day, now):
    if row is None:
        return True
    over = end_of(day) <= now
    return row.counted_at < (end_of(day) if over else now - EVERY)


def count_day(day, row, now, *, is_today):
    within = (datetime.combine(day, datetime.min.time(), UTC), end_of(day))
    numbers = {
        "members": User.objects.filter(between("date_joined", *within)).count(),
        "posts": PostPage.objects.filter(between("published_at", *within)).count(),
        "reports": Report.objects.filter(between("created_at", *within))
        .exclude(case__queue=Queue.CHILD_SAFETY)
        .count(),
        "counted_at": now,
    }
    if is_today and (row is None or row.originals_bytes is None or due_for_bytes(row, now)):
        numbers["originals_bytes"] = Original.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
    DayNumbers.objects.update_or_create(day=day, defaults=numbers)


def due_for_bytes(row, now):
    """Whether a further part of the day began since it was counted."""
    return int(row.counted_at.timestamp() // BYTES_EVERY.total_seconds()) != int(
        now.timestamp() // BYTES_EVERY.total_seconds()
    )


def between(column, start, end):
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


def end_of(day):
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)


def last_days(now=None):
    """[DayNumbers of each of the last DAYS days, the oldest first]; empty ones for days that were not counted. 1 query."""
    today = (now or timezone.now()).astimezone(UTC).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counted = DayNumbers.objects.in_bulk(days)
    return [counted.get(day) or DayNumbers(day=day) for day in days]
