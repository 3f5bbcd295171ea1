"""One's own account: another username, where one is signed in, coming back after leaving."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.text import clean_text

from .. import returning
from ..actions.change_username import change_username, next_change_at
from ..actions.come_back import come_back as return_to_pixlpix
from ..actions.come_back import last_day
from ..devices import devices_of, end_devices, present_key
from ..forms_account import UsernameForm
from ..models import Device


@never_cache
@login_required
def username(request):
    """/settings/username/"""
    before = request.user.username
    form = UsernameForm(request.POST if request.method == "POST" else None, initial={"username": before})
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="change_username"):
            return limited
        if form.is_valid():
            try:
                user = change_username(request.user, form.cleaned_data["username"])
            except (ValidationError, PermissionDenied) as refusal:
                form.refuse(refusal)
            else:
                if user.username != before:
                    messages.success(request, _("You are @%(username)s now.") % {"username": user.username})
                return redirect("settings")
    context = {"form": form, "next_change": next_change_at(request.user)}
    status = 422 if form.errors else 200
    return render(request, "community/settings/username.html", context, status=status)


@never_cache
@login_required
def devices(request):
    """/settings/devices/: where they are signed in, this one marked; POST ends all others."""
    if request.method == "POST":
        end_devices(request.user, but=present_key(request))
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("devices")
    found = list(devices_of(request.user)[:100])
    context = {"devices": found, "present": present_key(request), "longest": Device._meta.get_field("name").max_length}
    return render(request, "community/settings/devices.html", context)


@login_required
@require_POST
def name_device(request, key):
    """/settings/devices/<key>/name/"""
    name = " ".join(clean_text(request.POST.get("name", "")).split())[: Device._meta.get_field("name").max_length]
    if not Device.objects.filter(user=request.user, key=key).update(name=name):
        raise Http404
    messages.success(request, _("Saved."))
    return redirect("devices")


@login_required
@require_POST
def end_device(request, key):
    """/settings/devices/<key>/end/: sign out there."""
    if not end_devices(request.user, only=key):
        raise Http404
    messages.success(request, _("You are signed out there."))
    return redirect("devices")


@never_cache
def come_back(request):
    """/accounts/come-back/: one who left and has shown who they are decides whether they come back."""
    user = returning.who_returns(request)
    if user is None:
        returning.forget(request)
        return redirect("account_login")
    if request.method != "POST":
        context = {"member": user, "until": last_day(user)}
        return render(request, "community/come_back.html", context)
    if limited := ratelimit.consume_or_429(request, action="come_back"):
        return limited
    returning.forget(request)
    if request.POST.get("decision") != "back":
        return redirect("left")
    try:
        user = return_to_pixlpix(user)
    except PermissionDenied:
        return redirect("account_login")
    get_adapter(request).login(request, user)
    messages.success(request, _("Welcome back. Everything shows again as it was."))
    return redirect(user.get_absolute_url())
