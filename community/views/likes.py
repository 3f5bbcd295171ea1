"""Liking a post, and who likes it."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache

from .. import lists
from ..actions.like_post import like_post
from ..actions.unlike_post import unlike_post
from ..visibility import posts_for
from .guards import without_nul
from .parts import asked
from .posts import Gone, find_post, gone
from .reactions import reactions, with_origin


def seen_post(request, short_id):
    """The post that the viewer sees as everyone does; Http404 for any other."""
    post = posts_for(request.user).select_related("author", "gallery").filter(short_id=short_id).first()
    if post is None:
        raise Http404
    return post


@never_cache
@login_required
@without_nul
def like(request, short_id):
    """/p/<short id>/like/: `like` is 1 to like the post, 0 to take that back; sent twice, it changes nothing more.

    Who was led here by signing in is led on to the post: signing in likes nothing.
    """
    post = seen_post(request, short_id)
    if request.method != "POST":
        return redirect(with_origin(post.address(), request))
    if limited := ratelimit.consume_or_429(request, action="like"):
        return limited
    if request.POST.get("like") == "0":
        unlike_post(post, by=request.user)
    else:
        try:
            like_post(post, by=request.user)
        except PermissionDenied as refusal:
            raise Http404 from refusal
    return answer(request, post)


def answer(request, post):
    """After a reaction: the row of buttons anew for htmx, else back to the post."""
    if not request.htmx:
        return redirect(with_origin(post.address(), request))
    response = render(
        request,
        "community/partials/post_reactions.html",
        {"post": post, "as_everyone": True} | asked(request, post, reactions),
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@without_nul
def likes(request, short_id):
    """/p/<short id>/likes/: who likes a post, who did last first."""
    try:
        post, as_everyone = find_post(request.user, short_id)
    except Gone:
        return gone(request)
    if not as_everyone:
        raise Http404
    page = lists.likers_of(post, request.user, request.GET.get("after", ""))
    url = reverse("likes", args=[post.short_id])
    context = {
        "post": post,
        "likes": page.items,
        "next_url": f"{url}?{urlencode({'after': page.next})}" if page.next else "",
        "back": with_origin(post.address(), request),
    }
    template = "community/partials/likes_more.html" if request.htmx else "community/likes.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
