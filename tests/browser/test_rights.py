"""One's own account: a passkey, at a window with a virtual authenticator; leaving and coming back."""

import pytest
from allauth.mfa.models import Authenticator

from tests.browser.test_story import sign_in
from tests.factories import PASSWORD, a_member, a_post

pytestmark = pytest.mark.django_db(transaction=True)


def give_authenticator(person):
    """A device with a finger that is always there, which keeps passkeys."""
    cdp = person.page.context.new_cdp_session(person.page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return cdp


def be_sure(person):
    """Give the password once more, where a page asks for it."""
    if "reauthenticate" in person.page.url:
        person.page.get_by_label("Password").fill(PASSWORD)
        person.press("Go on")


def test_member_adds_a_passkey_and_signs_in_with_it_alone(a_person):
    a_member("ana")
    ana = a_person()
    give_authenticator(ana)
    page = ana.page
    sign_in(ana, "ana", path="/accounts/login/?next=/accounts/2fa/webauthn/add/")
    be_sure(ana)
    page.get_by_label("What you call it").fill("Phone")
    assert page.get_by_label("Sign in with it alone").is_checked()
    ana.press("Add it")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Phone"

    ana.go("/accounts/logout/")
    ana.press("Sign out")
    ana.go("/accounts/login/?next=/settings/")
    ana.press("Use a passkey instead")
    page.goto(f"{ana.address}/settings/")
    page.get_by_role("heading", name="Settings").wait_for()

    # With a password the passkey is the second step.
    ana.go("/accounts/logout/")
    ana.press("Sign out")
    sign_in(ana, "ana")
    page.get_by_role("heading", name="One more step").wait_for()
    ana.press("Use a passkey")
    ana.go("/accounts/2fa/webauthn/")
    ana.follow(page.get_by_role("link", name="Remove"))
    be_sure(ana)
    ana.press("Remove it")
    page.get_by_text("You have no passkey yet.").wait_for()
    assert not Authenticator.objects.exists() and ana.complaints == []


def test_member_leaves_and_comes_back(a_person):
    ana, visitor = a_person(), a_person()
    post = a_post(a_member("ana"), caption="Heron at dawn")
    sign_in(ana, "ana", path="/accounts/login/?next=/settings/leave/")
    ana.go("/settings/leave/")
    ana.page.get_by_label("Your password").fill(PASSWORD)
    ana.press("Close my account")
    ana.page.get_by_role("heading", name="Your account is closed").wait_for()
    assert visitor.go(post.address()).status == 410

    sign_in(ana, "ana")
    ana.page.get_by_role("heading", name="Come back?").wait_for()
    ana.press("Stay away")
    assert visitor.go(post.address()).status == 410
    sign_in(ana, "ana")
    ana.press("Come back")
    ana.page.get_by_text("Welcome back").wait_for()
    assert visitor.go(post.address()).status == 200
    assert visitor.page.get_by_text("Heron at dawn").first.is_visible()
