"""Sharing a photograph: the upload page, and choosing again where a file turned out to be none."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.actions.discard_failed_post import discard_failed_post
from gallery.actions.replace_failed_photo import replace_failed_photo
from gallery.actions.share_photo import share_photo
from gallery.imaging import PictureRefused
from gallery.permissions import may_edit, may_share
from gallery.states import ProcessingState

from ..forms_sharing import ShareForm, UploadForm, new_token, short_id_of
from ..uploads import takes_upload
from .own import own_post


@never_cache
@takes_upload
def share(request):
    """/share/: for verified members; everybody else reads what to do first."""
    if not may_share(request.user):
        return render(request, "community/sharing/not_yet.html", status=403 if request.method == "POST" else 200)
    if request.method != "POST":
        initial = {"token": new_token(request.user), "gallery": request.GET.get("gallery", "")}
        return render_share(request, ShareForm(user=request.user, request=request, initial=initial))
    form = ShareForm(request.POST, request.FILES, user=request.user, request=request)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            post = share_photo(
                request.user,
                answers["picture"],
                gallery=answers["gallery"],
                new_gallery="" if answers["gallery"] else answers["new_gallery"],
                caption=answers["caption"],
                alt_text=answers["alt_text"],
                short_id=short_id_of(answers["token"], request.user),
            )
        except PictureRefused as refusal:
            form.add_error("picture", refusal.message)
        except (ValidationError, PermissionDenied) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            return redirect(post.address())
    return render_share(request, form, status=422)


def render_share(request, form, status=200):
    return render(request, "community/sharing/share.html", {"form": form}, status=status)


@never_cache
@takes_upload
@login_required
def replace_photo(request, short_id):
    """/p/<short id>/replace/: choose another picture for one that could not be processed."""
    post = own_post(request, short_id)
    if not may_edit(request.user, post) or not has_failed(post):
        raise Http404
    form = UploadForm(request=request)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, request=request)
        if form.is_valid():
            try:
                replace_failed_photo(post, form.cleaned_data["picture"], by=request.user)
            except PictureRefused as refusal:
                form.add_error("picture", refusal.message)
            else:
                return redirect(post.address())
    context = {"form": form, "post": post, "failed": has_failed(post)}
    return render(request, "community/sharing/replace.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
def discard_post(request, short_id):
    """/p/<short id>/discard/: give up a photo that could not be processed."""
    post = own_post(request, short_id)
    if not has_failed(post):
        raise Http404
    if request.method == "POST":
        discard_failed_post(post, by=request.user)
        messages.success(request, _("Discarded. Nothing of that file is kept."))
        return redirect("member", request.user.username)
    return render(request, "community/sharing/discard.html", {"post": post, "failed": has_failed(post)})


def has_failed(post):
    """The first photo of `post` that could not be processed, or None."""
    return post.photos.filter(state=ProcessingState.FAILED).order_by("position").first()
