"""One's profile picture: choosing one, cutting it square, and removing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.actions.store_original import store_original
from gallery.imaging import PictureRefused
from gallery.states import ProcessingState, TeamState

from .. import permissions
from ..actions.remove_avatar import discard_avatar, remove_avatar, retry_avatar
from ..actions.set_avatar import crop_avatar, set_avatar
from ..forms_picture import PictureForm, SquareForm
from ..limits import too_often
from ..models import Avatar
from ..squares import WHOLE
from ..uploads import takes_upload


@never_cache
@takes_upload
@login_required
def picture(request):
    """/settings/picture/. What is sent says by `act` what to do; without one, a file was chosen."""
    if request.method == "POST":
        return ACTS.get(request.POST.get("act"), choose)(request)
    context = state_of(request.user)
    if request.htmx:
        # While nothing is new the page stays as it is and asks again.
        answer = HttpResponse(status=204) if context["waiting"] else draw(request, "partials/picture.html", context)
    else:
        answer = draw(request, "picture.html", context, form=PictureForm(request=request))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def choose(request):
    if limited := too_often(request, "share"):
        return limited
    form = PictureForm(request.POST, request.FILES, request=request)
    if permissions.may_set_picture(request.user) and form.is_valid():
        try:
            answers = form.cleaned_data
            original = answers.get("original") or store_original(answers["picture"], by=request.user)
            set_avatar(request.user, original, crop=form.square())
        except PictureRefused as refusal:
            form.add_error("picture", refusal.message)
        except (PermissionDenied, ValidationError) as refusal:
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
        else:
            return redirect("picture")
    return draw(request, "picture.html", state_of(request.user), form=form, status=422)


def crop(request):
    form = SquareForm(request.POST)
    if form.is_valid():
        return after(request, lambda: crop_avatar(request.user, crop=form.square()))
    messages.error(request, " ".join(form.non_field_errors()))
    return redirect("picture")


def remove(request):
    return after(request, lambda: remove_avatar(request.user), _("Removed. Your initials stand in its place."))


def retry(request):
    return after(request, lambda: retry_avatar(request.user))


def discard(request):
    return after(request, lambda: discard_avatar(request.user))


ACTS = {"crop": crop, "remove": remove, "retry": retry, "discard": discard}


def after(request, act, done=""):
    """Do `act` and lead back to the page, which says what came of it."""
    try:
        act()
    except (PermissionDenied, ValidationError) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    else:
        if done:
            messages.success(request, done)
    return redirect("picture")


def draw(request, template, context, status=200, **more):
    return render(request, f"community/settings/{template}", {**context, **more}, status=status)


def state_of(user):
    """What the page shows of a member's picture: the one that has its place, and what is on its way or went wrong."""
    current = Avatar.objects.current().filter(user=user).select_related("picture__original")
    avatars = list(current.prefetch_related("picture__renditions").order_by("-pk"))
    newest = avatars[0] if avatars else None
    untouched = newest is not None and newest.team_state == TeamState.NONE
    shown = next((avatar for avatar in avatars if avatar.is_in_place), None)
    return {
        "may_set": permissions.may_set_picture(user),
        "any": bool(avatars),
        "shown": shown,
        "whole": whole_of(shown) if shown is newest else None,
        "waiting": untouched and newest.state != ProcessingState.FAILED and newest is not shown,
        "failed": newest if untouched and newest.state == ProcessingState.FAILED else None,
        "held": newest if newest is not None and newest.team_state == TeamState.HELD else None,
        "taken_down": next((avatar for avatar in avatars if avatar.team_state == TeamState.TAKEN_DOWN), None),
    }


def whole_of(avatar):
    """The rendition of the whole picture, for its member alone, or None."""
    return next((r for r in avatar.picture.renditions.all() if r.filter_spec == WHOLE), None) if avatar else None
