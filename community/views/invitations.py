"""The link in an invitation to the staff."""

from allauth.core import ratelimit
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import invitations
from ..devices import renew
from ..models import Invitation, User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Newcomers go on to join; a member takes it up by a press of a button, signed in with the invited address."""
    if limited := ratelimit.consume_or_429(request, action="invitation"):
        return limited
    found = Invitation.objects.open().for_token(token).select_related("group").first()
    if found is None:
        return render(request, "community/invitation.html", {"invitation": None}, status=404)
    if not request.user.is_authenticated:
        if User.objects.filter(email=found.email).exists():
            return redirect_to_sign_in(request, found)
        invitations.remember(request, token)
        return redirect("account_signup")
    is_theirs = request.user.email.lower() == found.email.lower()
    if request.method == "POST" and is_theirs and invitations.redeem(found, request.user):
        renew(request)
        messages.success(request, _("You belong to the staff now."))
        return redirect("wagtailadmin_home")
    return render(request, "community/invitation.html", {"invitation": found, "is_theirs": is_theirs})


def redirect_to_sign_in(request, found):
    from django.contrib.auth.views import redirect_to_login

    messages.info(request, _("Sign in with %(email)s to take up your invitation.") % {"email": found.email})
    return redirect_to_login(request.get_full_path())
