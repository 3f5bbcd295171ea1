"""The team at its windows: an administrator, two moderators at one queue, and the member whom they decide about."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from community.models import Case, Decision, Invitation, User
from gallery.models import PostPage
from tests.browser.test_story import sign_in
from tests.cases_world import a_case
from tests.factories import a_member, a_post, a_staff_member, an_original

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_a_window(a_person):
    """Call it for one of the staff, signed in."""
    return lambda group, name: a_person().signed_in_as(a_staff_member(group, name))


def to_case(person, case):
    person.go(f"/admin/cases/{case.key}/")


# --- An administrator -------------------------------------------------------------------------------------------------


def test_an_administrator_alone_sees_child_safety_and_sees_it_first(at_a_window):
    other = a_case(a_post(), category="violence")
    case = a_case(a_post(a_member("ana")), category="child_safety")
    adm, mona = at_a_window("Administrators", "adm"), at_a_window("Moderators", "mona")
    adm.go("/admin/cases/")
    rows = adm.page.get_by_role("main").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(case.key)
    mona.go("/admin/cases/")
    expect(mona.page.get_by_role("main").locator("tbody tr")).to_have_count(1)
    expect(mona.page.get_by_role("main")).to_contain_text(other.key)
    assert mona.go(f"/admin/cases/{case.key}/").status == 404
    assert adm.go(f"/admin/cases/{case.key}/").status == 200
    expect(adm.page.get_by_text("Evidence is kept")).to_be_visible()


def test_a_second_pair_of_eyes_carries_out_what_another_proposed(at_a_window, settings):
    settings.SECOND_PAIR_OF_EYES = ["suspend"]
    case = a_case(a_post(a_member("ana")))
    mona, adm = at_a_window("Moderators", "mona"), at_a_window("Administrators", "adm")
    to_case(mona, case)
    mona.turn("u")
    expect(mona.page.get_by_text("Proposed: a second moderator must agree.")).to_be_visible()
    to_case(mona, case)
    expect(mona.page.get_by_role("button", name="Agree, and carry it out")).to_have_count(0)
    to_case(adm, case)
    expect(adm.page.get_by_text("mona proposes: Suspend.")).to_be_visible()
    assert User.objects.get(username="ana").standing == "active"
    adm.turn("y")
    expect(adm.page.get_by_text("The member is suspended.")).to_be_visible()
    assert User.objects.get(username="ana").standing == "suspended"
    assert adm.complaints == mona.complaints == []


def test_an_administrator_erases_for_a_reason_after_typing_the_short_id(at_a_window, a_person):
    post = a_post(a_member("ana"), original=an_original())
    address, adm, visitor = post.address(), at_a_window("Administrators", "adm"), a_person()
    adm.go(f"/admin/posts/{post.short_id}/erase/")
    adm.page.get_by_label("By whose order").fill("Order 7 of the court")
    adm.page.get_by_label("Type the short id").fill("something")
    adm.press("Erase for good")
    expect(adm.page.get_by_text("This is not the short id of the post.")).to_be_visible()
    assert visitor.go(address).status == 200
    adm.page.get_by_label("Type the short id").fill(post.short_id)
    adm.press("Erase for good")
    expect(adm.page.get_by_text("Erased. Backups hold it until")).to_be_visible()
    assert visitor.go(address).status == 410
    assert not PostPage.objects.filter(short_id=post.short_id).exists()


def test_an_administrator_suspends_somebody_and_ends_it(at_a_window, a_person):
    post = a_post(a_member("ana"))
    adm, visitor = at_a_window("Administrators", "adm"), a_person()
    adm.go("/admin/members/ana/")
    adm.follow(adm.page.get_by_role("link", name="Suspend"))
    adm.page.get_by_label("Reason").fill("Adverts, three times")
    adm.press("Suspend")
    assert visitor.go(post.address()).status == 404
    adm.follow(adm.page.get_by_role("link", name="Lift the suspension"))
    adm.press("Lift the suspension")
    assert visitor.go(post.address()).status == 200


def test_an_administrator_invites_somebody_who_joins_as_staff(at_a_window, a_person):
    adm, new = at_a_window("Administrators", "adm"), a_person()
    adm.go("/admin/invitations/")
    adm.page.get_by_label("Email address").fill("nina@example.org")
    adm.page.get_by_label("Group").select_option("Curators")
    adm.press("Invite")
    expect(adm.page.get_by_role("cell", name="nina@example.org")).to_be_visible()
    new.go(re.search(r"https?://[^/]+(/accounts/invitation/\S+)", mail.outbox[0].body)[1])
    expect(new.page.get_by_text("Curators").first).to_be_visible()
    assert Invitation.objects.get().invited_by.username == "adm"


def test_an_administrator_bans_a_picture_by_its_hash_and_takes_it_off_the_list(at_a_window):
    adm = at_a_window("Administrators", "adm")
    adm.go("/admin/held-pictures/banned/")
    expect(adm.page.get_by_text("No picture is banned.")).to_be_visible()
    adm.follow(adm.page.get_by_role("link", name="Ban a picture by its hash"))
    adm.page.get_by_label("SHA-256 of the file").fill("ab" * 32)
    adm.page.get_by_label("Reason").fill("Known to the police")
    adm.press("Ban it")
    adm.follow(adm.page.get_by_role("link", name="Take off the list"))
    adm.press("Take it off the list")
    expect(adm.page.get_by_text("No picture is banned.")).to_be_visible()


# --- Two moderators at one queue --------------------------------------------------------------------------------------


def test_two_moderators_do_not_collide(at_a_window):
    first, second = a_case(category="hate"), a_case(category="spam")
    mona, bob = at_a_window("Moderators", "mona"), at_a_window("Moderators", "bob")
    to_case(bob, first)  # before mona takes it
    mona.go("/admin/cases/")
    mona.turn("j")
    mona.turn("c")
    bob.turn("t")
    expect(bob.page.get_by_text("mona").first).to_be_visible()
    assert Case.objects.get(pk=first.pk).is_open and not Decision.objects.exists()
    bob.turn("j")
    assert bob.page.url.endswith(f"/admin/cases/{second.key}/")
    mona.turn("c")  # gives it back
    to_case(bob, first)
    bob.turn("c")
    bob.turn("n")
    assert not Case.objects.get(pk=first.pk).is_open


# --- The member -------------------------------------------------------------------------------------------------------


def test_a_member_appeals_once_and_another_moderator_brings_the_post_back(at_a_window, a_person):
    post = a_post(a_member("ana"), original=an_original())
    mona, bob = at_a_window("Moderators", "mona"), at_a_window("Moderators", "bob")
    to_case(mona, a_case(post))
    mona.page.get_by_label("Or in your own words").fill("It sells something.")
    mona.follow(mona.page.get_by_role("button", name="Take down T", exact=True))
    visitor, ana = a_person(), a_person(width=390, height=844)
    assert visitor.go(post.address()).status == 410
    sign_in(ana, "ana", path="/accounts/login/?next=/settings/decisions/")
    expect(ana.page.get_by_text("It sells something.")).to_be_visible()
    rule = ana.page.get_by_role("main").get_by_role("link", name="Spam or fraud")
    assert rule.get_attribute("href") == "/guidelines/#rule-spam"
    ana.follow(ana.page.get_by_role("main").get_by_role("link", name="Appeal"))
    ana.page.get_by_role("main").get_by_role("textbox").fill("It is a gift.")
    ana.press("Send the appeal")
    expect(ana.page.get_by_text("Somebody else of the team looks at it.")).to_be_visible()
    expect(ana.page.get_by_role("main").get_by_role("link", name="Appeal")).to_have_count(0)

    for moderator in (mona, bob):
        moderator.go("/admin/appeals/")
        moderator.follow(moderator.page.get_by_role("main").locator("tbody a").first)
    expect(mona.page.get_by_role("main").get_by_role("button", name="Answer")).to_have_count(0)
    bob.page.get_by_label("The decision is undone").check()
    bob.page.get_by_label("Answer").fill("You are right.")
    bob.press("Answer")
    assert visitor.go(post.address()).status == 200
    ana.go("/notifications/")
    expect(ana.page.get_by_text("The team answered your appeal: the decision is undone.")).to_be_visible()
    assert mona.complaints == bob.complaints == ana.complaints == []


def test_a_suspended_member_reaches_the_decision_the_appeal_the_export_and_leaving_alone(at_a_window, a_person):
    other, ana = a_post(), a_person()
    to_case(mona := at_a_window("Moderators", "mona"), a_case(a_post(a_member("ana"))))
    mona.turn("u")
    sign_in(ana, "ana")
    expect(ana.page.get_by_role("heading", name="Your account is suspended")).to_be_visible()
    for path in (
        "/",
        other.address(),
        f"/report/post/{other.short_id}/",
        "/share/",
        "/settings/",
        "/settings/reports/",
    ):
        ana.go(path)
        assert ana.page.url.endswith("/accounts/suspended/"), path
    for path in ("/settings/decisions/", "/settings/export/", "/settings/leave/", "/guidelines/"):
        assert ana.go(path).status == 200 and ana.page.url.endswith(path)
    ana.go("/settings/decisions/")
    ana.follow(ana.page.get_by_role("main").get_by_role("link", name="Appeal"))
    ana.page.get_by_role("main").get_by_role("textbox").fill("It was my brother.")
    ana.press("Send the appeal")
    expect(ana.page.get_by_text("Somebody else of the team looks at it.")).to_be_visible()
