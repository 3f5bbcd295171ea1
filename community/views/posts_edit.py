"""What authors do with their posts: edit and move, delete, take that back."""

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

from gallery.actions.edit_post import edit_post as edit
from gallery.actions.move_post import move_post
from gallery.actions.undo_withdrawal import undo_withdrawal as undo
from gallery.actions.withdraw_post import withdraw_post as withdraw
from gallery.keyset import page_of
from gallery.models import PostPage
from gallery.permissions import may_edit, may_undo, may_withdraw
from gallery.states import AuthorState, TeamState

from ..forms_sharing import ChooseGalleryForm, EditPostForm
from .own import own_post


@never_cache
@login_required
def edit_post(request, short_id):
    """/p/<short id>/edit/: caption, alternative texts, gallery."""
    post = own_post(request, short_id)
    if not may_edit(request.user, post):
        raise Http404
    form = EditPostForm(request.POST if request.method == "POST" else None, post=post)
    if request.method == "POST" and form.is_valid():
        try:
            edit(post, by=request.user, caption=form.cleaned_data["caption"], alt_texts=form.alt_texts())
            if gallery := form.cleaned_data.get("gallery"):
                move_post(post, gallery, by=request.user)
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(PostPage.objects.select_related("author", "gallery").get(pk=post.pk).address())
    context = {"form": form, "post": post}
    return render(request, "community/sharing/edit_post.html", context, status=422 if form.errors else 200)


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
