"""One's own account: the profile, what was consented to, taking one's data along, leaving."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ..actions.leave import leave
from ..actions.rename_member import rename_member
from ..export import export_of
from ..forms import LeaveForm, ProfileForm
from ..models import ConsentRecord
from ..models.users import Standing


@never_cache
@login_required
def profile(request):
    """/settings/"""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            rename_member(request.user, form.cleaned_data["name"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("settings")
    records = ConsentRecord.objects.filter(user=request.user).select_related("policy").order_by("-accepted_at")
    return render(request, "community/settings/profile.html", {"form": form, "records": records})


@never_cache
@login_required
def export(request):
    """/settings/export/: GET says what there is, POST streams it."""
    if request.method != "POST":
        return render(request, "community/settings/export.html")
    if limited := ratelimit.consume_or_429(request, action="export"):
        return limited
    name = f"pixlpix-{request.user.username}-{timezone.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(export_of(request.user), content_type="application/zip", headers=headers)


@never_cache
@login_required
@sensitive_post_parameters("password")
def leave_page(request):
    """/settings/leave/"""
    form = LeaveForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="leave"):
            return limited
        if form.is_valid():
            leave(request.user)
            logout(request)
            return redirect("left")
    return render(request, "community/settings/leave.html", {"form": form})


@never_cache
@login_required
def suspended(request):
    """/accounts/suspended/: all that a suspended member sees, with the reason."""
    if request.user.standing != Standing.SUSPENDED:
        return redirect("/")
    return render(request, "community/suspended.html", status=403)


@never_cache
def left(request):
    """/accounts/left/: after leaving."""
    return render(request, "community/left.html")
