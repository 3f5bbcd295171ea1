"""Shared galleries: whom the owner invites, what invited members answer, and which posts they add."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.keyset import page_of
from gallery.models import Contributor, GalleryEntry, PostPage
from gallery.states import AuthorState

from ..actions.answer_gallery_invitation import decline_gallery, join_gallery
from ..actions.gallery_entries import add_to_gallery, take_out_of_gallery
from ..actions.invite_contributor import MOST, invite_contributor
from ..actions.leave_gallery import leave_gallery
from ..composing import REFUSALS, messages_of
from ..forms_sharing import InviteForm
from ..lists import with_photos
from ..models import User
from ..shared import contributors_of, entries_of, offers_for
from ..visibility import galleries_for, posts_for
from .guards import without_nul
from .own import open_own_gallery, own_post


@never_cache
@login_required
@without_nul
def people(request, gallery_slug):
    """/settings/galleries/<gallery>/people/: who contributes. POST `do`: invite (with `username`), remove:<username>,
    out:<short id>."""
    gallery = open_own_gallery(request, gallery_slug)
    here = reverse("gallery_people", args=[gallery.gallery_slug])
    act, _colon, key = request.POST.get("do", "").partition(":")
    form = InviteForm(request.POST if act == "invite" else None, viewer=request.user)
    if act == "invite":
        if limited := ratelimit.consume_or_429(request, action="invite_contributor"):
            return limited
        if form.is_valid():
            try:
                invite_contributor(gallery, form.cleaned_data["username"], by=request.user)
            except REFUSALS as refusal:
                form.add_error("username", messages_of(refusal))
            else:
                messages.success(request, _("Invited: they are told, and can accept or decline."))
                return redirect(here)
    elif request.method == "POST":
        if act == "remove":
            leave_gallery(gallery, get_object_or_404(User, username=key), by=request.user)
        elif act == "out":
            take_out_of_gallery(get_object_or_404(PostPage, short_id=key), gallery, by=request.user)
        return redirect(here)
    cursor = request.GET.get("after", "")
    page = page_of(entries_of(gallery, request.user), cursor)
    with_photos([post for post in page if post.is_seen])
    context = {
        "gallery": gallery,
        "form": form,
        "most": MOST,
        "contributors": contributors_of(gallery, request.user),
        "posts": page.items,
        "next_url": f"{here}?after={page.next}" if page.next else "",
    }
    return render(request, "community/settings/gallery_people.html", context, status=422 if form.errors else 200)


def shared_gallery(request, username, gallery_slug, *, accepted=None):
    """The gallery of somebody else's to which the signed-in member contributes, or is invited; Http404 otherwise."""
    mine = Contributor.objects.filter(user=request.user)
    if accepted:
        mine = mine.filter(accepted_at__isnull=False)
    galleries = galleries_for(request.user).filter(pk__in=mine.values("gallery")).select_related("author")
    return get_object_or_404(galleries, author__username=username, gallery_slug=gallery_slug)


@never_cache
@login_required
@require_POST
@without_nul
def answer(request, username, gallery_slug):
    """/settings/shared/<member>/<gallery>/: `do` is accept, decline or leave."""
    gallery = shared_gallery(request, username, gallery_slug)
    act = request.POST.get("do")
    try:
        if act == "accept":
            join_gallery(gallery, by=request.user)
            messages.success(request, _("You can add posts of yours to this gallery now. They stay yours."))
            return redirect("gallery_add", username, gallery_slug)
        if act == "decline":
            decline_gallery(gallery, by=request.user)
        elif act == "leave":
            leave_gallery(gallery, request.user, by=request.user)
            messages.success(request, _("You left the gallery. Your posts are where they were, in your own galleries."))
    except REFUSALS as refusal:
        messages.error(request, " ".join(messages_of(refusal)))
    return redirect("galleries")


@never_cache
@login_required
@without_nul
def add(request, username, gallery_slug):
    """/settings/shared/<member>/<gallery>/posts/: one's own posts, newest first, to add and to take out. POST `post` and
    `do` (add or out); with `back`, it leads to the post's page."""
    gallery = shared_gallery(request, username, gallery_slug, accepted=True)
    here = reverse("gallery_add", args=[username, gallery_slug])
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="gallery_entry"):
            return limited
        post = own_post(request, request.POST.get("post", "").replace("\0", ""))
        try:
            change = {"add": add_to_gallery, "out": take_out_of_gallery}[request.POST.get("do")]
            change(post, gallery, by=request.user)
        except KeyError:
            raise Http404 from None
        except REFUSALS as refusal:
            messages.error(request, " ".join(messages_of(refusal)))
        return redirect(post.address() if "back" in request.POST else f"{here}#post-{post.short_id}")
    own = posts_for(request.user).filter(author=request.user).select_related("author", "gallery")
    page = page_of(own, request.GET.get("after", ""))
    with_photos(page.items)
    there = GalleryEntry.objects.filter(gallery=gallery, post__in=[post.pk for post in page])
    context = {
        "gallery": gallery,
        "posts": page.items,
        "there": set(there.values_list("post", flat=True)),
        "next_url": f"{here}?after={page.next}" if page.next else "",
    }
    return render(request, "community/settings/gallery_add.html", context)


def shared_galleries(request, post):
    """Asking part of a post's page: the shared galleries to which its author may add it. 1 query for who contributes to
    one, none for others."""
    own = request.user.is_authenticated and post.author_id == request.user.pk
    if not own or not post.is_visible or post.author_state != AuthorState.PUBLISHED:
        return {}, lambda row: {"shared_galleries": []}
    contributes = Contributor.objects.filter(user=request.user, accepted_at__isnull=False)

    def show(row):
        return {"shared_galleries": offers_for(post, request.user) if row["contributes"] else []}

    return {"contributes": Exists(contributes)}, show
