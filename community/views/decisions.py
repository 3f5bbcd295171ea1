"""What the team decided about oneself, and appealing against it: also for who is suspended."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.keyset import page_of

from ..actions.appeal import appeal
from ..forms_decisions import AppealForm
from ..models import Decision
from ..permissions import may_appeal
from .guards import without_nul

PAGE = 20


def decisions_of(member):
    """What `member` learns of decisions about them: what was done. What came of a report without an act is the reporter's."""
    told = Decision.objects.filter(member=member).exclude(act=Decision.Act.NO_ACTION)
    return told.filter(state__in=(Decision.State.CARRIED_OUT, Decision.State.UNDONE)).select_related("appeal", "case")


@never_cache
@login_required
@require_safe
def decisions(request):
    """/settings/decisions/: newest first, in pages; with what counts, until when, and what was answered."""
    page = page_of(decisions_of(request.user), request.GET.get("after", ""), size=PAGE, at="made_at", key="key")
    for decision in page:
        decision.counts = decision.is_in_force and decision.strike_until and decision.strike_until > timezone.now()
        decision.can_be_appealed = may_appeal(request.user, decision) and not hasattr(decision, "appeal")
    return render(request, "community/settings/decisions.html", {"decisions": page.items, "next": page.next})


@without_nul
@never_cache
@login_required
def appeal_page(request, key):
    """/settings/decisions/<key>/appeal/: once, by its member; for everybody else there is nothing."""
    decision = get_object_or_404(decisions_of(request.user), key=key)
    if hasattr(decision, "appeal") or not may_appeal(request.user, decision):
        return redirect("decisions")
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="appeal"):
            return limited
        if form.is_valid():
            try:
                appeal(decision, by=request.user, text=form.cleaned_data["text"])
            except (PermissionDenied, ValidationError) as refusal:
                form.add_error(None, " ".join(getattr(refusal, "messages", [str(refusal)])))
            else:
                messages.success(request, _("Somebody else of the team looks at it, and you are told."))
                return redirect("decisions")
    return render(request, "community/settings/appeal.html", {"decision": decision, "form": form})
