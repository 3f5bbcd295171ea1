"""Settings: whom one's account is for, who asked to follow, whom one blocked or muted."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gallery.keyset import page_of

from ..actions import answer_request as answering
from ..actions.set_privacy import set_privacy
from ..forms_people import PrivacyForm
from ..models import Block, Follow, Mute, User
from ..visibility import people_in
from .guards import without_nul

PEOPLE_A_PAGE = 30


@never_cache
@login_required
def privacy(request):
    """/settings/privacy/"""
    form = PrivacyForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        set_privacy(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("privacy")
    context = {
        "form": form,
        "blocked": quiet_people(request, Block.objects.filter(blocker=request.user), "blocked"),
        "muted": quiet_people(request, Mute.objects.filter(muter=request.user), "muted"),
    }
    return render(request, "community/settings/privacy.html", context, status=422 if form.errors else 200)


def quiet_people(request, rows, person):
    """A page of the people of blocks or mutes, who came last first, whatever their standing; each list has its cursor."""
    cursor = request.GET.get(person, "")
    page = page_of(rows.select_related(person), cursor, size=PEOPLE_A_PAGE, at="created_at", key=f"{person}__username")
    return {
        "people": [getattr(row, person) for row in page],
        "next_url": f"?{urlencode({person: page.next})}" if page.next else "",
    }


@never_cache
@login_required
def requests(request):
    """/settings/requests/: who asked to follow, who came last first."""
    waiting = Follow.objects.filter(followed=request.user, accepted_at__isnull=True).select_related("follower")
    page = page_of(
        people_in(waiting, request.user, "follower"),
        request.GET.get("after", ""),
        size=PEOPLE_A_PAGE,
        at="created_at",
        key="follower__username",
    )
    context = {"people": [follow.follower for follow in page], "next": page.next}
    return render(request, "community/settings/requests.html", context)


@never_cache
@login_required
@without_nul
def accept_request(request, username):
    """POST /settings/requests/<username>/accept/"""
    return answer(request, username, answering.accept_request, _("They follow you now."))


@never_cache
@login_required
@without_nul
def decline_request(request, username):
    """POST /settings/requests/<username>/decline/"""
    return answer(request, username, answering.decline_request, _("Declined. They are not told."))


def answer(request, username, action, done):
    if request.method == "POST":
        asked = User.objects.filter(following__followed=request.user)
        if action(request.user, get_object_or_404(asked, username=username.lower())):
            messages.success(request, done)
    return redirect("requests")
