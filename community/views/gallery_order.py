"""Putting in order: one's galleries, and the posts of a gallery by hand. And choosing a gallery's cover."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.actions.choose_cover import choose_cover
from gallery.actions.order_galleries import order_galleries
from gallery.actions.order_posts import MOST, order_posts
from gallery.models.pages import GalleryOrder
from gallery.ordering import posts_in

from ..composing import REFUSALS, messages_of
from ..lists import posts_of_gallery, with_photos
from ..visibility import posts_for
from .guards import without_nul
from .own import open_own_gallery


def wished_order(data):
    """The keys of a list as somebody wishes it: each `key` as it stands; "place:<key>:<index>" is a button that moves one."""
    keys = data.getlist("key")
    act, _colon, rest = data.get("do", "").partition(":")
    key, _colon, place = rest.rpartition(":")
    if act == "place" and key in keys and place.isdecimal():
        keys.remove(key)
        keys.insert(int(place), key)
    return keys


def order(request, change, back):
    """Carry out `change(keys)` and answer a script or a form: nothing or the refusal's words, or the page `back`."""
    try:
        change(wished_order(request.POST))
    except REFUSALS as refusal:
        words = " ".join(messages_of(refusal))
        if request.htmx:
            return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
        messages.error(request, words)
    return HttpResponse(status=204) if request.htmx else redirect(back)


@never_cache
@login_required
@require_POST
def order_own_galleries(request):
    """/settings/galleries/order/"""
    return order(request, lambda slugs: order_galleries(request.user, slugs), reverse("galleries"))


@never_cache
@login_required
@without_nul
def order_own_posts(request, gallery_slug):
    """/settings/galleries/<gallery>/order/: the first MOST posts, to move; further ones can be put first."""
    gallery = open_own_gallery(request, gallery_slug)
    here = reverse("order_posts", args=[gallery.gallery_slug])
    if request.method == "POST":
        return order(request, lambda keys: order_posts(gallery, keys, by=request.user), here)
    cursor = request.GET.get("after", "")
    page = posts_of_gallery(gallery, request.user, cursor, size=MOST)
    with_photos(page.items)
    context = {
        "gallery": gallery,
        "by_hand": gallery.order == GalleryOrder.BY_HAND,
        "posts": page.items,
        "further": bool(cursor),
        "next_url": f"{here}?after={page.next}" if page.next else "",
    }
    return render(request, "community/settings/order_posts.html", context)


@never_cache
@login_required
@without_nul
def cover(request, gallery_slug):
    """/settings/galleries/<gallery>/cover/: POST `post` chooses; without, the newest is the cover again."""
    gallery = open_own_gallery(request, gallery_slug)
    here = reverse("gallery_cover", args=[gallery.gallery_slug])
    if request.method == "POST":
        short_id, post = request.POST.get("post", ""), None
        if short_id:
            found = posts_for(request.user).filter(short_id=short_id, pk__in=posts_in(gallery).values("pk"))
            post = found.first()
            if post is None:
                raise Http404
        choose_cover(gallery, post, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(here)
    page = posts_of_gallery(gallery, request.user, request.GET.get("after", ""))
    with_photos(page.items)
    context = {
        "gallery": gallery,
        "posts": page.items,
        "next_url": f"{here}?after={page.next}" if page.next else "",
    }
    return render(request, "community/settings/gallery_cover.html", context)
