"""Putting an announcement aside."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ..actions.dismiss_announcement import dismiss_announcement
from ..models import Announcement
from .guards import without_nul


@never_cache
@require_POST
@login_required
@without_nul
def dismiss(request, key):
    """/announcements/<key>/dismiss/: leads back to `next`; to htmx, which takes it off the page, it answers nothing."""
    announcement = get_object_or_404(Announcement, key=key)
    try:
        dismiss_announcement(announcement, by=request.user)
    except PermissionDenied as refusal:
        raise Http404 from refusal
    if request.htmx:
        return HttpResponse()
    following = request.POST.get("next", "")
    here = following.startswith("/") and url_has_allowed_host_and_scheme(following, allowed_hosts=None)
    return redirect(following if here else "/")
