"""Tell those who reported what became of it: members by a notification, visitors by mail."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Decision, Report
from ..models.notifications import Kind
from ..notifying import notify

# What reporters are answered where the moderator writes nothing else, by the decision.
ANSWERS = {
    Decision.Act.NO_ACTION: _("We looked at it, and it is within our guidelines. It stays as it is."),
    Decision.Act.SENSITIVE: _("We looked at it, and it is covered now until somebody asks to see it."),
    Decision.Act.LIMIT: _("We looked at it, and it is no longer shown where people did not look for it."),
    Decision.Act.TAKE_DOWN: _("We looked at it, and it is removed. Thank you."),
    Decision.Act.WARN: _("We looked at it, and it is removed; its author was warned. Thank you."),
    Decision.Act.SUSPEND: _("We looked at it, and the account is suspended. Thank you."),
    Decision.Act.TAKE_ALL: _("We looked at it, and everything that this account posted is removed. Thank you."),
}


def answer_for(act):
    """The usual answer to reporters after a decision."""
    return str(ANSWERS[act])


def answer_for_undoing(case):
    """What they are answered when the decision of `case` is undone: it may be decided anew, or that was all."""
    if case.is_open:
        return gettext("We took back what we had decided, and look at it once more.")
    return gettext("We looked at it once more, and took back what we had decided.")


def answer_reports(case, words):
    """Answer every report in `case` with `words`; returns how many were. In the transaction of the decision, or in its own.

    Done twice with the same words, nobody hears it twice; with other words (the decision was undone, or another took its
    place), everybody hears those. Reports that come later are answered by what is decided of them.
    """
    words = words.strip()
    with transaction.atomic():
        reports = list(
            case.reports.select_for_update(of=("self",)).select_related("reporter").exclude(answer=words).order_by("pk")
        )
        now = timezone.now()
        for report in reports:
            report.answer, report.answered_at = words, now
            if report.reporter is not None:
                about = {"act": "answer_report", "thing": str(case.kind), "reason": words, "report": report.key}
                notify(Kind.MODERATION, report.reporter, **about)
            elif report.email:
                report.mail_due_at = now  # see `community.answering`
        Report.objects.bulk_update(reports, ["answer", "answered_at", "mail_due_at"])
    return len(reports)
