"""Who hears that a decision is undone, whichever way; and that what is brought back leaves no decision in force about it."""

from functools import partial

import pytest

from community.actions.appeal import answer_appeal, appeal
from community.actions.decide_case import decide_case, undo_decision
from community.actions.edit_profile import edit_profile
from community.actions.suspend_member import lift_suspension
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.actions.take_down_comment import restore_comment
from community.actions.take_down_profile import restore_profile
from community.cases import decisions_about, strikes_of
from community.models import Decision, Notification, User
from community.telling import leads_to
from community.transparency import months
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery_name import restore_gallery_name, take_down_gallery_name
from gallery.models import PostPage
from tests.cases_world import a_case, a_comment_on, a_report
from tests.factories import a_member, a_post, a_staff_member, an_avatar, an_original

pytestmark = pytest.mark.django_db
TOLD = "Mind the rules, please."
ONCE_MORE = "We took back what we had decided, and look at it once more."
FOR_GOOD = "We looked at it once more, and took back what we had decided."


@pytest.fixture
def mona():
    return a_staff_member("Moderators", "mona")


@pytest.fixture
def ana():
    return a_member("ana")


def answers(case):
    return set(case.reports.values_list("answer", flat=True))


def told(member, act):
    return Notification.objects.filter(recipient=member, kind="moderation", details__act=act).count()


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_whoever_reported_hears_that_it_was_undone_members_and_visitors(mona):
    case = a_case()
    a_report(case.post, email="vera@example.org")
    undo_decision(decide_case(case, by=mona, act="take_down", told=TOLD), by=mona)
    assert answers(case) == {ONCE_MORE}
    reporter = case.reports.get(email="").reporter
    assert told(reporter, "answer_report") == 2
    assert case.reports.get(reporter=None).mail_due_at
    decide_case(again(case), by=mona, act="take_down", told=TOLD)
    assert answers(case).isdisjoint({ONCE_MORE}) and told(reporter, "answer_report") == 3


def test_the_member_hears_it_where_they_had_heard_of_the_decision(mona):
    taken, nothing = a_case(), a_case()
    undo_decision(decide_case(taken, by=mona, act="warn", told=TOLD), by=mona)
    undo_decision(decide_case(nothing, by=mona, act="no_action"), by=mona)
    assert (told(taken.member, "undo"), told(nothing.member, "undo")) == (1, 0)
    assert answers(nothing) == {ONCE_MORE}


def test_an_appeal_that_overturns_answers_everybody_once(mona):
    case = a_case()
    made = appeal(decide_case(case, by=mona, act="warn", told=TOLD), by=case.member, text="No")
    answer_appeal(made, by=a_staff_member("Moderators", "milo"), outcome="overturned", answer="You are right")
    assert answers(case) == {FOR_GOOD}
    assert (told(case.member, "appeal_overturned"), told(case.member, "undo")) == (1, 0)


def test_an_appeal_that_is_lost_answers_nobody_who_reported(mona):
    case = a_case()
    made = appeal(decide_case(case, by=mona, act="warn", told=TOLD), by=case.member, text="No")
    before = answers(case)
    answer_appeal(made, by=a_staff_member("Moderators", "milo"), outcome="upheld", answer="It stands")
    assert answers(case) == before


def test_the_notice_leads_to_the_decisions(client, mona):
    case = a_case()
    undo_decision(decide_case(case, by=mona, act="limit", told=TOLD), by=mona)
    client.force_login(case.member)
    assert "The team took back what it had decided" in client.get("/notifications/").content.decode()
    assert leads_to(Notification.objects.get(details__act="undo")) == "/settings/decisions/"


# --- Brought back outside of a decision -------------------------------------------------------------------------------


def decided_about(mona, thing, act="take_down"):
    case = a_case(thing)
    return decide_case(case, by=mona, act=act, told=TOLD)


def is_undone(decision):
    decision = again(decision)
    return (decision.state, decision.undone_by and decision.undone_by.username) == ("undone", "mona")


def test_a_post_that_is_restored_leaves_no_decision_in_force_no_strike_and_says_so_in_numbers(mona, ana):
    decision = decided_about(mona, a_post(ana), act="warn")
    restore_post(PostPage.objects.get(), by=mona)
    assert is_undone(decision) and answers(decision.case) == {FOR_GOOD}
    assert strikes_of(decisions_about(ana, mona)) == 0
    assert not again(decision.case).is_open
    assert [month for month in months() if month.undone] and not [m for m in months() if m.undone > 1]


def test_a_comment_that_is_restored(mona, ana):
    comment = a_comment_on(a_post(), author=ana)
    decision = decided_about(mona, comment)
    restore_comment(again(comment), by=mona)
    assert is_undone(decision)


def test_of_a_profile_both_must_be_back_before_the_decision_is_undone(mona, ana):
    avatar = an_avatar(ana)
    edit_profile(ana, biography="Buy now", pronouns="", link="")
    decision = decided_about(mona, ana)
    restore_avatar(again(avatar), by=mona)
    assert not is_undone(decision) and strikes_of(decisions_about(ana, mona)) == 1
    restore_profile(ana, by=mona)
    assert is_undone(decision) and strikes_of(decisions_about(ana, mona)) == 0


def test_an_avatar_that_was_taken_down_without_a_case_and_an_earlier_cut_of_it(mona, ana):
    avatar = an_avatar(ana)
    take_down_avatar(avatar, by=mona, reason=TOLD)
    decision = Decision.objects.get()
    assert decision.changed == {"avatars": [avatar.pk]}
    restore_avatar(again(avatar), by=mona)
    assert is_undone(decision)


def test_a_gallerys_name(mona, ana):
    gallery = a_post(ana).gallery
    take_down_gallery_name(gallery, by=mona, reason=TOLD)
    restore_gallery_name(gallery, by=mona)
    assert is_undone(Decision.objects.get())


def test_of_several_posts_the_last_that_comes_back_undoes_it(mona, ana):
    original = an_original()
    posts = [a_post(ana, original=original), a_post(ana, original=original)]
    decision = decided_about(mona, posts[0])
    for post, undone in zip(posts, (False, True), strict=True):
        restore_post(again(post), by=mona)
        assert is_undone(decision) == undone


def test_a_suspension_that_is_lifted_leaves_the_decision_while_its_post_is_down(mona, ana):
    post = a_post(ana)
    decision = decided_about(mona, post, act="suspend")
    lift_suspension(User.objects.get(pk=ana.pk), by=mona)
    assert again(decision).is_in_force
    restore_post(again(post), by=mona)
    assert is_undone(decision)


def test_decisions_about_something_else_of_theirs_stay(mona, ana):
    posts = [a_post(ana), a_post(ana)]
    decisions = [decided_about(mona, post) for post in posts]
    restore_post(again(posts[0]), by=mona)
    assert [is_undone(one) for one in decisions] == [True, False]


def test_what_undoing_brings_back_itself_is_answered_once(mona):
    case = a_case()
    decision = decide_case(case, by=mona, act="take_down", told=TOLD)
    partial(undo_decision, by=mona)(decision)
    assert again(case).is_open and answers(case) == {ONCE_MORE}
