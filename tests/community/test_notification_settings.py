"""/settings/notifications/, and the link in mails that stops them."""

import re

import pytest
from django.core import signing
from django.test import Client

from community.actions.mail_notifications import mail_notifications
from community.mailing import DIGEST, unsubscribe_link
from community.models import Notification, Profile
from community.models.notifications import Kind
from community.notification_kinds import USUAL, choice_of
from community.notifying import notify
from gallery.models import MemberAct
from tests.factories import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = a_member("ana", name="Ana")
    client.force_login(ana)
    return ana


def choices_of(member):
    chosen = Profile.objects.get(user=member).notification_choices
    return {kind: choice_of(kind, chosen) for kind in USUAL}


def path_of(link):
    return re.sub(r"^https?://[^/]+", "", link)


def test_it_shows_what_is_usual_and_keeps_what_differs(client, ana):
    page = client.get("/settings/notifications/")
    assert page.status_code == 200 and not page.context["form"].errors
    ticked = {f"{kind}_{place}": "on" for kind in USUAL for place in ("app", "email") if kind != Kind.LIKE}
    assert client.post("/settings/notifications/", {**ticked, "digest": "weekly"}).status_code == 302
    profile = Profile.objects.get(user=ana)
    assert profile.digest == "weekly" and profile.digest_sent_at
    assert choices_of(ana)[Kind.LIKE].nowhere and choices_of(ana)[Kind.FOLLOW].email
    assert "comment" not in profile.notification_choices
    assert MemberAct.objects.filter(act="member.notifications_chosen").exists()


def test_decisions_of_the_team_stay_on_whatever_is_posted(client, ana):
    assert client.get("/settings/notifications/").content.count(b"disabled") == 2
    client.post("/settings/notifications/", {"digest": "never"})
    chosen = choices_of(ana)
    assert [kind for kind in chosen if not chosen[kind].nowhere] == [Kind.MODERATION]


def test_a_rhythm_that_there_is_not_is_refused_and_keeps_what_was_ticked(client, ana):
    response = client.post("/settings/notifications/", {"digest": "hourly", "like_email": "on"})
    assert response.status_code == 200 and response.context["form"].errors
    assert response.context["form"]["like_email"].value() and not Profile.objects.get(user=ana).notification_choices


# --- The link that stops mails ----------------------------------------------------------------------------------------


@pytest.fixture
def mail_program():
    """Somebody who is not signed in, with the protection against forged requests on."""
    return Client(enforce_csrf_checks=True)


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_looking_at_the_link_asks_and_changes_nothing(mail_program, ana):
    page = mail_program.get(path_of(unsubscribe_link(ana, Kind.COMMENT)))
    assert page.status_code == 200 and "Stop these mails?" in page.content.decode()
    assert choices_of(ana) == USUAL


def test_one_click_stops_mails_of_that_kind_without_signing_in(mail_program, ana):
    response = mail_program.post(path_of(unsubscribe_link(ana, Kind.COMMENT)), ONE_CLICK)
    assert response.status_code == 200  # mail programs follow no redirect
    chosen = choices_of(ana)
    assert (chosen[Kind.COMMENT].app, chosen[Kind.COMMENT].email) == (True, False)
    assert {kind: chosen[kind] for kind in USUAL if kind != Kind.COMMENT} == {
        kind: USUAL[kind] for kind in USUAL if kind != Kind.COMMENT
    }


def test_one_click_stops_digests_and_twice_is_once(mail_program, ana):
    Profile.objects.filter(user=ana).update(digest="daily")
    for _ in range(2):
        assert mail_program.post(path_of(unsubscribe_link(ana, DIGEST)), ONE_CLICK).status_code == 200
    assert Profile.objects.get(user=ana).digest == "never" and choices_of(ana) == USUAL


def test_it_works_after_a_rename_and_while_suspended(ana):
    link, other = unsubscribe_link(ana, Kind.COMMENT), Client()
    type(ana).objects.filter(pk=ana.pk).update(username="anaduarte", standing="suspended")
    other.force_login(ana)
    assert other.post(path_of(link), ONE_CLICK).status_code == 200
    assert not choices_of(ana)[Kind.COMMENT].email


def test_what_waited_is_not_mailed_once_mails_are_stopped(mail_program, ana, mailoutbox):
    notify(Kind.REQUEST, ana, actor=a_member())
    Notification.objects.update(mail_due_at="2026-01-01T00:00Z")
    mail_program.post(path_of(unsubscribe_link(ana, Kind.REQUEST)), ONE_CLICK)
    assert mail_notifications() == 0 and mailoutbox == []


@pytest.mark.parametrize("what", ["", "nonsense", "leave"])
def test_a_token_of_ours_for_anything_else_stops_nothing(mail_program, ana, what):
    key = path_of(unsubscribe_link(ana, Kind.LIKE)) and Profile.objects.get(user=ana).mail_key
    for salt in ("community.unsubscribe", "another"):
        token = signing.Signer(salt=salt).sign_object([key, what if salt != "another" else "like"])
        assert mail_program.post(f"/notifications/unsubscribe/{token}/", ONE_CLICK).status_code == 404
    assert choices_of(ana) == USUAL


def test_a_forged_or_cut_token_is_nothing(mail_program, ana):
    path = path_of(unsubscribe_link(ana, Kind.LIKE))
    for forged in (path[:-3] + "/", path.replace(":", "", 1), "/notifications/unsubscribe/x/"):
        assert mail_program.get(forged).status_code == 404


def test_the_link_names_nobody(ana):
    link = unsubscribe_link(ana, Kind.LIKE)
    token = path_of(link).split("/")[-2]
    held = signing.Signer(salt="community.unsubscribe").unsign_object(token)
    assert held == [Profile.objects.get(user=ana).mail_key, "like"]
