"""Gates before the views: for whom is suspended, who has not accepted the policy in force, and who is no staff."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from . import console_sessions, guidelines, permissions, policies
from .mfa import is_protected
from .models.users import Standing

# Names of addresses that stay open to a member whom a gate stops: they can always read the policy, take their data
# along, leave, stop mails and sign out.
ALWAYS_OPEN = frozenset(
    {
        "account_logout",
        "policy",
        "policy_version",
        "export",
        "export_file",
        "leave",
        "unsubscribe",
        "healthz",
        "readyz",
        "security_txt",
    }
)
# Pages that staff write, and that everybody must be able to reach: how else would they write to us, or read the rule that
# they broke?
OPEN_PAGES = ("/contact/", "/legal-notice/", guidelines.ADDRESS)
# What the doors of Wagtail's admin answer with is ours, and open to everybody.
DOORS = frozenset({"admin_login", "admin_logout", "admin_password_reset"})


def is_file(request):
    """A stylesheet or a rendition: no gate looks at these, and no session is read for them."""
    return request.path_info.startswith((settings.STATIC_URL, "/media/"))


def lead_to(request, name):
    """Lead to the page called `name`; htmx, which would put the answer into the page, is told to go there, and an upload
    in parts, which follows nowhere, is told in words."""
    url = reverse(name)
    if "Tus-Resumable" in request.headers:
        words = _("There is something to read first. Please reload the page in another window.")
        return HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return redirect(url)


class Gate:
    """Middleware that decides once the view is known."""

    open_names = ALWAYS_OPEN

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if is_file(request) or request.resolver_match.url_name in self.open_names:
            return None
        if request.path_info in OPEN_PAGES:
            return None
        return self.decide(request)

    def decide(self, request):
        raise NotImplementedError


class StandingGate(Gate):
    """A suspended member can sign in, and reaches what was decided, the appeal, export, leaving, and the policy."""

    open_names = ALWAYS_OPEN | {"suspended", "decisions", "appeal"}

    def decide(self, request):
        if request.user.is_authenticated and request.user.standing == Standing.SUSPENDED:
            return lead_to(request, "suspended")
        return None


class ConsentGate(Gate):
    """A member who has not accepted the policy in force is asked, whatever page they wanted.

    Costs no query while the number of the binding version is in the cache, and one where it is not.
    """

    open_names = ALWAYS_OPEN | {"accept_policy", "decline_policy", "suspended"}

    def decide(self, request):
        user = request.user
        if user.is_authenticated and user.accepted_policy < policies.binding_number():
            if request.method == "GET" and not getattr(request, "htmx", False):
                request.session["community.after_policy"] = request.get_full_path()
            return lead_to(request, "accept_policy")
        return None


class AdminDoor(Gate):
    """Below /admin/: for a signed-in member who is no staff there is nothing; anybody else signs in first.

    Staff without a second factor are led to where they turn it on: what they may do is worth a stolen password.
    Who did nothing there for a while, or signed in long ago, shows once more who they are (console_sessions).
    """

    open_names = DOORS

    def decide(self, request):
        if not request.path_info.startswith("/admin/"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not permissions.may_enter_console(request.user):
            raise Http404
        if settings.STAFF_TWO_FACTOR and not is_protected(request.user):
            messages.warning(request, _("The console is open to you once you have turned two-factor sign-in on."))
            return lead_to(request, "mfa_index")
        return console_sessions.ask_again(request) if console_sessions.is_over(request) else None
