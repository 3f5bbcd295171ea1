"""Coming back within 30 days of leaving: everything as it was, after showing who one is."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from community.actions.come_back import come_back
from community.actions.leave import leave
from community.actions.suspend_member import suspend_member
from community.models import Block, User
from community.models.users import Standing
from community.visibility import posts_for
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import media
from tests.community.joining import asking, link_in_mail, sign_in
from tests.community.test_two_factor import code_of, protected, second_step
from tests.factories import PASSWORD, a_member, a_post, an_avatar
from tests.traces import ledger_acts, public_files

pytestmark = pytest.mark.django_db
__all__ = ["protected"]


@pytest.fixture
def ana():
    return a_member("ana", email="ana@example.org")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def days_ago(user, days):
    User.objects.filter(pk=user.pk).update(standing_since=timezone.now() - timedelta(days=days))
    return again(user)


def test_everything_shows_again_under_new_file_names(client, ana):
    post = a_post(ana)
    an_avatar(ana)
    before = public_files()
    leave(ana)
    assert public_files() == set()
    come_back(again(ana))
    assert list(posts_for(AnonymousUser())) == [post] and client.get(post.address()).status_code == 200
    assert public_files() and not public_files() & before
    assert media().exists(again(ana).avatar_large)
    assert client.get("/members/ana/").status_code == 200


def test_what_they_had_deleted_stays_deleted(client, ana):
    gone = a_post(ana)
    withdraw_post(gone, by=ana)
    leave(ana)
    come_back(again(ana))
    assert client.get(gone.address()).status_code == 410


def test_blocks_hold_again(ana):
    milo = a_member("milo")
    Block.objects.create(blocker=milo, blocked=ana)
    a_post(ana)
    come_back(leave(ana))
    assert not posts_for(milo).exists()


def test_it_stands_in_the_log_and_the_ledger(ana):
    come_back(leave(ana))
    assert ledger_acts("ana")[-2:] == ["member.left", "member.returned"]


def test_who_was_suspended_comes_back_suspended(client, ana):
    a_post(ana)
    suspend_member(ana, by=None, reason="Spam")
    leave(again(ana))
    back = come_back(again(ana))
    assert (back.standing, back.standing_reason, back.is_active) == (Standing.SUSPENDED, "Spam", True)
    assert not posts_for(AnonymousUser()).exists() and public_files() == set()
    client.force_login(back)
    assert client.get("/").url == "/accounts/suspended/"


@pytest.mark.parametrize("days, comes_back", [(29, True), (31, False)])
def test_after_thirty_days_it_is_too_late(client, ana, days, comes_back):
    ana = days_ago(leave(ana), days)
    assert sign_in(client, "ana").url == ("/accounts/come-back/" if comes_back else "/accounts/inactive/")
    if not comes_back:
        with pytest.raises(PermissionDenied):
            come_back(ana)


def test_who_did_not_leave_cannot_come_back(ana):
    with pytest.raises(PermissionDenied):
        come_back(ana)


def test_signing_in_asks_and_signs_nobody_in_before_they_decide(client, ana):
    leave(ana)
    assert sign_in(client, "ana").url == "/accounts/come-back/"
    page = client.get("/accounts/come-back/").content.decode()
    assert "@ana" in page and "Come back" in page and "Stay away" in page
    assert client.get("/settings/").status_code == 302 and again(ana).standing == Standing.LEFT


def test_coming_back_signs_in(client, ana):
    leave(ana)
    sign_in(client, "ana")
    assert client.post("/accounts/come-back/", {"decision": "back"}).url == "/members/ana/"
    assert client.get("/settings/").status_code == 200 and again(ana).standing == Standing.ACTIVE


def test_staying_away_changes_nothing_and_forgets_who_asked(client, ana):
    leave(ana)
    sign_in(client, "ana")
    assert client.post("/accounts/come-back/", {"decision": "stay"}).url == "/accounts/left/"
    assert client.post("/accounts/come-back/", {"decision": "back"}).url == "/accounts/login/"
    assert again(ana).standing == Standing.LEFT


def test_wrong_password_and_strangers_are_asked_nothing(client, ana):
    leave(ana)
    assert sign_in(client, "ana", "wrong").status_code == 200
    assert client.post("/accounts/come-back/", {"decision": "back"}).url == "/accounts/login/"
    assert again(ana).standing == Standing.LEFT


def test_password_alone_does_not_do_where_there_is_a_second_factor(client, ana, protected):
    leave(ana)
    assert sign_in(client, "ana").url == "/accounts/2fa/authenticate/"
    assert client.post("/accounts/come-back/", {"decision": "back"}).url == "/accounts/login/"
    assert second_step(client, code_of(protected[0])).url == "/accounts/come-back/"
    client.post("/accounts/come-back/", {"decision": "back"})
    assert again(ana).standing == Standing.ACTIVE


def reset_password(client, address, new="another long passphrase"):
    """Ask for a link, follow it, choose a new password; the page that follows."""
    client.post("/accounts/password/reset/", asking(address))
    form = client.get(link_in_mail(), follow=True).redirect_chain[-1][0]
    return client.post(form, {"password1": new, "password2": new}, follow=True)


def test_who_left_and_forgot_the_password_gets_another_and_is_asked_with_it(client, ana):
    leave(ana)
    page = reset_password(client, "Ana@example.org").content.decode()
    assert "whether you want to come back" in page and "_auth_user_id" not in client.session
    assert again(ana).standing == Standing.LEFT, "a password alone brings nobody back"
    assert sign_in(client, "ana", "another long passphrase").url == "/accounts/come-back/"
    client.post("/accounts/come-back/", {"decision": "back"})
    assert again(ana).standing == Standing.ACTIVE


def test_mail_with_the_link_says_that_the_account_is_closed_and_only_then(client, ana, mailoutbox):
    client.post("/accounts/password/reset/", asking("ana@example.org"))
    assert "You left PixlPix" not in mailoutbox[-1].body
    leave(ana)
    client.post("/accounts/password/reset/", asking("ana@example.org"))
    assert mailoutbox[-1].to == ["ana@example.org"] and "You left PixlPix" in mailoutbox[-1].body


def test_after_the_thirty_days_the_address_is_like_an_unknown_one(client, ana, mailoutbox):
    days_ago(leave(ana), 31)
    late = client.post("/accounts/password/reset/", asking("ana@example.org"))
    assert "There is no account" in mailoutbox[-1].body
    unknown = client.post("/accounts/password/reset/", asking("nobody@example.org"))
    assert (late.status_code, late.url) == (unknown.status_code, unknown.url)


def test_pages_and_a_mail_say_until_when(client, ana, mailoutbox):
    client.force_login(ana)
    assert "30 days" in client.get("/settings/leave/").content.decode()
    page = client.post("/settings/leave/", {"password": PASSWORD}, follow=True).content.decode()
    assert "30 days" in page
    until = (timezone.now() + timedelta(days=30)).year
    assert mailoutbox[-1].to == ["ana@example.org"] and str(until) in mailoutbox[-1].body
    assert "/accounts/login/" in mailoutbox[-1].body
