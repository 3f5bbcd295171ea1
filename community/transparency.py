"""What the public learns of moderation: how many reports, decisions and appeals there were, by month.

Counted anew once an hour at most, over the last twelve months: readers cost nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from .models import Appeal, Decision, Report
from .models.cases import Category

MONTHS = 12
KEPT = 60 * 60  # seconds
KEY = "community.transparency.2"  # another number whenever Month is another


@dataclass(frozen=True)
class Month:
    """One month: how many reports by category, decisions by act and how many of these were undone since, appeals and how many
    of these were overturned."""

    month: datetime
    reports: dict
    decisions: dict
    undone: int
    appeals: int
    overturned: int

    @property
    def reports_made(self):
        return sum(self.reports.values())

    @property
    def decided(self):
        return sum(self.decisions.values())


def months():
    """The last MONTHS months, the present one first, as Months."""
    return cache.get_or_set(KEY, count, KEPT)


def count():
    starts = [first_of_month(timezone.now())]
    while len(starts) < MONTHS:
        starts.append(first_of_month(starts[-1] - timedelta(days=1)))
    since = starts[-1]
    reports = grouped(Report.objects.filter(created_at__gte=since), "created_at", "category")
    made = Decision.objects.filter(made_at__gte=since).exclude(
        state__in=(Decision.State.PROPOSED, Decision.State.REFUSED)
    )
    decisions = grouped(made, "made_at", "act")
    undone = grouped(made.filter(state=Decision.State.UNDONE), "made_at", "state")
    appealed = (
        Appeal.objects.filter(made_at__gte=since)
        .annotate(month=TruncMonth("made_at", tzinfo=timezone.get_default_timezone()))
        .values("month")
    )
    appealed = appealed.annotate(made=Count("pk"), overturned=Count("pk", filter=Q(outcome=Appeal.Outcome.OVERTURNED)))
    appeals = {row["month"]: row for row in appealed}
    return [
        Month(
            month=start,
            reports=labelled(Category, reports.get(start, {})),
            decisions=labelled(Decision.Act, decisions.get(start, {})),
            undone=sum(undone.get(start, {}).values()),
            appeals=appeals.get(start, {}).get("made", 0),
            overturned=appeals.get(start, {}).get("overturned", 0),
        )
        for start in starts
    ]


def first_of_month(moment):
    return timezone.localtime(moment, timezone.get_default_timezone()).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )


def grouped(rows, at, column):
    """{month: {value of `column`: how many}}, of months in the site's own zone. One query."""
    zone = timezone.get_default_timezone()
    counted = rows.order_by().annotate(month=TruncMonth(at, tzinfo=zone)).values_list("month", column)
    found = {}
    for month, value, many in counted.annotate(many=Count("pk")):
        found.setdefault(month, {})[value] = many
    return found


def labelled(choices, counts):
    """Counts in the order of `choices`, by value; what did not happen is left out."""
    return {value: counts[value] for value in choices.values if counts.get(value)}
