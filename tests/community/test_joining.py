"""Joining: consent first, then an account; nothing public before the address is confirmed."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.actions.publish_policy import publish_policy
from community.models import ConsentRecord, PolicyVersion, TakenName, User
from gallery.models import GalleryPage, MemberPage
from tests.community.joining import asking, follow_link_in_mail, join, link_in_mail, sign_in
from tests.factories import PASSWORD, a_member

pytestmark = pytest.mark.django_db


def errors_of(response):
    assert response.status_code == 200, "the form must come back"
    return response.context["form"].errors


def test_form_shows_the_whole_text_of_the_policy_in_force(client):
    response = client.get(reverse("account_signup"))
    assert PolicyVersion.objects.current().shown_text() in response.content.decode()


def test_joining_makes_account_consent_page_and_first_gallery(client):
    response = join(client)
    assert response.status_code == 302 and response.url == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.username, user.name, user.email) == ("ana", "Ana Duarte", "ana@example.org")
    assert user.verified_at is None and user.check_password(PASSWORD)
    assert MemberPage.objects.get().user == user and GalleryPage.objects.get().author == user
    assert EmailAddress.objects.filter(user=user, email=user.email, primary=True, verified=False).count() == 1


def test_consent_record_keeps_who_which_version_the_hash_when_and_the_age(client):
    before = timezone.now()
    join(client)
    record = ConsentRecord.objects.get()
    policy = PolicyVersion.objects.current()
    assert (record.user.username, record.policy, record.text_sha256) == ("ana", policy, policy.hash_of_text())
    assert record.minimum_age == 16
    assert before <= record.accepted_at <= timezone.now()


def test_no_birth_date_is_asked_for_or_stored(client):
    form = client.get(reverse("account_signup")).context["form"]
    names = [*form.fields, *(field.name for model in (User, ConsentRecord) for field in model._meta.get_fields())]
    assert not [name for name in names if "birth" in name]


def test_without_acceptance_there_is_no_user_and_the_page_says_why(client):
    response = join(client, accept_policy=None)
    assert "Without accepting this there is no account" in errors_of(response)["accept_policy"][0]
    assert not User.objects.exists() and not mail.outbox and not TakenName.objects.exists()


def test_without_confirming_the_minimum_age_there_is_no_user(client, settings):
    settings.MINIMUM_AGE = 18
    response = join(client, confirm_age=None)
    assert "at least 18 years" in errors_of(response)["confirm_age"][0]
    assert not User.objects.exists()


def test_form_that_showed_an_older_version_is_asked_again_with_the_newer_text(client):
    shown = PolicyVersion.objects.current().number
    newer = publish_policy(PolicyVersion.objects.create(text="<p>Newer words.</p>", summary="All of it."), by=None)
    response = join(client, policy=shown)
    assert "changed while you were reading" in errors_of(response)["accept_policy"][0]
    page = response.content.decode()
    assert "<p>Newer words.</p>" in page and f'name="policy" value="{newer.number}"' in page
    assert "checked" not in page.partition('name="accept_policy"')[2].partition(">")[0]
    assert not User.objects.exists()


@pytest.mark.parametrize("policy", ["", "99", "x", None])
def test_form_without_a_known_version_makes_no_user(client, policy):
    assert "accept_policy" in errors_of(join(client, policy=policy))
    assert not User.objects.exists()


def test_what_was_typed_comes_back_except_the_password(client):
    page = join(client, accept_policy=None).content.decode()
    assert "Ana Duarte" in page and "ana@example.org" in page and PASSWORD not in page


def test_following_the_mail_verifies_the_member_and_signs_them_in(client):
    join(client)
    response = follow_link_in_mail(client)
    user = User.objects.get()
    assert user.verified_at is not None and MemberPage.objects.get().live and GalleryPage.objects.get().live
    assert response.status_code == 302 and client.session["_auth_user_id"] == str(user.pk)


def test_link_in_mail_does_nothing_before_the_button_is_pressed(client):
    """Mail scanners follow every link."""
    join(client)
    client.get(link_in_mail())
    assert User.objects.get().verified_at is None


def test_link_followed_on_another_device_verifies_but_signs_nobody_in(client, client_of_another):
    join(client)
    follow_link_in_mail(client_of_another)
    assert User.objects.get().verified_at is not None
    assert "_auth_user_id" not in client_of_another.session


@pytest.fixture
def client_of_another():
    from django.test import Client

    return Client()


def test_nothing_of_an_unverified_member_is_public(client):
    join(client)
    assert not MemberPage.objects.get().live and not GalleryPage.objects.get().live
    assert not User.objects.members().exists()


def test_unverified_member_cannot_sign_in_and_gets_another_mail(client, client_of_another):
    join(client)
    response = sign_in(client_of_another, "ana")
    assert response.status_code == 302 and response.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client_of_another.session


@pytest.mark.parametrize("login", ["ana", "ANA", "ana@example.org", "Ana@Example.org"])
def test_member_signs_in_by_username_or_email_in_any_case(client, login):
    a_member("ana", email="ana@example.org")
    assert sign_in(client, login).status_code == 302
    assert "_auth_user_id" in client.session


def test_password_is_reset_by_mail(client):
    member = a_member("ana")
    client.post(reverse("account_reset_password"), asking(member.email))
    form = client.get(link_in_mail(), follow=True)
    new = "another long passphrase"
    done = client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert done.status_code == 302 and User.objects.get(pk=member.pk).check_password(new)


def test_known_address_looks_the_same_as_a_new_one_and_is_told_by_mail(client, client_of_another):
    """Nobody finds out by joining who is a member."""
    a_member("milo", email="milo@example.org")
    new = join(client, username="ana", email="new@example.org")
    known = join(client_of_another, username="june", email="milo@example.org")
    assert (known.status_code, known.url) == (new.status_code, new.url)
    pages = [c.get(new.url).content.decode() for c in (client, client_of_another)]
    assert pages[0].replace("new@", "milo@") == pages[1]
    assert mail.outbox[-1].to == ["milo@example.org"] and "already" in mail.outbox[-1].subject
    assert not User.objects.filter(username="june").exists()


def test_address_of_an_unverified_account_is_treated_like_any_known_one(client, client_of_another):
    join(client)
    response = join(client_of_another, username="june")
    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


def test_resetting_an_unknown_address_looks_the_same(client):
    a_member("ana", email="ana@example.org")
    known = client.post(reverse("account_reset_password"), asking("ana@example.org"))
    unknown = client.post(reverse("account_reset_password"), asking("nobody@example.org"))
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize("username", ["admin", "adm1n", "pixlpix", "pixl_pix", "settings", "moderat0r"])
def test_reserved_names_and_their_look_alikes_are_refused(client, username):
    assert "username" in errors_of(join(client, username=username))
    assert not User.objects.exists()


def test_name_that_looks_like_one_in_use_is_refused_with_suggestions(client):
    a_member("milo")
    message = errors_of(join(client, username="mi1o"))["username"][0]
    assert "too easily confused" in message and "mi1o-photo" in message


@pytest.mark.parametrize("username", ["an", "ana.duarte", "ána", "ana duarte", "-ana", "a" * 31, "аna"])
def test_names_that_fit_no_address_are_refused(client, username):
    assert "username" in errors_of(join(client, username=username))


def test_username_is_kept_in_lower_case(client):
    join(client, username="Ana")
    assert User.objects.get().username == "ana"


@pytest.mark.parametrize("password", ["short", "password123", "8402957183", "ana@example.org"])
def test_weak_passwords_are_refused(client, password):
    assert "password1" in errors_of(join(client, password1=password))


@pytest.mark.parametrize("name", ["", "   ", "\u202e", "\x07"])
def test_name_of_nothing_is_refused(client, name):
    assert "name" in errors_of(join(client, name=name))


def test_name_taken_while_the_form_was_on_its_way_is_a_message_in_the_form(client, monkeypatch):
    """The constraint decides, not the look before: here the look finds the name free."""
    a_member("ana", email="first@example.org")
    monkeypatch.setattr(TakenName, "is_free", classmethod(lambda cls, username: True))
    response = join(client)
    assert "taken" in errors_of(response)["username"][0]
    assert User.objects.count() == 1


def test_address_taken_while_the_form_was_on_its_way_is_not_told(client, monkeypatch):
    a_member("milo", email="ana@example.org")
    monkeypatch.setattr("community.forms.SignupForm.clean_email", lambda form: form.cleaned_data["email"])
    response = join(client)
    assert response.status_code == 302 and response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1 and "already" in mail.outbox[-1].subject


def test_mail_server_that_is_down_loses_no_account(client, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError("connection refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    response = join(client)
    assert response.status_code == 302 and User.objects.count() == 1
    assert "could not send you a mail" in client.get(response.url).content.decode()


def test_mails_are_plain_text_with_our_prefix(client):
    join(client)
    message = mail.outbox[-1]
    assert message.subject == "PixlPix: Confirm your address"
    assert not message.alternatives and "Ana Duarte" in message.body


def test_signed_in_member_is_led_away_from_the_form(client):
    client.force_login(a_member())
    assert client.get(reverse("account_signup")).status_code == 302
