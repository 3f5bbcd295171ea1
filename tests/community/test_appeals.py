"""Members see what was decided about them, and appeal once; somebody else of the team answers."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from community.actions.appeal import answer_appeal, appeal
from community.actions.decide_case import decide_case, undo_decision
from community.actions.suspend_member import lift_suspension, suspend_member
from community.actions.take_down_avatar import take_down_avatar
from community.actions.take_down_comment import restore_comment, take_down_comment
from community.bell import notifications_of
from community.models import Appeal, Decision, User
from community.telling import in_words, leads_to, quoted
from gallery.actions.edit_takedown_reason import edit_takedown_reason
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.actions.take_down_post import take_down_post
from tests.cases_world import a_case, a_comment_on
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_avatar, an_original
from tests.pixlpix.who_sees_what import table
from tests.pixlpix.who_sees_what.walking import names_of
from tests.racing import at_once

URL, CONSOLE = "/settings/decisions/", "/admin/appeals/"
TOLD = "Mind the <rules>, please."


@pytest.fixture
def ana(client, db):
    ana = a_member("ana")
    client.force_login(ana)
    return ana


@pytest.fixture
def mona(db):
    return a_staff_member("Moderators", "mona")


@pytest.fixture
def milo(db):
    return a_staff_member("Moderators", "milo")


@pytest.fixture
def decision(ana, mona):
    return decide_case(a_case(a_post(ana), category="hate"), by=mona, act="warn", told=TOLD, note="For the team")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


# --- What a member sees -----------------------------------------------------------------------------------------------


def test_a_member_reads_the_decision_the_rule_the_words_and_how_long_it_counts(client, decision):
    page = client.get(URL).content.decode()
    for words in (
        "Take down and warn",
        "Hatred against a group of people",
        "Mind the &lt;rules&gt;",
        "It counts until",
    ):
        assert words in page, words
    assert f"{URL}{decision.key}/appeal/" in page
    assert "For the team" not in page and "mona" not in page and decision.case.key not in page


def test_nobody_learns_from_it_that_somebody_reported_where_nothing_was_done(client, ana, mona):
    decide_case(a_case(a_post(ana)), by=mona, act="no_action")
    assert "No action" not in client.get(URL).content.decode()


def test_what_waits_for_a_second_moderator_is_not_told(client, ana, mona, settings):
    settings.SECOND_PAIR_OF_EYES = ["suspend"]
    decide_case(a_case(a_post(ana)), by=mona, act="suspend", told=TOLD)
    assert "Mind the" not in client.get(URL).content.decode()


def test_another_members_decisions_are_nobodys_business(client, decision):
    client.force_login(a_member("bert"))
    assert "Mind the" not in client.get(URL).content.decode()
    assert client.get(f"{URL}{decision.key}/appeal/").status_code == 404
    client.logout()
    assert client.get(URL).status_code == 302


def test_the_list_goes_on_in_pages_and_costs_the_same(client, ana, mona, django_assert_max_num_queries):
    rows = [Decision(member=ana, act="limit", told=f"Number {n}", by=mona) for n in range(25)]
    Decision.objects.bulk_create(rows)
    with django_assert_max_num_queries(10):
        first = client.get(URL)
    assert len(first.context["decisions"]) == 20
    assert len(client.get(URL, {"after": first.context["next"]}).context["decisions"]) == 5


# --- Decisions without a case -----------------------------------------------------------------------------------------


def test_whatever_staff_decide_without_a_case_is_a_decision_too(ana, mona):
    post = a_post(ana, original=an_original())
    take_down_post(post, by=mona, reason="One")
    take_down_comment(a_comment_on(a_post(), ana), by=mona, reason="Two")
    take_down_avatar(an_avatar(ana), by=mona, reason="Three")
    take_down_gallery(a_gallery(ana), by=mona, reason="Four")
    suspend_member(ana, by=mona, reason="Five")
    made = Decision.objects.filter(member=ana, case=None).order_by("pk")
    assert [(one.told, one.by, one.state) for one in made] == [
        (told, mona, "carried_out") for told in ("One", "Two", "Three", "Four", "Five")
    ]
    assert all(one.strike_until > timezone.now() + timedelta(days=100) for one in made)


def test_overturning_one_without_a_case_brings_the_thing_back(ana, mona, milo):
    gallery, avatar = a_gallery(ana), an_avatar(ana)
    take_down_gallery(gallery, by=mona, reason="One")
    take_down_avatar(avatar, by=mona, reason="Two")
    for decision in Decision.objects.filter(member=ana):
        answer_appeal(appeal(decision, by=ana, text="No"), by=milo, outcome="overturned", answer="Sorry")
    assert again(gallery).team_state == again(avatar).team_state == "none"


def test_bringing_it_back_marks_the_decision_as_undone_and_another_reason_is_told(ana, mona):
    post, comment = a_post(ana), a_comment_on(a_post(), ana)
    take_down_post(post, by=mona, reason="One")
    edit_takedown_reason(again(post), by=mona, reason="Another")
    take_down_comment(comment, by=mona, reason="Two")
    suspend_member(ana, by=mona, reason="Three")
    assert Decision.objects.get(changed={"posts": [post.short_id]}).told == "Another"
    restore_post(post, by=mona)
    restore_comment(comment, by=mona)
    lift_suspension(ana, by=mona)
    assert set(Decision.objects.values_list("state", "undone_by__username")) == {("undone", "mona")}


def test_several_things_for_one_reason_count_once_and_the_same_again_is_one_decision(ana, mona):
    first, second = a_post(ana), a_post(ana)
    for post in (first, second, first):
        take_down_post(again(post), by=mona, reason="Adverts")
    assert Decision.objects.count() == 2
    assert Decision.objects.filter(strike_until__isnull=False).count() == 1


def test_a_decision_of_a_case_is_written_down_once(decision):
    assert Decision.objects.get() == decision
    undo_decision(decision, by=decision.by)
    assert Decision.objects.get().state == "undone"


# --- Appealing --------------------------------------------------------------------------------------------------------


def test_a_member_appeals_once(client, ana, decision):
    url = f"{URL}{decision.key}/appeal/"
    assert client.post(url, {"text": " "}).context["form"].errors
    answer = client.post(url, {"text": "It was satire"}, follow=True)
    assert "you are told" in answer.content.decode() and "It was satire" in answer.content.decode()
    assert url not in answer.content.decode()
    client.post(url, {"text": "And another thing"})
    assert Appeal.objects.get().text == "It was satire"
    with pytest.raises(ValidationError, match="already"):
        appeal(decision, by=ana, text="Once more")


def test_nobody_appeals_for_somebody_else_nor_against_what_is_undone(ana, decision, mona):
    with pytest.raises(PermissionDenied):
        appeal(decision, by=a_member("bert"), text="Let her")
    with pytest.raises(PermissionDenied):
        appeal(undo_decision(decision, by=mona), by=ana, text="No")


def test_the_appeal_is_answered_and_the_decision_stands(client, ana, decision, milo):
    made = appeal(decision, by=ana, text="It was satire")
    client.force_login(milo)
    assert "It was satire" in client.get(CONSOLE).content.decode()
    page = client.get(f"{CONSOLE}{made.key}/").content.decode()
    assert "For the team" in page and "Mind the &lt;rules&gt;" in page
    client.post(f"{CONSOLE}{made.key}/", {"outcome": "upheld", "answer": "It was not"})
    assert again(made).outcome == "upheld" and again(decision).is_in_force
    row = notifications_of(ana).items[0]
    assert (in_words(row), quoted(row)) == ("The team answered your appeal: the decision stands.", "It was not")
    assert leads_to(row) == URL
    assert "It was satire" not in client.get(CONSOLE).content.decode()
    client.force_login(ana)
    assert "It was not" in client.get(URL).content.decode()


def test_an_overturned_decision_is_undone_with_all_that_it_changed(ana, decision, milo):
    made = answer_appeal(appeal(decision, by=ana, text="Satire"), by=milo, outcome="overturned", answer="Indeed")
    assert again(decision.case.post).team_state == "none" and again(decision).state == "undone"
    assert (made.by, again(decision).undone_by) == (milo, milo) and not again(decision.case).is_open
    assert in_words(notifications_of(ana).items[0]) == "The team answered your appeal: the decision is undone."


def test_who_had_a_part_in_the_decision_does_not_answer(client, ana, decision, mona, milo):
    made = appeal(decision, by=ana, text="Satire")
    Decision.objects.update(second=milo)
    for by in (mona, milo, ana, a_staff_member("Curators")):
        with pytest.raises(PermissionDenied):
            answer_appeal(again(made), by=by, outcome="overturned", answer="Yes")
    client.force_login(mona)
    page = client.get(f"{CONSOLE}{made.key}/").content.decode()
    assert "somebody else does" in page and 'name="outcome"' not in page


def test_an_appeal_about_child_safety_is_for_administrators(client, ana, mona, milo):
    root = a_staff_member("Administrators", "root-one")
    decision = decide_case(a_case(a_post(ana), category="child_safety"), by=root, act="take_down", told=TOLD)
    made = appeal(decision, by=ana, text="Not at all")
    client.force_login(milo)
    assert made.key not in client.get(CONSOLE).content.decode()
    assert client.get(f"{CONSOLE}{made.key}/").status_code == 404
    with pytest.raises(PermissionDenied):
        answer_appeal(made, by=milo, outcome="overturned", answer="Yes")


def test_an_appeal_is_answered_once(ana, decision, milo):
    made = appeal(decision, by=ana, text="Satire")
    answer_appeal(made, by=milo, outcome="upheld", answer="No")
    with pytest.raises(ValidationError, match="has answered"):
        answer_appeal(again(made), by=a_staff_member("Moderators", "bob"), outcome="overturned", answer="Yes")
    assert again(decision).is_in_force


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_who_answer_at_the_same_moment_one_has_answered():
    mona, milo, bo = (a_staff_member("Moderators", name) for name in ("mona", "milo", "bob"))
    case = a_case()
    made = appeal(decide_case(case, by=mona, act="take_down", told=TOLD), by=case.member, text="No")
    works = [
        partial(
            answer_appeal, Appeal.objects.select_related("decision").get(), by=by, outcome=outcome, answer="So it is"
        )
        for by, outcome in ((milo, "upheld"), (bo, "overturned"))
    ]
    errors = [error for error in at_once(*works) if error]
    assert [type(error) for error in errors] == [ValidationError]
    assert again(made.decision).is_in_force == (again(made).outcome == "upheld")


# --- Suspended --------------------------------------------------------------------------------------------------------

REACHED = {
    "decisions", "appeal", "suspended", "export", "export_file", "leave", "policy", "policy_version", "account_logout",
    "unsubscribe", "healthz", "readyz", "security_txt", "admin_login", "admin_logout", "admin_password_reset",
}  # fmt: skip


def test_a_suspended_member_reads_the_decision_and_appeals(client, ana, mona):
    suspend_member(ana, by=mona, reason="Adverts")
    assert URL in client.get("/accounts/suspended/").content.decode()
    decision = Decision.objects.get()
    assert "Adverts" in client.get(URL).content.decode()
    client.post(f"{URL}{decision.key}/appeal/", {"text": "It was my brother"})
    answer_appeal(
        Appeal.objects.get(), by=a_staff_member("Moderators", "bob"), outcome="overturned", answer="Well then"
    )
    assert User.objects.get(pk=ana.pk).standing == "active"


def test_a_suspended_member_reaches_nothing_else_of_all_that_the_site_has(client, ana, mona):
    post = a_post(a_member("bert"))
    suspend_member(ana, by=mona, reason="Adverts")
    own = {**table.NO_POSTS, **table.DOORS, **table.ONES_OWN}
    walked, reached = 0, set()
    for name in set(names_of(get_resolver())):  # those that need something else in their address aside
        if name.startswith("api:"):
            continue  # reads no session: a visitor's
        try:
            url = reverse(name, args=own.get(name, [post.short_id]))
        except NoReverseMatch:
            continue
        answer, walked = client.get(url), walked + 1
        if answer.status_code != 404 and answer.get("Location") != "/accounts/suspended/":
            reached.add(name)
    assert walked > 90
    assert reached - REACHED == set()
