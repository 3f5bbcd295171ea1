"""Pinning one's own posts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ..actions.pin_post import pin_post
from ..actions.unpin_post import unpin_post
from .guards import without_nul
from .own import own_post
from .reactions import with_origin


@never_cache
@require_POST
@login_required
@without_nul
def pin(request, short_id):
    """/p/<short id>/pin/: `pin` is 1 to pin the post, 0 to unpin it."""
    post = own_post(request, short_id)
    if request.POST.get("pin") == "0":
        unpin_post(post, by=request.user)
        messages.success(request, _("It is no longer pinned."))
    else:
        try:
            pin_post(post, by=request.user)
            messages.success(request, _("It stands first on your page."))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        except PermissionDenied as refusal:
            raise Http404 from refusal
    return redirect(with_origin(post.address(), request))
