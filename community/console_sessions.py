"""How long one sign-in opens the console: a working day at most, and not past half an hour in which nothing was done there.

What staff may do is worth more than a member's session, which lasts for weeks. The session holds two times (seconds since
1970): when they last showed who they are, which allauth writes down, and when they last did something in the console.
"""

import time

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

OURS = "community.console"  # in the session: [when they came in, when they last did something]
STEP = 60  # seconds: how often what they do is written down, so that not every page writes the session
# What an open editor sends by itself every few seconds: nobody need be there.
BY_ITSELF = "/admin/editing-sessions/"


def is_over(request):
    """Whether who is signed in has to show once more who they are; notes that they did something where not. No query."""
    now = time.time()
    known = request.session.get(OURS)
    shown = max((one["at"] for one in get_authentication_records(request, request.user) if "at" in one), default=0)
    # Who comes for the first time came when they signed in, which may be weeks ago.
    came, seen = (max(shown, known[0]), max(shown, known[1])) if known else (shown or now, now)
    if now - came > settings.CONSOLE_HOURS * 3600 or now - seen > settings.CONSOLE_IDLE_MINUTES * 60:
        return True
    if known is None or (now - known[1] > STEP and not request.path_info.startswith(BY_ITSELF)):
        request.session[OURS] = [came, now]
    return False


def ask_again(request):
    """Lead to where they show who they are, and from there back to the page they wanted."""
    messages.info(
        request, _("The console closes when nothing is done there for a while. Show that it is you, and go on.")
    )
    target = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': target})}")
