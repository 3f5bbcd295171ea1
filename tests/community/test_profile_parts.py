"""Of a profile the picture, the words or both go: what reports were about, unless whoever decides ticks otherwise."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.actions.decide_case import confirm_decision, decide_case, undo_decision
from community.actions.edit_profile import edit_profile
from community.actions.empty_account import become_shell
from community.actions.rename_member import rename_member
from community.actions.take_down_member_name import restore_member_name, take_down_member_name
from community.cases import parts_reported
from community.models import Avatar, Decision, Profile, User
from tests.cases_world import a_case, a_report
from tests.factories import a_member, a_staff_member, an_avatar

pytestmark = pytest.mark.django_db
TOLD = "Mind the rules, please."
BOTH = ["picture", "words"]
ALL = ["picture", "name", "words"]


@pytest.fixture
def mona(client):
    mona = a_staff_member("Moderators", "mona")
    client.force_login(mona)
    return mona


@pytest.fixture
def ana():
    ana = an_avatar(a_member("ana", name="Rude Ana")).user
    edit_profile(ana, biography="Buy now", pronouns="", link="")
    return ana


def down():
    """Which parts of Ana's are down."""
    profile = Profile.objects.select_related("user").get(user__username="ana")
    states = (Avatar.objects.get().team_state, "taken_down" if profile.name_taken_down else "none", profile.team_state)
    assert (profile.user.name == "Rude Ana") == (not profile.name_taken_down)
    return [part for part, state in zip(ALL, states, strict=True) if state == "taken_down"]


@pytest.mark.parametrize("parts", [["picture"], ["name"], ["words"], BOTH, ALL])
def test_what_is_ticked_goes_and_undoing_brings_back_just_that(mona, ana, parts):
    decision = decide_case(a_case(ana), by=mona, act="take_down", told=TOLD, parts=parts)
    assert down() == parts
    undo_decision(decision, by=mona)
    assert down() == []


def test_undoing_leaves_what_another_decision_took_down(mona, ana):
    first = decide_case(a_case(ana), by=mona, act="take_down", told=TOLD, parts=["picture"])
    decide_case(a_case(ana), by=mona, act="take_down", told=TOLD, parts=["words"])
    undo_decision(first, by=mona)
    assert down() == ["words"]


def test_without_a_tick_what_the_reports_were_about_goes_else_both(mona, ana):
    assert parts_reported(a_case(ana)) == BOTH
    case = a_report(ana, details={"parts": ["words"]}).case
    assert parts_reported(case) == ["words"]
    decide_case(case, by=mona, act="take_down", told=TOLD)
    assert down() == ["words"]


def test_reports_of_different_parts_are_about_all_of_them(ana):
    milo = a_member("milo")
    case = a_report(ana, by=milo, details={"parts": ["words"]}).case
    a_report(ana, by=milo, details={"parts": ["picture"]})
    assert parts_reported(case) == BOTH


def test_a_second_moderator_carries_out_what_the_first_ticked(mona, ana, settings):
    settings.SECOND_PAIR_OF_EYES = ["take_down"]
    decision = decide_case(a_case(ana), by=mona, act="take_down", told=TOLD, parts=["picture"])
    confirm_decision(decision, by=a_staff_member("Moderators", "milo"))
    assert down() == ["picture"]


def test_there_is_no_other_part(mona, ana):
    with pytest.raises(ValidationError, match="no such part"):
        decide_case(a_case(ana), by=mona, act="take_down", told=TOLD, parts=["soul"])
    assert down() == []


def test_the_report_asks_which_and_the_page_of_the_case_offers_them_ticked(client, mona, ana):
    client.force_login(a_member("milo"))
    page = client.get("/report/member/ana/").content.decode()
    assert 'name="parts"' in page and "The profile picture" in page
    client.post("/report/member/ana/", {"category": "spam", "parts": ["picture"]})
    case = a_report(ana).case
    client.force_login(mona)
    response = client.get(f"/admin/cases/{case.key}/")
    assert response.context["form"].fields["parts"].initial == ["picture"]
    assert "The profile picture" in str(response.context["reports"][0].fields)
    client.post(f"/admin/cases/{case.key}/", {"act": "take_down", "rule": "spam", "told": TOLD, "parts": ["words"]})
    assert down() == ["words"]


def test_of_posts_nothing_is_asked(client, mona):
    response = client.get(f"/admin/cases/{a_case().key}/")
    assert "parts" not in response.context["form"].fields


# --- The name ---------------------------------------------------------------------------------------------------------


def test_a_name_that_is_down_is_not_chosen_again_and_another_one_stays_when_it_is_restored(mona, ana):
    take_down_member_name(ana, by=mona, reason=TOLD)
    assert User.objects.get(pk=ana.pk).name == "ana"
    with pytest.raises(ValidationError, match="took this name down"):
        rename_member(ana, "rude ANA")
    rename_member(ana, "Ana B.")
    restore_member_name(ana, by=mona)
    assert User.objects.get(pk=ana.pk).name == "Ana B."
    assert Decision.objects.get().state == "undone"
    rename_member(ana, "Rude Ana")


def test_staff_take_it_down_and_bring_it_back_on_the_members_page(client, mona, ana):
    url = "/admin/members/ana/called"
    assert f"{url}/down/now/" in client.get("/admin/members/ana/").content.decode()
    client.post(f"{url}/down/now/", {"reason": TOLD})
    assert down() == ["name"]
    page = client.get("/admin/members/ana/").content.decode()
    assert "Rude Ana" in page and f"{url}/back/now/" in page
    client.post(f"{url}/back/now/", {"reason": ""})
    assert down() == []


def test_nobody_else_does_and_nobody_their_own(mona, ana):
    for by, whose in ((a_member("milo"), ana), (mona, mona)):
        with pytest.raises(PermissionDenied):
            take_down_member_name(whose, by=by, reason=TOLD)


def test_who_has_left_and_is_emptied_leaves_no_name_behind(mona, ana):
    take_down_member_name(ana, by=mona, reason=TOLD)
    become_shell(ana)
    assert Profile.objects.get(user=ana).name_taken_down == {}
