"""The photos of one's own post or draft, for its page with scripts on: their list, and what is done with each of them."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.actions.add_photo import add_photo
from gallery.actions.receive_upload import taken
from gallery.actions.remove_photo import remove_photo
from gallery.actions.reorder_photos import reorder_photos
from gallery.actions.replace_photo import replace_photo
from gallery.actions.store_original import store_original
from gallery.ids import BASE58, SHORT_ID_LENGTH
from gallery.permissions import may_edit
from gallery.states import ProcessingState

from ..composing import REFUSALS, Wish, add_refusal, carry_out, messages_of, own_photo
from ..forms_composer import WordsForm
from ..forms_sharing import UploadForm
from ..uploads import takes_upload
from .guards import without_nul
from .own import own_post

KEY = re.compile(f"[{BASE58}]{{{SHORT_ID_LENGTH}}}")


def editable_post(request, short_id):
    """The signed-in member's own post where they may edit it; Http404 otherwise."""
    post = own_post(request, short_id)
    if not may_edit(request.user, post):
        raise Http404
    return post


@never_cache
@login_required
@without_nul
def photos(request, short_id):
    """/p/<short id>/photos/: the list of photos as they are now. POST puts a complete upload into the post.

    `key` was drawn by the page for this photo: sent again, because the answer was lost, it changes nothing.
    """
    post = editable_post(request, short_id)
    if request.method == "POST":
        key = request.POST.get("key", "")
        if not KEY.fullmatch(key):
            return HttpResponse(_("Something was missing. Please choose the file again."), status=422)
        try:
            put(request, post, key)
        except REFUSALS as refusal:
            return said(refusal)
    return render_list(request, post)


def put(request, post, key):
    """Add the upload that the request names, or let it take the place of the photo that it names."""
    original = taken(request.POST.get("upload", ""), request.user)
    if replaced := request.POST.get("replaces"):
        replace_photo(own_photo(post, replaced), original, by=request.user)
    else:
        add_photo(post, original, by=request.user, key=key)


@never_cache
@login_required
@require_POST
@without_nul
def order_photos(request, short_id):
    """/p/<short id>/photos/order/: `key`, once for each photo, in their new order."""
    post = editable_post(request, short_id)
    try:
        reorder_photos(post, request.POST.getlist("key"), by=request.user)
    except REFUSALS as refusal:
        return said(refusal)
    return render_list(request, post)


@never_cache
@login_required
@require_POST
@without_nul
def retry_photo(request, short_id, key):
    """/p/<short id>/photos/<key>/retry/: process one again that failed. From the post's own page it leads back there."""
    post = editable_post(request, short_id)
    try:
        carry_out(post, Wish("retry", key), by=request.user)
    except REFUSALS as refusal:
        if request.htmx:
            return said(refusal)
        messages.error(request, " ".join(messages_of(refusal)))
    return render_list(request, post) if request.htmx else redirect(post.address())


@never_cache
@login_required
@without_nul
def take_out_photo(request, short_id, key):
    """/p/<short id>/photos/<key>/remove/: asks, then takes a photo out of its post."""
    post = editable_post(request, short_id)
    photo = own_photo(post, key)
    if request.method == "POST":
        try:
            remove_photo(photo, by=request.user)
        except REFUSALS as refusal:
            if request.htmx:
                return said(refusal)
            messages.error(request, " ".join(messages_of(refusal)))
            return redirect(page_of(post))
        if request.htmx:
            return render_list(request, post)
        messages.success(request, _("The photo is removed: nobody else can reach it any more."))
        return redirect(page_of(post))
    return render(request, "community/sharing/remove_photo.html", {"post": post, "photo": photo, "back": page_of(post)})


@never_cache
@takes_upload
@login_required
@without_nul
def replace_one(request, short_id, key):
    """/p/<short id>/photos/<key>/replace/: choose another file for one photo, in a plain form."""
    post = editable_post(request, short_id)
    photo = own_photo(post, key)
    form = UploadForm(request=request)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, request=request)
        if form.is_valid():
            try:
                replace_photo(photo, store_original(form.cleaned_data["picture"], by=request.user), by=request.user)
            except REFUSALS as refusal:
                add_refusal(form, refusal)
            else:
                return redirect(page_of(post))
    context = {"form": form, "post": post, "photo": photo, "back": page_of(post)}
    return render(request, "community/sharing/replace.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@without_nul
def replace_failed(request, short_id):
    """/p/<short id>/replace/: leads to where another file is chosen for a photo that could not be processed."""
    post = editable_post(request, short_id)
    failed = post.photos.current().filter(state=ProcessingState.FAILED).order_by("position").first()
    if failed is None:
        raise Http404
    return redirect("replace_one", post.short_id, failed.key)


def page_of(post):
    """The page on which a post or draft is edited."""
    return reverse("draft" if post.is_draft else "edit_post", args=[post.short_id])


def said(refusal):
    """The answer to a script: what was refused, in words for people."""
    return HttpResponse(" ".join(messages_of(refusal)), status=422, content_type="text/plain; charset=utf-8")


def render_list(request, post):
    form = WordsForm(user=request.user, post=post)
    return render(request, "community/sharing/photos.html", {"form": form, "post": post})
