"""The policy: its current text, older versions, and asking members again."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .. import policies
from ..actions.accept_policy import accept_policy
from ..forms import AcceptPolicyForm
from ..models import ConsentRecord, PolicyVersion


def current(request):
    """/policy/: the version in force."""
    return show(request, PolicyVersion.objects.current())


def version(request, number):
    """/policy/3/: that version, whether or not it is still in force."""
    return show(request, get_object_or_404(PolicyVersion.objects.published(), number=number))


def show(request, policy):
    if policy is None:
        raise Http404
    versions = list(PolicyVersion.objects.published().order_by("-number").defer("text"))
    context = {"policy": policy, "versions": versions, "is_current": policy.number == versions[0].number}
    return render(request, "community/policy.html", context)


@never_cache
@login_required
def accept(request):
    """/accounts/policy/: what changed, the text, and whether the member accepts it."""
    member, policy = request.user, PolicyVersion.objects.current()
    if policy is None or member.accepted_policy >= policies.binding_number():
        return redirect(where_they_wanted(request))
    form = AcceptPolicyForm(request.POST if request.method == "POST" else None, initial={"policy": policy.number})
    if request.method == "POST" and form.is_valid():
        try:
            accept_policy(member, number=form.cleaned_data["policy"], confirmed_age=age_confirmed_before(member))
        except ValidationError as refusal:
            form = AcceptPolicyForm(initial={"policy": policy.number})
            return render(request, "community/accept_policy.html", context_of(member, policy, form, refusal.messages))
        return redirect(where_they_wanted(request))
    return render(request, "community/accept_policy.html", context_of(member, policy, form))


def context_of(member, policy, form, refusals=()):
    changes = PolicyVersion.objects.published().filter(number__gt=member.accepted_policy).order_by("number")
    return {"policy": policy, "changes": changes.defer("text"), "form": form, "refusals": refusals}


def age_confirmed_before(member):
    """The age in years that they confirmed when they accepted last: they have not become younger."""
    return ConsentRecord.objects.filter(user=member).order_by("-accepted_at").values_list("minimum_age", flat=True)[0]


def where_they_wanted(request):
    url = request.session.pop("community.after_policy", "/")
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}) else "/"


@never_cache
@login_required
def decline(request):
    """/accounts/policy/declined/: what is left to do, which is to take one's data along and to leave."""
    if request.user.accepted_policy >= policies.binding_number():
        return redirect("settings")
    return render(request, "community/decline_policy.html", {"title": _("You declined")})
