"""The home feed, and whether something new came into it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from gallery import keyset

from .. import feeds
from ..lists import with_photos
from ..suggestions import people_to_follow
from .members import answer_list


@login_required
def home(request):
    """/home/: what the people and hashtags that the member follows have brought."""
    cursor = request.GET.get("after", "")
    page = feeds.home_posts(request.user, cursor)
    with_photos(page.items)
    first = page.items[0] if page.items else None
    return answer_list(
        request,
        page,
        reverse("home"),
        "community/home.html",
        "gallery/partials/post_grid_more.html",
        since=keyset.encode(first.published_at, first.short_id) if first else keyset.encode(timezone.now(), ""),
        within="home",
        people=people_to_follow(request.user) if not (page.items or cursor) else [],
    )


@never_cache
def home_new(request):
    """/home/new/?since=: for the open page, a link that says how many posts are new; 204 while there are none."""
    # A page that asks by itself is told nothing, rather than led to sign in, when its person has signed out meanwhile.
    count = feeds.new_since(request.user, request.GET.get("since", "")) if request.user.is_authenticated else 0
    if not count:
        return HttpResponse(status=204)
    context = {"count": min(count, feeds.COUNTED), "more": count > feeds.COUNTED}
    return render(request, "community/partials/home_new.html", context)
