"""What people reported, as the page of a case shows it."""

from dataclasses import dataclass

from ..forms_reports import details_in_words
from ..models import Report
from ..templatetags.people import display_name

MOST = 50  # reports that are shown of one case, the first that came


@dataclass(frozen=True)
class Shown:
    """One report: who made it (empty where the viewer may not know), and the fields of a notice as (label, value)."""

    report: Report
    who: str
    username: str
    fields: list

    @property
    def is_counter(self):
        return bool(self.report.details.get("counter"))


def reports_of(case, viewer):
    """The first MOST reports in `case`, for `viewer` of the staff. One query.

    Staff whom the case is about learn as little as everybody of who reported it: nothing of what was said either. (They do
    not find such a case; this holds whatever page shows it.)
    """
    if case.member_id == viewer.pk:
        return []
    return [shown(report) for report in case.reports.select_related("reporter").order_by("created_at", "pk")[:MOST]]


def shown(report):
    member = report.reporter
    who = display_name(member) if member else report.email
    return Shown(report, who, member.username if member else "", details_in_words(report.details))
