"""What everybody may read of moderation."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import Decision
from ..models.cases import Category
from ..transparency import months


@require_safe
def transparency(request):
    """/transparency/: reports, decisions and appeals by month, counts alone."""
    shown = [
        {
            "month": month,
            "reports": [(Category(value).label, many) for value, many in month.reports.items()],
            "decisions": [(Decision.Act(value).label, many) for value, many in month.decisions.items()],
        }
        for month in months()
    ]
    return render(request, "community/transparency.html", {"months": shown})
