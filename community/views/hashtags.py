"""A hashtag's page, those used lately, and those that a member follows."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.hashtags import folded_name

from ..actions.follow_hashtag import follow_hashtag, unfollow_hashtag
from ..hashtags import find_hashtag, followed_by, posts_of_hashtag, used_lately
from ..site import absolute
from .guards import without_nul
from .members import answer_list


def hashtags(request):
    """/tags/: what is used lately; ?tag= leads to a hashtag that somebody typed."""
    if "tag" in request.GET:
        name = folded_name(request.GET["tag"].replace("\0", ""))
        return redirect("hashtag", name) if name else redirect("hashtags")
    context = {"names": used_lately(request.user), "canonical": absolute(reverse("hashtags"))}
    return render(request, "community/hashtags.html", context)


@without_nul
def hashtag(request, name):
    """/tags/<name>/: the posts with a hashtag, newest first. Any spelling of it leads to its folded one."""
    folded = folded_name(name)
    if folded and folded != name:
        return HttpResponsePermanentRedirect(reverse("hashtag", args=[folded]))
    found = find_hashtag(folded, request.user) if folded else None
    if found is None:
        raise Http404
    page = posts_of_hashtag(found, request.user, request.GET.get("after", ""))
    return answer_list(
        request,
        page,
        reverse("hashtag", args=[found.name]),
        "community/hashtag.html",
        "gallery/partials/post_grid_more.html",
        hashtag=found,
        within=f"tag:{found.name}",
    )


@require_POST
@login_required
@without_nul
def follow(request, name):
    return change(request, name, follow_hashtag)


@require_POST
@login_required
@without_nul
def unfollow(request, name):
    return change(request, name, unfollow_hashtag)


def change(request, name, act):
    """Do it; the button anew for htmx, else back to where one came from."""
    if limited := ratelimit.consume_or_429(request, action="follow_hashtag"):
        return limited
    found = find_hashtag(folded_name(name), request.user)
    if found is None:
        raise Http404
    act(found, by=request.user)
    if request.htmx:
        found.followed = act is follow_hashtag
        return render(request, "community/partials/follow_hashtag.html", {"hashtag": found})
    return redirect(
        "followed_hashtags" if request.POST.get("back") == "settings" else reverse("hashtag", args=[found.name])
    )


@never_cache
@login_required
def followed(request):
    """/settings/hashtags/: the hashtags that one follows."""
    page = followed_by(request.user, request.GET.get("after", ""))
    url = reverse("followed_hashtags")
    context = {"follows": page.items, "next_url": f"{url}?{urlencode({'after': page.next})}" if page.next else ""}
    return render(request, "community/settings/hashtags.html", context)
