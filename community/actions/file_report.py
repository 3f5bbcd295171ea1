"""Report a post, a comment or a member to the team, as a member or as a visitor."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gallery.acts import write_down

from .. import permissions
from ..models import Case, Report
from ..models.cases import URGENCY, Category, Queue
from ..reporting import case_for, is_seen, take_urgency, whose
from ..words import MOST_IN_REPORT, clean_report

logger = logging.getLogger(__name__)


def file_report(kind, thing, *, category, text="", reporter=None, email="", details=None):
    """Report `thing` (of `kind`, a Case.Kind) by the member `reporter`, or a visitor who is answered at `email`.

    Returns the Report. It joins the open case of the thing, whose category and urgency become the most urgent reported; a
    new case keeps the thing as it stands. Who reports a second time gets their first report again (`again` is True), with
    what they add. Nobody whom it is about is told. Raises PermissionDenied for what the reporter does not see or what is
    their own, ValidationError for words that are too long, none where they are needed, or an address that is none.
    """
    kind, category = Case.Kind(kind), check_category(category)
    text, email = clean_report(text), check_sender(reporter, email)
    if category == Category.OTHER and not text:
        raise ValidationError({"text": _("Say what is wrong with it.")})
    if not is_seen(kind, thing, reporter):
        raise PermissionDenied(_("This is not there, or not for you to see."))
    if reporter is not None and whose(kind, thing).pk == reporter.pk:
        raise PermissionDenied(_("This is your own: you can change or delete it."))
    return add_report(kind, thing, category, text=text, reporter=reporter, email=email, details=details or {})


def check_category(category):
    if category not in Category.values:
        raise ValidationError({"category": _("Say what is wrong with it.")})
    return Category(category)


def check_sender(reporter, email):
    """The address to answer to: none for a member. Raises as `file_report` does."""
    if reporter is not None:
        if not permissions.may_report(reporter):
            raise PermissionDenied(_("You cannot report anything."))
        return ""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    return email


def add_report(kind, thing, category, *, text, reporter, email, details):
    """Add a checked report to the open case of `thing`, in one transaction; returns the Report."""
    with transaction.atomic():
        case = case_for(kind, thing, category)
        take_urgency(case, category)
        report = first_of(case, reporter, email)
        if report is not None:
            report.again = True
            add_to(report, category, text, details)
        else:
            report = Report(case=case, reporter=reporter, email=email, category=category, text=text, details=details)
            report.mail_due_at = report.created_at if email else None  # that it has come in
            report.again = False
            report.save()
            case.reports_made = F("reports_made") + 1
        case.save(update_fields=["category", "urgency", "reports_made"])
        if reporter is not None and not report.again:
            # On the reporter, never on what they reported: its author's own history stands there.
            write_down(reporter, "report.filed", by=reporter, report=report.key)
    case.refresh_from_db(fields=["reports_made"])
    report.case = case
    level = logging.WARNING if case.queue == Queue.CHILD_SAFETY else logging.INFO
    logger.log(level, "Report %s joined case %s in the queue %s.", report.key, case.key, case.queue)
    return report


def first_of(case, reporter, email):
    """What this person has already reported in this case; None where nothing yet."""
    mine = {"reporter": reporter} if reporter is not None else {"reporter__isnull": True, "email__iexact": email}
    return case.reports.filter(**mine).first()


def add_to(report, category, text, details):
    """What somebody adds to their report: words that are not there yet, as far as there is room; a more urgent category;
    further parts of a profile."""
    if parts := details.get("parts"):
        report.details = {"parts": sorted({*report.details.get("parts", ()), *parts})}
    if text and text not in report.text:
        report.text = f"{report.text}\n\n{text}".strip()[:MOST_IN_REPORT]
    if URGENCY[category] < URGENCY[report.category]:
        report.category = category
    report.save(update_fields=["text", "category", "details"])
