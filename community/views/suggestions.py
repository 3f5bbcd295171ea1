"""Suggesting a description for a photo that has none, and what its author does with it."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gallery.words import MOST_IN_ALT_TEXT

from ..actions.answer_suggestion import decline_suggestion, take_suggestion
from ..actions.suggest_alt_text import suggest_alt_text
from ..models import AltSuggestion
from .guards import without_nul
from .likes import seen_post
from .reactions import with_origin


@never_cache
@login_required
@without_nul
def suggest(request, short_id, key):
    """/p/<short id>/photos/<key>/describe/: a form for one sentence."""
    post = seen_post(request, short_id)
    photo = get_object_or_404(post.photos.current().select_related("picture", "post"), key=key)
    if photo.alt_text or not photo.is_showable or post.author_id == request.user.pk:
        return redirect(with_origin(post.address(), request))
    errors = []
    if request.method == "POST":
        if limited := ratelimit.consume_or_429(request, action="suggest"):
            return limited
        try:
            suggest_alt_text(photo, by=request.user, text=request.POST.get("alt_text", ""))
        except ValidationError as refusal:
            errors = refusal.messages
        except PermissionDenied as refusal:
            raise Http404 from refusal
        else:
            messages.success(request, _("Thank you. The author decides whether to take it."))
            return redirect(with_origin(post.address(), request))
    context = {
        "post": post,
        "photo": photo,
        "errors": errors,
        "typed": request.POST.get("alt_text", ""),
        "most": MOST_IN_ALT_TEXT,
        "back": with_origin(post.address(), request),
    }
    return render(request, "community/suggest.html", context, status=422 if errors else 200)


@never_cache
@require_POST
@login_required
@without_nul
def answer_suggestion(request, key):
    """/suggestions/<key>/: its author takes it (`take` 1) or declines it."""
    found = AltSuggestion.objects.select_related("photo__post__author", "photo__post__gallery__author")
    suggestion = get_object_or_404(found, key=key, photo__post__author=request.user.pk)
    post = suggestion.photo.post
    try:
        if request.POST.get("take") == "1":
            take_suggestion(suggestion, by=request.user)
            messages.success(request, _("The photo has its description."))
        else:
            decline_suggestion(suggestion, by=request.user)
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    return redirect(post.address())
