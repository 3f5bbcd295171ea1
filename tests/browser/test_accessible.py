"""axe-core finds nothing on any page, and none is wider than the narrowest phone.

The pages are all that test_every_page walks, which fails when an address of the site is in none of its lists; then those that
need a session of a certain kind, and those that answer errors.
"""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from community.actions.invite import invite
from community.actions.leave import leave
from community.actions.request_export import request_export
from community.actions.suspend_member import suspend_member
from tests.browser.axe import a_window, wrong_with
from tests.community.joining import sign_in
from tests.factories import PASSWORD, a_member, a_post, a_staff_member
from tests.pixlpix.test_every_page import SECOND_FACTOR, World, pages_of

pytestmark = pytest.mark.django_db(transaction=True)

# What a visitor sees of these, members see as well; two-factor pages would only ask for the password once more (below).
SAME_FOR_ALL = (
    "/policy/", "/transparency/", "/contact/", "/legal-notice/", "/nothing/", "/dev/", "/notifications/unsubscribe/",
    "/accounts/2fa/",
)  # fmt: skip


def client_of(user):
    """A test client in which `user` is signed in, without the way through the form."""
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["visitor", "milo", "ana"])
def test_axe_finds_nothing_on_any_page_and_none_is_too_wide(a_person, name):
    world = World()
    who = getattr(world, name, None)
    person = a_window(a_person, client_of(who) if who else None)
    urls = [url for visitor, url in pages_of(world) if visitor == who and not (who and url.startswith(SAME_FOR_ALL))]
    found = {url: wrong for url in urls if (wrong := wrong_with(person, url))}
    assert len(urls) > 25
    assert found == {}


def looked_at(person, *urls):
    """{address: what is wrong there}, of pages that each answer at their own address."""
    found = {}
    for url in urls:
        if wrong := wrong_with(person, url):
            found[url] = wrong
        assert person.page.url == person.address + url
    return found


def test_axe_finds_nothing_where_the_password_was_given_once_more(a_person):
    ana, key = a_member("ana"), {"name": "Key ring", "credential": {}}
    without = client_of(ana)
    without.post("/accounts/reauthenticate/", {"password": PASSWORD})
    starting = looked_at(a_window(a_person, without), "/accounts/2fa/", "/accounts/2fa/totp/activate/")
    TOTP.activate(ana, generate_totp_secret())
    RecoveryCodes.activate(ana)
    key = Authenticator.objects.create(user=ana, type="webauthn", data=key)
    sure = client_of(ana)
    sure.post("/accounts/reauthenticate/", {"password": PASSWORD})
    elsewhere = {
        "authenticate/",
        "totp/activate/",
        "recovery-codes/download/",
        "webauthn/login/",
    }  # above, below, no page
    urls = [
        f"/accounts/2fa/{path.replace('keys/1/', f'keys/{key.pk}/')}" for path in SECOND_FACTOR if path not in elsewhere
    ]
    halfway = Client()
    sign_in(halfway, "ana")
    assert starting == {}
    assert looked_at(a_window(a_person, sure), "/accounts/2fa/", *urls) == {}
    assert looked_at(a_window(a_person, halfway), "/accounts/2fa/authenticate/") == {}


def test_axe_finds_nothing_for_those_whom_the_site_asks_or_tells_something(a_person):
    moderator = a_staff_member("Moderators", "mod")
    left, suspended, asked = a_member("lefa"), a_member("susa"), a_member("aska")
    leave(left)
    suspend_member(suspended, by=moderator, reason="Not theirs, three times.")
    coming, exporting = Client(), client_of(asked)
    sign_in(coming, "lefa")
    request_export(asked)
    _invitation, link, _mailed = invite("new@example.org", "Moderators", by=None)
    assert looked_at(a_window(a_person, coming), "/accounts/come-back/") == {}
    assert looked_at(a_window(a_person, client_of(suspended)), "/accounts/suspended/") == {}
    invitation = link[link.index("/accounts/") :]  # for somebody else
    assert looked_at(a_window(a_person, exporting), "/settings/export/", "/settings/devices/", invitation) == {}
    unverified = a_window(a_person, client_of(a_member("bert", verified=False)))
    assert looked_at(unverified, "/share/", "/members/bert/") == {}


def test_axe_finds_nothing_where_there_is_nothing_yet(a_person):
    nora = a_member("nora")
    urls = [
        reverse(name)
        for name in ("home", "saved", "notifications", "requests", "galleries", "deleted_posts", "own_reports")
    ]
    urls += [reverse(name, args=["nora"]) for name in ("member", "followers", "following")]
    urls += [reverse("likes", args=[a_post(nora).short_id])]
    empty = ["/", "/explore/", "/picks/", "/prompts/", "/tags/", "/members/"]
    assert looked_at(a_window(a_person, client_of(nora)), *urls) == {}
    assert looked_at(a_window(a_person), *empty) == {}


@pytest.mark.parametrize("status", [403, 429, 500])
def test_axe_finds_nothing_on_the_pages_that_answer_errors(a_person, status):
    """Those of 404 and 410 are among the pages above."""
    request = RequestFactory().get("/broken/")
    request.user = AnonymousUser()
    body = render_to_string(f"{status}.html", request=request)
    person = a_window(a_person)
    person.page.route("**/broken/", lambda route: route.fulfill(body=body, content_type="text/html", status=status))
    assert looked_at(person, "/broken/") == {}
