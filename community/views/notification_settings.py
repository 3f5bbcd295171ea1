"""What a member hears of, where and how often; and the link in mails that stops them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..actions.choose_notifications import choose_notifications
from ..actions.choose_notifications import unsubscribe as stop_mails
from ..forms_notifications import NotificationsForm
from ..mailing import DIGEST, read_token
from ..models import Profile
from ..models.notifications import Kind


@never_cache
@login_required
def notification_settings(request):
    """/settings/notifications/"""
    profile = Profile.objects.get(user=request.user)
    form = NotificationsForm(request.POST if request.method == "POST" else None, profile=profile)
    if request.method == "POST" and form.is_valid():
        choose_notifications(request.user, form.choices(), form.cleaned_data["digest"])
        messages.success(request, _("Saved."))
        return redirect("notification_settings")
    return render(request, "community/settings/notifications.html", {"form": form})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """/notifications/unsubscribe/<token>/: GET asks, POST stops the mails that the token is about.

    Without signing in, and without the protection against forged requests: a mail program sends the POST by itself when
    its button is pressed (RFC 8058), and follows nowhere, so that it is answered with a page. The token is all that it
    has, and can do no more than this.
    """
    found = read_token(token)
    if found is None:
        raise Http404
    profile, what = found
    if request.method == "POST":
        stop_mails(profile.user, what)
    kind = "" if what == DIGEST else Kind(what).label
    context = {"kind": kind, "done": request.method == "POST"}
    return render(request, "community/unsubscribe.html", context)
