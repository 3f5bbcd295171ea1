"""Deciding a case: what is done, what its member and the reporters hear, what is undone, and where two must agree."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.actions.claim_case import claim_case
from community.actions.decide_case import confirm_decision, decide_case, refuse_decision, undo_decision
from community.actions.edit_profile import edit_profile
from community.cases import decisions_about, strikes_of
from community.models import Case, Comment, Decision, DecisionTemplate, Notification, Profile, User
from community.visibility import posts_for
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from tests.cases_world import a_case, a_comment_on, a_report
from tests.factories import a_member, a_post, a_staff_member, an_avatar, an_original
from tests.racing import at_once
from tests.traces import public_files

URL = "/admin/cases/"
TOLD = "Mind the rules, please."


@pytest.fixture
def mona(client, db):
    mona = a_staff_member("Moderators", "mona")
    client.force_login(mona)
    return mona


@pytest.fixture
def milo(db):
    return a_staff_member("Moderators", "milo")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def is_seen(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def told(member):
    rows = Notification.objects.filter(recipient=member, kind="moderation").order_by("pk")
    return [(row.details["act"], row.details.get("reason")) for row in rows]


# --- What each decision does ------------------------------------------------------------------------------------------


def test_no_action_closes_the_case_and_its_member_hears_nothing(mona):
    case = a_case()
    decision = decide_case(case, by=mona, act="no_action", note="It is satire")
    assert not again(case).is_open and is_seen(case.post)
    assert told(case.member) == [] and (decision.told, decision.rule, decision.strike_until) == ("", "", None)


def test_taking_down_takes_the_post_out_of_reach_and_tells_why(mona):
    case = a_case(category="hate")
    decision = decide_case(case, by=mona, act="take_down", told=TOLD)
    assert not is_seen(case.post) and not public_files(case.post)
    assert told(case.member) == [("take_down", TOLD)]
    assert (decision.rule, decision.by, decision.state) == ("hate", mona, "carried_out")


def test_the_authors_other_posts_of_the_picture_go_too_and_other_peoples_become_cases(mona):
    original, ana = an_original(), a_member("ana")
    first, second, other = (a_post(who, original=original) for who in (ana, ana, a_member("bert")))
    decide_case(a_case(first), by=mona, act="take_down", told=TOLD)
    assert not is_seen(first) and not is_seen(second) and is_seen(other)
    opened = Case.objects.open().get()
    assert (opened.post_id, opened.member, opened.reports_made, opened.queue) == (other.pk, other.author, 0, "review")


def test_warning_takes_down_and_warns(mona):
    case = a_case()
    decide_case(case, by=mona, act="warn", told=TOLD)
    assert not is_seen(case.post)
    assert told(case.member) == [("take_down", TOLD), ("warn", TOLD)]


def test_suspending_takes_down_what_it_is_about_and_puts_all_else_out_of_reach(mona):
    case = a_case()
    other = a_post(case.member)
    decide_case(case, by=mona, act="suspend", told=TOLD)
    assert again(case.member).standing == "suspended" and not is_seen(other)
    assert again(case.post).team_state == "taken_down" and again(other).team_state == "none"


def test_labelling_and_limiting_leave_the_post_where_it_is(mona):
    sensitive, limited = a_case(), a_case()
    decide_case(sensitive, by=mona, act="sensitive", told=TOLD)
    decide_case(limited, by=mona, act="limit", told=TOLD)
    assert again(sensitive.post).team_sensitive and again(limited.post).limited
    assert is_seen(sensitive.post) and is_seen(limited.post)


def test_a_comment_is_taken_down_and_its_post_stays(mona):
    post = a_post()
    case = a_case(a_comment_on(post))
    decide_case(case, by=mona, act="take_down", told=TOLD)
    assert again(case.comment).team_state == "taken_down" and is_seen(post)
    with pytest.raises(ValidationError, match="no such decision"):
        decide_case(a_case(a_comment_on(post)), by=mona, act="limit", told=TOLD)


def test_of_a_profile_the_picture_and_the_words_are_taken_down(mona):
    avatar = an_avatar(a_member("ana"))
    edit_profile(avatar.user, biography="Buy now", pronouns="", link="")
    decision = decide_case(a_case(avatar.user), by=mona, act="take_down", told=TOLD)
    assert again(avatar).team_state == "taken_down" and again(avatar.user).avatar_large == ""
    assert Profile.objects.get(user=avatar.user).team_state == "taken_down"
    undo_decision(decision, by=mona)
    assert again(avatar).team_state == "none" == Profile.objects.get(user=avatar.user).team_state


def test_what_is_gone_can_only_be_closed(mona):
    case = a_case(post=None)
    with pytest.raises(ValidationError, match="gone"):
        decide_case(case, by=mona, act="take_down", told=TOLD)
    assert again(case).is_open
    decide_case(case, by=mona, act="no_action")
    assert not again(case).is_open


# --- Who is told what -------------------------------------------------------------------------------------------------


def test_where_a_moderator_writes_nothing_the_usual_words_of_the_rule_are_told(mona):
    DecisionTemplate.objects.create(name="Ours", act="take_down", rule="hate", text="No hatred here: {rule}!")
    hate, spam = (decide_case(a_case(category=c), by=mona, act="take_down") for c in ("hate", "spam"))
    assert hate.told == "No hatred here: Hatred against a group of people!"
    assert "Spam or fraud" in spam.told and "{rule}" not in spam.told


def test_without_any_words_it_is_refused(mona):
    DecisionTemplate.objects.all().delete()
    case = a_case()
    with pytest.raises(ValidationError, match="the member is told"):
        decide_case(case, by=mona, act="take_down", told=" ")
    assert is_seen(case.post) and again(case).is_open


def test_every_reporter_is_answered(mona):
    case = a_case(reports=2)
    a_report(case.post, email="vera@example.org")
    decide_case(case, by=mona, act="take_down", told=TOLD)
    answers = set(case.reports.values_list("answer", flat=True))
    assert len(answers) == 1 and "" not in answers and TOLD not in answers


def test_it_stands_in_the_log_of_the_case_with_who_and_why(mona):
    case = a_case()
    decide_case(case, by=mona, act="take_down", told=TOLD, note="Third time")
    entry = ModelLogEntry.objects.get(object_id=str(case.pk), action="pixlpix.decide")
    assert (entry.user, entry.data) == (mona, {"decision": "take_down", "reason": "Third time"})


# --- Who may, and when ------------------------------------------------------------------------------------------------


def test_nobody_decides_about_what_is_theirs(mona):
    case = a_case(a_post(mona))
    with pytest.raises(PermissionDenied):
        decide_case(case, by=mona, act="no_action")
    assert again(case).is_open


@pytest.mark.parametrize("group", ["Curators", None])
def test_neither_curators_nor_members_decide(db, group):
    case, by = a_case(), a_staff_member(group) if group else a_member()
    with pytest.raises(PermissionDenied):
        decide_case(case, by=by, act="take_down", told=TOLD)
    assert is_seen(case.post)


def test_a_moderator_does_not_decide_of_child_safety(mona):
    case = a_case(category="child_safety")
    with pytest.raises(PermissionDenied):
        decide_case(case, by=mona, act="no_action")
    assert decide_case(case, by=a_staff_member("Administrators", "root-one"), act="take_down", told=TOLD).pk


def test_a_rule_that_nobody_wrote_is_broken_by_nobody(mona):
    case = a_case()
    with pytest.raises(ValidationError, match="no such rule"):
        decide_case(case, by=mona, act="take_down", rule="made up", told=TOLD)
    assert is_seen(case.post)


def test_what_another_has_in_hand_is_not_decided(mona, milo):
    case = claim_case(a_case(), by=milo)
    with pytest.raises(ValidationError, match="milo has this case in hand"):
        decide_case(case, by=mona, act="take_down", told=TOLD)
    assert is_seen(case.post)


def test_a_case_is_decided_once(mona, milo):
    case = a_case()
    decide_case(case, by=mona, act="no_action")
    with pytest.raises(ValidationError, match="closed"):
        decide_case(case, by=milo, act="take_down", told=TOLD)
    assert is_seen(case.post)


def test_a_moderator_does_not_suspend_staff_and_then_nothing_else_is_done_either(mona, milo):
    case = a_case(a_post(milo))
    with pytest.raises(PermissionDenied):
        decide_case(case, by=mona, act="suspend", told=TOLD)
    assert is_seen(case.post) and public_files(case.post) and again(case).is_open and not Decision.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_who_decide_at_the_same_moment_one_has_decided():
    mona, milo = (a_staff_member("Moderators", name) for name in ("mona", "milo"))
    case = a_case()
    errors = at_once(
        partial(decide_case, case, by=mona, act="take_down", told=TOLD),
        partial(decide_case, case, by=milo, act="no_action"),
    )
    decision = Decision.objects.get()
    assert [type(error) for error in errors if error] == [ValidationError]
    assert is_seen(case.post) == (decision.act == "no_action")


# --- Strikes ----------------------------------------------------------------------------------------------------------


def test_takedowns_and_warnings_count_for_a_time_and_labels_never(mona, settings):
    settings.STRIKE_DAYS = 10
    ana = a_member("ana")
    for act in ("take_down", "warn", "limit", "no_action"):
        decide_case(a_case(a_post(ana)), by=mona, act=act, told=TOLD)
    assert strikes_of(decisions_about(ana, mona)) == 2
    Decision.objects.filter(act="warn").update(strike_until=timezone.now() - timedelta(minutes=1))
    assert strikes_of(decisions_about(ana, mona)) == 1
    undo_decision(Decision.objects.get(act="take_down"), by=mona)
    assert strikes_of(decisions_about(ana, mona)) == 0


# --- Undoing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["sensitive", "limit", "take_down", "warn", "suspend"])
def test_undoing_brings_everything_back_and_the_case_into_the_queue(mona, act):
    case = a_case()
    decision = undo_decision(decide_case(case, by=mona, act=act, told=TOLD), by=mona, reason="Wrong key")
    post = again(case.post)
    assert is_seen(post) and public_files(post) and not post.team_sensitive and not post.limited
    assert again(case.member).standing == "active"
    assert (decision.state, decision.undone_by) == ("undone", mona)
    assert again(case).is_open and again(case).claimed_by == mona


def test_undoing_brings_a_comment_back_and_a_picture(mona):
    comment, avatar = a_comment_on(a_post()), an_avatar(a_member("ana"))
    for thing in (comment, avatar.user):
        undo_decision(decide_case(a_case(thing), by=mona, act="take_down", told=TOLD), by=mona)
    assert again(comment).team_state == again(avatar).team_state == "none" and again(avatar.user).avatar_large


def test_a_comment_whose_words_are_forgotten_stays_away_and_the_strike_goes(mona):
    comment = a_comment_on(a_post())
    decision = decide_case(a_case(comment), by=mona, act="take_down", told=TOLD)
    Comment.objects.update(text="")
    assert undo_decision(decision, by=mona).state == "undone" and again(comment).team_state == "taken_down"


def test_undoing_leaves_what_was_down_before_and_what_was_taken_down_again_since(mona):
    post, other = a_post(), a_post()
    take_down_post(post, by=mona, reason="Earlier")
    case = Case.objects.create(kind="post", about=post.short_id, post=post, member=post.author, category="spam")
    undo_decision(decide_case(case, by=mona, act="take_down", told=TOLD), by=mona)
    assert again(post).team_state == "taken_down"
    first = decide_case(a_case(other), by=mona, act="take_down", told=TOLD)
    restore_post(other, by=mona)
    second = decide_case(a_case(other), by=mona, act="take_down", told=TOLD)
    undo_decision(first, by=mona)
    assert again(other).team_state == "taken_down"
    undo_decision(second, by=mona)
    assert is_seen(other)


def test_undoing_never_shows_what_its_author_has_deleted(mona):
    case = a_case()
    decision = decide_case(case, by=mona, act="take_down", told=TOLD)
    withdraw_post(again(case.post), by=case.member)
    undo_decision(decision, by=mona)
    assert not is_seen(case.post)


def test_what_a_crash_interrupted_is_undone_by_the_next_try(mona, monkeypatch):
    case = a_case()
    decision = decide_case(case, by=mona, act="take_down", told=TOLD)
    with monkeypatch.context() as patch:
        patch.setattr("community.actions.decide_case.open_again", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            undo_decision(decision, by=mona)
    assert is_seen(case.post) and again(decision).is_in_force
    assert undo_decision(again(decision), by=mona).state == "undone" and again(case).is_open


def test_a_decision_is_undone_once_and_not_by_whom_it_is_about(mona):
    decision = decide_case(a_case(), by=mona, act="no_action")
    Case.objects.update(member=mona)
    with pytest.raises(PermissionDenied):
        undo_decision(again(decision), by=mona)
    Case.objects.update(member=None)
    undone = undo_decision(again(decision), by=mona)
    with pytest.raises(ValidationError):
        undo_decision(undone, by=mona)


def test_a_case_stays_closed_where_another_is_open_by_now(mona):
    case = a_case()
    decision = decide_case(case, by=mona, act="no_action")
    newer = a_report(case.post).case
    undo_decision(decision, by=mona)
    assert not again(case).is_open and again(newer).is_open


# --- A second pair of eyes --------------------------------------------------------------------------------------------


@pytest.fixture
def proposal(mona, settings):
    settings.SECOND_PAIR_OF_EYES = ["suspend"]
    return decide_case(claim_case(a_case(), by=mona), by=mona, act="suspend", told=TOLD)


def test_what_needs_two_waits_for_the_second_and_nobody_hears_of_it(proposal, mona):
    case = again(proposal.case)
    assert proposal.state == "proposed" and case.is_open and case.claimed_by is None
    assert is_seen(case.post) and told(case.member) == []
    for one_more in (partial(decide_case, case, act="no_action"), partial(confirm_decision, proposal)):
        with pytest.raises((PermissionDenied, ValidationError), match="second moderator"):
            one_more(by=mona)


def test_the_second_moderator_carries_it_out(proposal, milo):
    decision = confirm_decision(proposal, by=milo)
    assert again(proposal.case.member).standing == "suspended" and not again(proposal.case).is_open
    assert (decision.by.username, decision.second.username, decision.state) == ("mona", "milo", "carried_out")


def test_the_second_moderator_refuses_and_the_case_is_in_the_queue_again(proposal, milo):
    refuse_decision(proposal, by=milo, note="Too hard")
    case = again(proposal.case)
    assert again(proposal).state == "refused" and case.is_open and is_seen(case.post)
    with pytest.raises(ValidationError):
        confirm_decision(proposal, by=milo)
    decide_case(case, by=milo, act="no_action")


def test_whom_it_is_about_is_no_second_moderator(proposal):
    bert = a_staff_member("Moderators", "bert")
    Case.objects.update(member=bert)
    with pytest.raises(PermissionDenied):
        confirm_decision(again(proposal), by=bert)


def test_a_slip_in_the_setting_is_found_by_check(settings):
    settings.SECOND_PAIR_OF_EYES = ["suspent"]
    with pytest.raises(SystemCheckError, match="suspent is no decision"):
        call_command("check")


# --- In the console ---------------------------------------------------------------------------------------------------


def test_one_press_decides_and_leads_to_the_next_case_with_a_way_back(client, mona):
    case, following = a_case(category="hate"), a_case()
    page = client.get(f"{URL}{case.key}/").content.decode()
    assert all(f'data-key="{key}"' in page for key in "nsltwucjx")
    answer = client.post(f"{URL}{case.key}/", {"act": "take_down", "rule": "hate"}, follow=True)
    assert answer.redirect_chain == [(f"{URL}{following.key}/", 302)] and not is_seen(case.post)
    decision = Decision.objects.get()
    undo = f"{URL}{case.key}/{decision.key}/undo/"
    assert undo in answer.content.decode()
    assert client.get(undo).status_code == 200
    client.post(undo, {"reason": "Wrong key"})
    assert is_seen(case.post)


def test_chosen_words_are_told_and_own_ones_before_them(client, mona):
    words = DecisionTemplate.objects.create(name="Kind", act="warn", text="Kindly mind: {rule}")
    for own, expected in (("", "Kindly mind: Spam or fraud"), ("My own", "My own")):
        case = a_case()
        client.post(f"{URL}{case.key}/", {"act": "warn", "rule": "spam", "words": words.pk, "told": own})
        assert case.decisions.get().told == expected


def test_a_press_without_a_decision_or_on_a_case_of_somebody_else_says_so(client, mona, milo):
    case = a_case()
    assert "no such decision" in client.post(f"{URL}{case.key}/", {"rule": "spam"}).content.decode()
    claim_case(case, by=milo)
    answer = client.post(f"{URL}{case.key}/", {"act": "take_down", "rule": "spam"})
    assert "milo has this case in hand" in str(answer.context["form"].errors) and is_seen(case.post)


def test_the_second_moderator_answers_on_the_page_of_the_case(client, proposal, milo):
    url = f"{URL}{proposal.case.key}/{proposal.key}/second/"
    assert "A second moderator must agree." in client.get(f"{URL}{proposal.case.key}/").content.decode()
    client.force_login(milo)
    assert [case.key for case in client.get(URL, {"state": "second"}).context["page"]] == [proposal.case.key]
    assert url in client.get(f"{URL}{proposal.case.key}/").content.decode()
    client.post(url, {"answer": "confirm"})
    assert again(proposal.case.member).standing == "suspended"


def test_a_case_with_decisions_costs_no_more(client, mona, django_assert_max_num_queries):
    ana = a_member("ana")
    for _number in range(4):
        decide_case(a_case(a_post(ana)), by=mona, act="warn", told=TOLD)
    case = a_case(a_post(ana))
    client.get(f"{URL}{case.key}/")
    with django_assert_max_num_queries(22):
        page = client.get(f"{URL}{case.key}/").content.decode()
    assert "<dt>Strikes</dt><dd>4</dd>" in page


def test_administrators_alone_write_the_words(client, mona):
    assert client.get("/admin/decision-words/").status_code in (302, 403)
    client.force_login(a_staff_member("Administrators", "root-one"))
    assert "Usual" in client.get("/admin/decision-words/").content.decode()
    client.post("/admin/decision-words/new/", {"name": "Short", "act": "limit", "rule": "", "text": "Limited."})
    assert DecisionTemplate.objects.filter(name="Short").exists()


def test_a_decision_of_child_safety_is_not_undone_by_a_moderator(client, mona):
    case = a_case(category="child_safety")
    decision = decide_case(case, by=a_staff_member("Administrators", "root-one"), act="take_down", told=TOLD)
    url = f"{URL}{case.key}/{decision.key}"
    assert client.get(f"{url}/undo/").status_code == client.post(f"{url}/second/").status_code == 404
    assert User.objects.get(pk=case.member_id).standing == "active"


def test_a_members_page_shows_what_counts_and_nothing_of_child_safety_but_to_administrators(client, mona):
    ana, root = a_member("ana"), a_staff_member("Administrators", "root-one")
    decide_case(a_case(a_post(ana)), by=mona, act="warn", told="An ordinary one")
    decide_case(a_case(a_post(ana), category="child_safety"), by=root, act="no_action", note="A grave one")
    further = a_case(a_post(ana))
    for url in ("/admin/members/ana/", f"{URL}{further.key}/"):
        client.force_login(mona)
        response = client.get(url)
        page = response.content.decode()
        assert "An ordinary one" in page and "<dt>Strikes</dt><dd>1</dd>" in page, url
        assert "A grave one" not in page, url
        client.force_login(root)
        assert "A grave one" in client.get(url).content.decode(), url
