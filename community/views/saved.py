"""Saving posts, and the lists of what one saved. Nobody sees anybody else's."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.keyset import page_of

from .. import lists
from ..actions.delete_save_list import delete_save_list
from ..actions.rename_save_list import rename_save_list
from ..actions.save_post import save_post
from ..actions.unsave_post import unsave_post
from ..models import SaveList
from ..saving import list_named, lists_of, lists_with_covers, saved_in
from .guards import without_nul
from .likes import answer, seen_post
from .reactions import origin_of, with_origin


@never_cache
@login_required
@without_nul
def save(request, short_id):
    """/p/<short id>/save/: GET asks for the list; POST saves (`save` 1) in `list`, in a new one called `new_list`, or in
    the first one, or takes the post out (`save` 0) of `list` or of all."""
    post = seen_post(request, short_id)
    if request.method != "POST":
        return choose_list(request, post)
    if limited := ratelimit.consume_or_429(request, action="save"):
        return limited
    chosen = own_list(request, request.POST["list"]) if request.POST.get("list") else None
    if request.POST.get("save") == "0":
        unsave_post(post, by=request.user, save_list=chosen)
        return answer(request, post)
    try:
        if "new_list" in request.POST:
            chosen = list_named(request.user, request.POST["new_list"])
        save_post(post, by=request.user, save_list=chosen)
    except ValidationError as refusal:
        return choose_list(request, post, errors=refusal.messages, status=422)
    except PermissionDenied as refusal:
        raise Http404 from refusal
    return answer(request, post)


def choose_list(request, post, errors=(), status=200):
    context = {
        "post": post,
        "lists": lists_of(request.user, post),
        "errors": errors,
        "typed": request.POST.get("new_list", ""),
        "origin": origin_of(request),
        "back": with_origin(post.address(), request),
    }
    template = "community/saved/choose.html" if request.htmx else "community/saved/choose_page.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@never_cache
@login_required
def saved(request):
    """/saved/: one's lists, each with the picture that was saved last in it."""
    save_lists = lists_with_covers(request.user)
    covers = lists.by_key([one.cover_key for one in save_lists], request.user)
    lists.with_photos(covers.values())
    for one in save_lists:
        one.cover_post = covers.get(one.cover_key)
    return render(request, "community/saved/lists.html", {"lists": save_lists})


@never_cache
@login_required
@without_nul
def saved_list(request, key):
    """/saved/<key>/: what is in one's list, saved last first; POST renames it or deletes it (`do`)."""
    save_list = own_list(request, key)
    errors = []
    if request.method == "POST":
        try:
            return changed(request, save_list)
        except ValidationError as refusal:
            errors = refusal.messages
            save_list.refresh_from_db()
    posts = saved_in(save_list, request.user).select_related("author", "gallery")
    page = page_of(posts, request.GET.get("after", ""), size=lists.POSTS_A_PAGE, at="saved_at")
    lists.with_photos(page.items)
    url = reverse("saved_list", args=[key])
    context = {
        "list": save_list,
        "posts": page.items,
        "next_url": f"{url}?{urlencode({'after': page.next})}" if page.next else "",
        "first_page": not request.GET.get("after"),
        "within": f"saved:{key}",
        "errors": errors,
        "typed": request.POST.get("name", save_list.name),
    }
    template = "gallery/partials/post_grid_more.html" if request.htmx else "community/saved/list.html"
    response = render(request, template, context, status=422 if errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def changed(request, save_list):
    if request.POST.get("do") == "delete":
        delete_save_list(save_list, by=request.user)
        messages.success(request, _("The list is gone. The posts are where they were."))
        return redirect("saved")
    rename_save_list(save_list, by=request.user, name=request.POST.get("name", ""))
    messages.success(request, _("Saved."))
    return redirect("saved_list", save_list.key)


def own_list(request, key):
    return get_object_or_404(SaveList, user=request.user, key=key.replace("\0", ""))
