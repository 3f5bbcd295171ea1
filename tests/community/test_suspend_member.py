"""Suspending: staff's act on a person, with a reason; and its end."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from community.actions.suspend_member import lift_suspension, suspend_member
from community.models import User
from community.models.users import Standing
from community.visibility import posts_for
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import media, vault
from gallery.models import MemberPage, Publication
from gallery.states import HiddenBy
from tests.community.joining import sign_in
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def moderator():
    return a_staff_member("Moderators", "wren")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def test_nothing_of_a_suspended_member_is_in_reach(ana, moderator):
    post = a_post(ana)
    names = [name for names in Publication.objects.values_list("names", flat=True) for name in names]
    suspend_member(ana, by=moderator, reason="Spam")
    assert not posts_for(AnonymousUser()).exists() and ana not in User.objects.members()
    assert again(post).hidden_by == HiddenBy.AUTHOR_SUSPENDED and not MemberPage.objects.get(user=ana).live
    assert names and not any(media().exists(name) for name in names)


def test_it_is_no_deletion(ana, moderator):
    """A suspended author's posts answer 404, not 410: they may come back."""
    post = a_post(ana)
    suspend_member(ana, by=moderator, reason="Spam")
    assert not again(post).is_gone


def test_lifting_brings_posts_back_under_new_names(ana, moderator):
    post = a_post(ana)
    before = set(Publication.objects.values_list("prefix", flat=True))
    suspend_member(ana, by=moderator, reason="Spam")
    lift_suspension(ana, by=moderator)
    assert list(posts_for(AnonymousUser())) == [post] and again(post).live and MemberPage.objects.get(user=ana).live
    assert Publication.objects.get(state="open").prefix not in before


def test_lifting_never_republishes_what_its_author_deleted(ana, moderator):
    post = a_post(ana)
    withdraw_post(post, by=ana)
    suspend_member(ana, by=moderator, reason="Spam")
    lift_suspension(ana, by=moderator)
    assert not posts_for(AnonymousUser()).exists() and not again(post).live


def test_a_reason_is_needed(ana, moderator):
    with pytest.raises(ValidationError):
        suspend_member(ana, by=moderator, reason=" ")
    assert again(ana).standing == Standing.ACTIVE


def test_it_stands_in_wagtails_log_and_the_ledger(ana, moderator):
    suspend_member(ana, by=moderator, reason="Spam")
    lift_suspension(ana, by=moderator, reason="A mistake")
    entries = ModelLogEntry.objects.filter(object_id=str(ana.pk)).order_by("timestamp")
    assert [(entry.action, entry.user, entry.data["reason"]) for entry in entries] == [
        ("pixlpix.suspend", moderator, "Spam"),
        ("pixlpix.lift_suspension", moderator, "A mistake"),
    ]
    ledger = [vault().open(f"ledger/{name}").read().decode() for name in sorted(vault().listdir("ledger")[1])]
    acts = [act for entry in ledger for act in ("member.suspended", "member.suspension_lifted") if f'"{act}"' in entry]
    assert acts == ["member.suspended", "member.suspension_lifted"]


@pytest.mark.parametrize("group", [None, "Curators"])
def test_members_and_curators_cannot_suspend(ana, group):
    by = a_staff_member(group, "kit") if group else a_member("kit")
    with pytest.raises(PermissionDenied):
        suspend_member(ana, by=by, reason="Spam")


def test_moderator_cannot_suspend_staff_or_themselves(moderator):
    for somebody in (a_staff_member("Administrators", "root-one"), moderator):
        with pytest.raises(PermissionDenied):
            suspend_member(somebody, by=moderator, reason="Spam")


def test_administrator_can_suspend_staff(moderator):
    suspend_member(moderator, by=a_staff_member("Administrators", "boss"), reason="Left the team")
    assert again(moderator).standing == Standing.SUSPENDED


def test_suspended_member_signs_in_and_reaches_only_the_page_that_says_why(client, ana, moderator):
    suspend_member(ana, by=moderator, reason="Adverts in every caption")
    sign_in(client, "ana")
    for path in ("/settings/", "/policy/0/", "/accounts/email/", "/admin/"):
        response = client.get(path)
        assert response.status_code == 404 or response.url == "/accounts/suspended/", path
    page = client.get("/accounts/suspended/")
    assert page.status_code == 403 and "Adverts in every caption" in page.content.decode()


@pytest.mark.parametrize("path", ["/settings/export/", "/settings/leave/", "/policy/", "/accounts/logout/"])
def test_suspended_member_can_export_leave_read_the_policy_and_sign_out(client, ana, moderator, path):
    suspend_member(ana, by=moderator, reason="Spam")
    client.force_login(ana)
    assert client.get(path).status_code == 200


def test_suspended_staff_do_not_enter_the_console(client, moderator):
    suspend_member(moderator, by=None, reason="Left the team")
    client.force_login(moderator)
    assert client.get("/admin/").url == "/accounts/suspended/"


def test_member_in_good_standing_does_not_see_that_page(client, ana):
    client.force_login(ana)
    assert client.get("/accounts/suspended/").url == "/"
