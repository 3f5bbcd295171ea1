"""A member's galleries: list, make, rename and describe, delete."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.actions.create_gallery import create_gallery as create
from gallery.actions.delete_gallery import delete_gallery as delete
from gallery.actions.delete_gallery import remaining_posts
from gallery.actions.edit_gallery import edit_gallery as edit
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.models import GalleryPage
from gallery.models.pages import GalleryOrder
from gallery.permissions import may_share
from gallery.states import AuthorState, TeamState, Visibility

from ..forms_sharing import DeleteGalleryForm, GalleryForm, open_galleries
from ..lists import with_covers, with_photos
from ..shared import shared_with
from .own import own_gallery


@never_cache
@login_required
def galleries(request):
    """/settings/galleries/"""
    own = GalleryPage.objects.filter(author=request.user, author_state=AuthorState.PUBLISHED)
    own = with_covers(own.select_related("author").order_by("position", "pk"), request.user, own=True)
    with_photos([gallery.cover_post for gallery in own if gallery.cover_post])
    opened = [gallery for gallery in own if gallery.is_open]
    context = {"galleries": own, "last": len(opened) < 2, "shared": shared_with(request.user)}
    return render(request, "community/settings/galleries.html", context)


@never_cache
@login_required
def create_gallery(request):
    """/settings/galleries/new/"""
    if not may_share(request.user):
        return render(request, "community/sharing/not_yet.html")
    form = GalleryForm(request.POST if request.method == "POST" else None, initial={"visibility": Visibility.PUBLIC})
    del form.fields["order"]  # of nothing: chosen once there is something in it
    if request.method == "POST" and form.is_valid():
        try:
            gallery = create(
                request.user,
                form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                visibility=form.cleaned_data["visibility"] or Visibility.PUBLIC,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Your gallery is there."))
            return redirect(gallery.address())
    return render(request, "community/settings/gallery.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
def edit_gallery(request, gallery_slug):
    """/settings/galleries/<gallery>/"""
    gallery = own_gallery(request, gallery_slug)
    if not gallery.is_open:
        raise Http404
    initial = {
        "name": gallery.title,
        "description": gallery.description,
        "visibility": gallery.visibility,
        "order": gallery.order,
    }
    form = GalleryForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            visibility, order = form.cleaned_data.pop("visibility"), form.cleaned_data.pop("order")
            gallery = edit(gallery, by=request.user, order=order or None, **form.cleaned_data)
            gallery = set_gallery_visibility(gallery, by=request.user, visibility=visibility or gallery.visibility)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            by_hand = gallery.order == GalleryOrder.BY_HAND != initial["order"]
            return redirect("order_posts", gallery.gallery_slug) if by_hand else redirect(gallery.address())
    context = {"form": form, "gallery": gallery}
    return render(request, "community/settings/gallery.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
def delete_gallery(request, gallery_slug):
    """/settings/galleries/<gallery>/delete/: asks where its posts go."""
    gallery = own_gallery(request, gallery_slug)
    is_last = not open_galleries(request.user).exclude(pk=gallery.pk).exists()
    empty = not remaining_posts(gallery).exists()
    form = DeleteGalleryForm(request.POST if request.method == "POST" else None, gallery=gallery)
    if empty:
        form.fields["posts"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            delete(gallery, by=request.user, move_to=form.target())
        except (ValidationError, PermissionDenied) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            messages.success(request, _("The gallery is deleted."))
            return redirect("galleries")
    context = {
        "form": form,
        "gallery": gallery,
        "is_last": is_last,
        "empty": empty,
        "taken_down": gallery.team_state != TeamState.NONE,
    }
    return render(request, "community/settings/delete_gallery.html", context, status=422 if form.errors else 200)
