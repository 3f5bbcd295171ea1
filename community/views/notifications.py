"""What a member is told: the list, one of it opened, all of it read."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gallery import keyset

from .. import telling
from ..bell import mark_read, notifications_of, open_one
from .guards import is_opened, without_nul


@never_cache
@login_required
@require_safe
def notifications(request):
    """/notifications/: newest first, in pages. Looking at the list reads nothing."""
    cursor = request.GET.get("after", "")
    page = notifications_of(request.user, cursor)
    url = reverse("notifications")
    newest = page.items[0] if page.items else None
    context = {
        "notifications": page.items,
        "next_url": f"{url}?{urlencode({'after': page.next})}" if page.next else "",
        "first_page": not cursor,
        # What came since this page was drawn stays unread when "mark all as read" is pressed.
        "until": keyset.encode(newest.created_at, newest.key) if newest else "",
    }
    template = "community/partials/notifications_more.html" if request.htmx else "community/notifications.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@never_cache
@login_required
@require_safe
@without_nul
def notification(request, key):
    """/notifications/<key>/: marks it as read and leads to what it is about.

    A browser that fetches addresses ahead, or something on another site's page, marks nothing: it only learns where it
    leads. Whoever it is not for gets 404.
    """
    row = open_one(request.user, key)
    if row is None:
        raise Http404
    if is_opened(request):
        mark_read(request.user, key=key)
    return redirect(telling.leads_to(row))


@never_cache
@login_required
@require_POST
def read_all(request):
    """/notifications/read/: everything that the page listed, and what is older, is read."""
    place = keyset.decode(request.POST.get("until", ""))
    mark_read(request.user, until=place[0] if place else None)
    return redirect("notifications")
