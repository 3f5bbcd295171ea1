"""What authors do with their posts: edit and move, delete, take that back, give up what could not be processed."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.actions.discard_failed_post import discard_failed_post
from gallery.actions.undo_withdrawal import undo_withdrawal as undo
from gallery.actions.withdraw_post import withdraw_post as withdraw
from gallery.keyset import page_of
from gallery.models import PostPage
from gallery.permissions import may_edit, may_undo, may_withdraw
from gallery.states import AuthorState, ProcessingState, TeamState

from ..composing import REFUSALS, Wish, add_refusal, carry_out, save_words, take_files
from ..forms_composer import ComposerForm
from ..forms_sharing import ChooseGalleryForm
from ..uploads import takes_uploads
from .guards import without_nul
from .own import own_post


@never_cache
@takes_uploads
@login_required
@without_nul
def edit_post(request, short_id):
    """/p/<short id>/edit/: photos, caption, options, gallery of what is published. A draft has a page of its own."""
    post = own_post(request, short_id)
    if not may_edit(request.user, post):
        raise Http404
    if post.is_draft:
        return redirect("draft", post.short_id)
    form = ComposerForm(request=request, post=post)
    if request.method == "POST":
        form = ComposerForm(request.POST, request.FILES, request=request, post=post)
        if form.is_valid():
            try:
                return edited(request, post, form, Wish.of(request.POST.get("do")))
            except REFUSALS as refusal:
                add_refusal(form, refusal)
    context = {"form": form, "post": post}
    return render(request, "community/sharing/edit_post.html", context, status=422 if form.errors else 200)


def edited(request, post, form, wish):
    """Save the words of a valid form first, whatever was pressed, then do that. Removing asks first."""
    post = save_words(post, form, by=request.user)
    take_files(post, form.kept, by=request.user)
    for message in form.refused:
        messages.error(request, _("Left out: %(message)s") % {"message": message})
    if wish.act in ("remove", "replace"):
        return redirect("take_out_photo" if wish.act == "remove" else "replace_one", post.short_id, wish.key)
    if wish.key:
        carry_out(post, wish, by=request.user)
    elif wish.act == "save" and not form.refused:
        messages.success(request, _("Saved."))
        return redirect(PostPage.objects.select_related("author", "gallery").get(pk=post.pk).address())
    return redirect("edit_post", post.short_id)


@never_cache
@login_required
def withdraw_post(request, short_id):
    """/p/<short id>/delete/: asks, then deletes."""
    post = own_post(request, short_id)
    if not may_withdraw(request.user, post):
        raise Http404
    if request.method == "POST":
        withdraw(post, by=request.user)
        text = _("Deleted: nobody else can reach it any more. You can take that back here for %(days)s days.")
        messages.success(request, text % {"days": settings.UNDO_DAYS})
        return redirect("deleted_posts")
    return render(request, "community/sharing/delete_post.html", {"post": post, "days": settings.UNDO_DAYS})


@never_cache
@login_required
def undo_withdrawal(request, short_id):
    """/p/<short id>/undo/: takes a deletion back; asks for a gallery where the post's own is gone."""
    post = own_post(request, short_id)
    if not may_undo(request.user, post):
        raise Http404
    form = ChooseGalleryForm(request.POST if "gallery" in request.POST else None, user=request.user)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            post = undo(post, by=request.user, gallery=form.cleaned_data["gallery"] if form.is_bound else None)
        except ValidationError as asked:
            if asked.code != "gallery_needed":
                form.add_error(None, asked)
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
            return redirect("deleted_posts")
        else:
            messages.success(request, undone(post))
            return redirect(PostPage.objects.select_related("author", "gallery").get(pk=post.pk).address())
    gone = post.gallery.author_state == AuthorState.WITHDRAWN
    return render(request, "community/sharing/undo.html", {"post": post, "form": form if gone else None})


def undone(post):
    """What the author is told of a post that they took back."""
    if post.team_state != TeamState.NONE:
        return _("You have taken your deletion back. The team took this post down: that stays.")
    return _("It is back.")


@never_cache
@login_required
def deleted_posts(request):
    """/settings/deleted/: what can still be taken back, newest first."""
    since = timezone.now() - timedelta(days=settings.UNDO_DAYS)
    posts = (
        PostPage.objects.of(request.user)
        .filter(author_state=AuthorState.WITHDRAWN, withdrawn_at__gt=since)
        .exclude(team_state=TeamState.ERASED)
    )
    page = page_of(posts.for_cards(), request.GET.get("after", ""), at="withdrawn_at")
    for post in page:
        post.gone_for_good_at = post.withdrawn_at + timedelta(days=settings.UNDO_DAYS)
    return render(request, "community/settings/deleted.html", {"page": page, "days": settings.UNDO_DAYS})


@never_cache
@login_required
def discard_post(request, short_id):
    """/p/<short id>/discard/: give up a photo that could not be processed."""
    post = own_post(request, short_id)
    failed = post.photos.current().filter(state=ProcessingState.FAILED).order_by("position").first()
    if failed is None:
        raise Http404
    if request.method == "POST":
        discard_failed_post(post, by=request.user)
        messages.success(request, _("Discarded. Nothing of that file is kept."))
        return redirect("member", request.user.username)
    return render(request, "community/sharing/discard.html", {"post": post, "failed": failed})
