"""Picking a post on the site itself, where a curator comes across it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from community.views.guards import without_nul
from community.visibility import posts_for

from ..actions.pick_post import end_pick, pick_post
from ..models import Pick
from ..permissions import may_pick


@never_cache
@require_POST
@without_nul
def pick(request, short_id):
    """/picks/<short id>/: `do` is "pick" or "end"; leads back to the post. For whoever is no curator there is nothing."""
    if not may_pick(request.user):
        raise Http404
    post = posts_for(request.user).select_related("author", "gallery").filter(short_id=short_id).first()
    if post is None:
        raise Http404
    if request.POST.get("do") == "end":
        for current in Pick.objects.current().filter(post=post):
            end_pick(current, by=request.user)
        messages.success(request, _("The pick has ended."))
    else:
        try:
            pick_post(post, by=request.user)
            messages.success(request, _("Picked: the front page shows it first."))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
    return redirect(post.address())
