"""One's own account: the profile, what was consented to, taking one's data along, leaving."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from gallery.files import vault

from ..actions.come_back import last_day
from ..actions.edit_profile import edit_profile
from ..actions.leave import leave
from ..actions.rename_member import rename_member
from ..actions.request_export import request_export
from ..forms import LeaveForm
from ..forms_people import ProfileWordsForm
from ..models import ConsentRecord, Export
from ..models.users import Standing


@never_cache
@login_required
def profile(request):
    """/settings/"""
    form = ProfileWordsForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                rename_member(request.user, form.cleaned_data["name"])
                edit_profile(request.user, **form.words())
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
    """/settings/export/: what there is; POST has a new one made."""
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="export"):
            return limited
        request_export(request.user)
        messages.success(request, _("It is being made. We mail you when it is ready."))
        return redirect("export")
    exports = list(Export.objects.filter(user=request.user).order_by("-created_at")[:10])
    waiting = any(export.state == Export.State.WAITING for export in exports)
    return render(request, "community/settings/export.html", {"exports": exports, "waiting": waiting})


@never_cache
@login_required
@require_safe
def export_file(request, key):
    """/settings/export/<key>/: the file, for the member whose it is; for everybody else, and once expired, nothing."""
    ready = Export.objects.filter(user=request.user, state=Export.State.READY, expires_at__gt=timezone.now())
    found = get_object_or_404(ready, key=key)
    try:
        file = vault().open(found.file)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"pixlpix-{request.user.username}-{found.created_at:%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


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
            user = leave(request.user)
            logout(request)
            context = {"user": user, "until": last_day(user), "link": f"{settings.SITE_URL}{reverse('account_login')}"}
            get_adapter(request).send_mail("community/email/left", user.email, context)
            return redirect("left")
    return render(request, "community/settings/leave.html", {"form": form, "days": settings.LEAVE_DAYS})


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
    return render(request, "community/left.html", {"days": settings.LEAVE_DAYS})
