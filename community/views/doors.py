"""Where Wagtail has doors of its own, ours lead to the one that allauth guards."""

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def sign_in(request):
    """To the sign-in page, with the address to go on to where that is one of ours."""
    url = resolve_url(settings.LOGIN_URL)
    target = request.GET.get(REDIRECT_FIELD_NAME, "")
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        url = f"{url}?{urlencode({REDIRECT_FIELD_NAME: target})}"
    return redirect(url)


def reset_password(request):
    """To the page where everybody resets a password."""
    return redirect("account_reset_password")


def not_here(request):
    """A page of Wagtail's that is nobody's here."""
    raise Http404
