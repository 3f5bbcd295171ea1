"""Second factors: an authenticator app, recovery codes; passkeys are tried in a real browser."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from tests.community.joining import follow_link_in_mail, sign_in
from tests.factories import PASSWORD, a_member
from tests.pages import Page

pytestmark = pytest.mark.django_db

ADDRESS, BROWSER = "203.0.113.78", "Netscape Navigator 4.05"


@pytest.fixture
def ana():
    return a_member("ana", email="ana@example.org")


def sure(client, path):
    """Open a page that asks for the password once more, and give it; the answer is the page."""
    response = client.get(path)
    if response.status_code == 302 and "reauthenticate" in response.url:
        response = client.post(response.url, {"password": PASSWORD}, follow=True)
    return response


def code_of(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.fixture
def protected(client, ana):
    """Ana with an authenticator app, signed out: (her secret, her recovery codes)."""
    sign_in(client, "ana")
    page = sure(client, "/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    client.post("/accounts/logout/")
    cache.clear()  # a code is taken once; tests do not wait half a minute for the next
    return secret, codes


def second_step(client, code):
    return client.post("/accounts/2fa/authenticate/", {"code": code})


def is_signed_in(client):
    return client.get("/settings/").status_code == 200


def test_app_is_turned_on_with_a_code_by_picture_and_secret(client, ana, mailoutbox):
    sign_in(client, "ana")
    page = sure(client, "/accounts/2fa/totp/activate/")
    text = page.content.decode()
    assert page.context["form"].secret in text and 'src="data:image/svg+xml' in text
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200 and wrong.context["form"].errors and not Authenticator.objects.exists()
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(wrong.context["form"].secret)})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert "turned on" in mailoutbox[0].subject and "@ana" in mailoutbox[0].body


def test_app_is_told_the_username_and_no_address(client, ana):
    sign_in(client, "ana")
    url = sure(client, "/accounts/2fa/totp/activate/").context["totp_url"]
    assert "PixlPix" in url and "ana" in url and "example.org" not in url


def test_password_alone_signs_nobody_in(client, protected):
    assert sign_in(client, "ana").url == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.get("/accounts/2fa/authenticate/").status_code == 200


def test_code_signs_in(client, protected):
    sign_in(client, "ana")
    assert second_step(client, code_of(protected[0])).status_code == 302 and is_signed_in(client)


def test_wrong_code_does_not(client, protected):
    sign_in(client, "ana")
    assert second_step(client, "000000").context["form"].errors and not is_signed_in(client)


def test_recovery_code_signs_in_once(client, protected):
    code = protected[1][0]
    sign_in(client, "ana")
    second_step(client, code)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    sign_in(client, "ana")
    assert second_step(client, code).context["form"].errors and not is_signed_in(client)


def test_new_recovery_codes_end_the_old_ones(client, protected):
    sign_in(client, "ana")
    second_step(client, code_of(protected[0]))
    sure(client, "/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/recovery-codes/generate/")
    new = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert new and not set(new) & set(protected[1])
    client.post("/accounts/logout/")
    sign_in(client, "ana")
    second_step(client, protected[1][0])
    assert not is_signed_in(client)
    second_step(client, new[0])
    assert is_signed_in(client)


def test_passkey_is_renamed_and_removed_by_its_member_alone(client, ana, mailoutbox):
    a_member("milo")
    stranger = Client()
    for visitor, name in ((stranger, "milo"), (client, "ana")):
        sign_in(visitor, name)
        sure(visitor, "/accounts/2fa/webauthn/add/")
    key = Authenticator.objects.create(user=ana, type="webauthn", data={"name": "Phone", "credential": {}})
    path = f"/accounts/2fa/webauthn/keys/{key.pk}"
    assert {stranger.post(f"{path}/{act}/", {"name": "Mine"}).status_code for act in ("edit", "remove")} == {404}
    client.post(f"{path}/edit/", {"name": "Blue key"})
    key.refresh_from_db()
    assert key.data["name"] == "Blue key"
    client.post(f"{path}/remove/")
    assert not Authenticator.objects.exists() and mailoutbox[-1].to == ["ana@example.org"]


def test_wrong_codes_are_limited_then_even_the_right_one_waits(client, protected):
    sign_in(client, "ana")
    for _attempt in range(12):
        second_step(client, "000000")
    second_step(client, code_of(protected[0]))
    assert not is_signed_in(client)


def test_everything_about_it_asks_for_who_they_are_once_more(client, ana, protected, settings):
    client.force_login(ana)
    for path in ("totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/add/"):
        response = client.get(f"/accounts/2fa/{path}")
        assert response.status_code == 302 and response.url != "/accounts/login/", path
    assert client.post("/accounts/2fa/totp/deactivate/").url.startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_turned_off_nothing_is_asked_and_a_mail_says_so(client, protected, mailoutbox):
    sign_in(client, "ana")
    second_step(client, code_of(protected[0]))
    assert sure(client, "/accounts/2fa/totp/deactivate/").status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists() and "turned off" in mailoutbox[-1].subject
    client.post("/accounts/logout/")
    assert sign_in(client, "ana").url == "/" and is_signed_in(client)


def test_protected_account_can_still_change_its_address(client, protected, mailoutbox):
    sign_in(client, "ana")
    second_step(client, code_of(protected[0]))
    asked = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    if "reauthenticate" in asked.url:
        client.post(asked.url, {"password": PASSWORD}, follow=True)
    follow_link_in_mail(client)
    assert Authenticator.objects.get(type="totp").user.email == "new@example.org"


def test_pages_show_codes_and_lead_to_each_other(client, protected):
    sign_in(client, "ana")
    second_step(client, code_of(protected[0]))
    assert "/accounts/2fa/" in client.get("/settings/").content.decode()
    assert protected[1][3] in sure(client, "/accounts/2fa/recovery-codes/").content.decode()
    assert protected[1][3] in client.get("/accounts/2fa/recovery-codes/download/").content.decode()
    for path in ("", "recovery-codes/generate/", "webauthn/", "webauthn/add/", "reauthenticate/"):
        response = client.get(f"/accounts/2fa/{path}")
        assert (response.status_code, Page(response.content.decode()).inline) == (200, []), path


def test_passkey_of_nobody_signs_nobody_in(client, ana):
    credential = {"id": "x", "rawId": "eA", "type": "public-key", "response": {"userHandle": "eA"}}
    for sent in (json.dumps(credential), "{}", "[]", "nonsense", ""):
        response = client.post("/accounts/2fa/webauthn/login/", {"credential": sent})
        assert response.url == "/accounts/login/" and not is_signed_in(client)


def test_no_address_and_no_browser_is_kept(ana):
    visitor = Client(REMOTE_ADDR=ADDRESS, headers={"User-Agent": BROWSER})
    sign_in(visitor, "ana")
    secret = sure(visitor, "/accounts/2fa/totp/activate/").context["form"].secret
    visitor.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    visitor.post("/accounts/logout/")
    sign_in(visitor, "ana")
    second_step(visitor, "000000")
    kept = json.dumps([list(Authenticator.objects.values_list("data", flat=True)), dict(visitor.session)], default=str)
    assert ADDRESS not in kept and "Netscape" not in kept
    assert not any(ADDRESS in key for key in cache._cache)


def test_no_browser_is_trusted_for_later(settings):
    from allauth.mfa import app_settings

    assert not app_settings.TRUST_ENABLED and not app_settings.PASSKEY_SIGNUP_ENABLED
