"""Reporting: what gathers in one case, what a case keeps, who may report what, and that nobody is told who did."""

import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.actions.block import block
from community.actions.file_report import file_report
from community.actions.remove_comment import remove_comment
from community.models import Case, Comment, Notification, Profile, Report
from gallery.actions.edit_post import edit_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import MemberAct
from tests.cases_world import a_case, a_comment_on, a_report
from tests.factories import a_member, a_post, an_avatar
from tests.people_world import a_post_for_followers, a_private_member
from tests.racing import at_once

pytestmark = pytest.mark.django_db


# --- One case ---------------------------------------------------------------------------------------------------------


def test_a_report_opens_a_case_about_the_thing_and_its_member():
    post = a_post(a_member("ana"))
    report = a_report(post, category="harassment", text="  Mean words  ")
    case = report.case
    assert (case.kind, case.about, case.post, case.member, case.queue) == (
        "post", post.short_id, post, post.author, "general",
    )  # fmt: skip
    assert (case.category, case.urgency, case.reports_made, report.text) == ("harassment", 2, 1, "Mean words")


def test_reports_on_one_thing_gather_in_one_case_that_is_as_urgent_as_the_most_urgent():
    post = a_post()
    first, second = a_report(post, category="spam"), a_report(post, category="violence")
    third = a_report(post, category="other", text="Odd")
    assert first.case == second.case == third.case
    case = Case.objects.get()
    assert (case.reports_made, case.category, case.urgency) == (3, "violence", 1)


def test_things_of_one_member_have_cases_of_their_own():
    ana = a_member()
    post = a_post(ana)
    for thing in (post, a_post(ana), a_comment_on(post, ana), ana):
        a_report(thing)
    assert sorted(Case.objects.values_list("kind", flat=True)) == ["comment", "post", "post", "profile"]
    assert set(Case.objects.values_list("member", flat=True)) == {ana.pk}


@pytest.mark.parametrize("category", ["copyright", "child_safety"])
def test_copyright_and_child_safety_have_queues_of_their_own(category):
    post = a_post()
    a_report(post, category="spam")
    assert a_report(post, category=category).case.queue == category
    assert Case.objects.get(queue="general").category == "spam"


def test_child_safety_goes_before_everything_keeps_the_evidence_and_tells_the_operator(caplog):
    with caplog.at_level(logging.WARNING):
        case = a_case(category="child_safety")
    assert (case.urgency, case.holds_evidence) == (0, True)
    assert [record.levelname for record in caplog.records if case.key in record.getMessage()] == ["WARNING"]
    assert not a_case(category="violence").holds_evidence


def test_a_report_after_the_case_is_closed_opens_another():
    post = a_post()
    closed = a_case(post)
    Case.objects.filter(pk=closed.pk).update(closed_at=closed.opened_at)
    assert a_report(post).case != closed
    assert Case.objects.count() == 2


def test_a_member_with_a_new_username_keeps_the_open_case():
    ana = a_member("ana")
    case = a_report(ana).case
    type(ana).objects.filter(pk=ana.pk).update(username="anabel")
    assert a_report(type(ana).objects.get(pk=ana.pk)).case == case


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_who_report_one_thing_at_the_same_moment_join_one_case():
    post = a_post()
    people = [a_member() for _ in range(4)]
    works = [lambda one=one: a_report(post, by=one, category="spam") for one in people]
    assert at_once(*works) == [None] * 4
    case = Case.objects.get()
    assert case.reports_made == case.reports.count() == 4


# --- Twice ------------------------------------------------------------------------------------------------------------


def test_a_second_report_of_a_member_is_their_first():
    post, milo = a_post(), a_member()
    first, second = a_report(post, by=milo), a_report(post, by=milo)
    assert (first.again, second.again) == (False, True)
    assert first == second and Case.objects.get().reports_made == Report.objects.count() == 1


def test_what_a_member_adds_later_stands_in_their_first_report():
    post, milo = a_post(), a_member()
    a_report(post, by=milo, category="spam", text="An advertisement.")
    report = a_report(post, by=milo, category="violence", text="Now a threat, too.")
    report.refresh_from_db()
    assert report.text == "An advertisement.\n\nNow a threat, too."
    assert (report.category, report.case.category, report.case.urgency) == ("violence", "violence", 1)


def test_a_visitor_who_reports_again_from_the_same_address_is_known_again():
    post = a_post()
    a_report(post, email="Vera@example.org")
    assert a_report(post, email="vera@example.org").again
    assert not a_report(post, email="otto@example.org").again


def test_what_is_added_ends_where_there_is_no_more_room():
    post, milo = a_post(), a_member()
    a_report(post, by=milo, text="a" * 1999)
    assert len(a_report(post, by=milo, text="b" * 100).text) == 2000


# --- As it stood ------------------------------------------------------------------------------------------------------


def test_a_case_keeps_caption_descriptions_and_hashes_whatever_becomes_of_the_post():
    post = a_post(caption="Come and buy", alt_text="A price list", photos=2)
    hashes = [photo.picture.original.sha256 for photo in post.photos.order_by("position")]
    before = a_report(post).case.frozen
    edit_post(post, by=post.author, caption="A quiet lake")
    post.photos.update(alt_text="A lake")
    a_report(post)
    withdraw_post(post, by=post.author)
    kept = Case.objects.get().frozen
    assert kept == before and (kept["caption"], kept["by"]) == ("Come and buy", post.author.username)
    assert [photo["alt_text"] for photo in kept["photos"]] == ["A price list"] * 2
    assert [photo["sha256"] for photo in kept["photos"]] == hashes
    assert [photo["key"] for photo in kept["photos"]] == list(post.photos.values_list("key", flat=True))


def test_a_case_keeps_the_words_of_a_comment_that_is_removed_and_forgotten():
    comment = a_comment_on(a_post(), text="Go away")
    a_report(comment)
    remove_comment(comment, by=comment.author)
    Comment.objects.update(text="")
    kept = Case.objects.get().frozen
    assert (kept["text"], kept["by"], kept["post"]) == ("Go away", comment.author.username, comment.post.short_id)


def test_a_case_keeps_a_profile_with_the_hash_of_its_picture():
    ana = a_member("ana", name="Ana Ridge")
    avatar = an_avatar(ana)
    Profile.objects.filter(user=ana).update(biography="Buy here", link="https://shop.example")
    a_report(ana)
    Profile.objects.filter(user=ana).update(biography="Birds")
    kept = Case.objects.get().frozen
    assert (kept["name"], kept["biography"], kept["link"]) == ("Ana Ridge", "Buy here", "https://shop.example")
    assert kept["picture_sha256"] == avatar.picture.original.sha256


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_nobody_reports_what_they_cannot_see():
    shy, milo = a_private_member(), a_member()
    post = a_post_for_followers(shy)
    comment = a_comment_on(post, shy)
    for thing in (post, comment):
        with pytest.raises(PermissionDenied):
            a_report(thing, by=milo)
        with pytest.raises(PermissionDenied):
            a_report(thing, email="vera@example.org")
    block(shy, milo)
    with pytest.raises(PermissionDenied):
        a_report(shy, by=milo)
    assert not Case.objects.exists()


def test_a_comment_that_is_removed_is_not_there_to_be_reported():
    comment = a_comment_on(a_post())
    remove_comment(comment, by=comment.author)
    comment.refresh_from_db()
    with pytest.raises(PermissionDenied):
        a_report(comment)


def test_nobody_reports_what_is_their_own():
    post = a_post()
    for thing in (post, a_comment_on(post, post.author), post.author):
        with pytest.raises(PermissionDenied):
            a_report(thing, by=post.author)


def test_somebody_who_is_locked_out_reports_nothing():
    milo = a_member()
    milo.is_active = False
    with pytest.raises(PermissionDenied):
        a_report(by=milo)


@pytest.mark.parametrize("email", ["", "vera", "vera@", "a b@example.org"])
def test_a_visitor_needs_an_address_to_be_answered_at(email):
    with pytest.raises(ValidationError) as refusal:
        file_report("post", a_post(), category="spam", text="", email=email)
    assert "email" in refusal.value.message_dict


def test_something_else_needs_words_and_everything_is_held_to_its_length():
    milo, post = a_member(), a_post()
    for words in ({"category": "other", "text": "  "}, {"category": "spam", "text": "a" * 2001}, {"category": "odd"}):
        with pytest.raises(ValidationError):
            a_report(post, by=milo, **words)
    assert a_report(post, by=milo, category="spam", text="").text == ""


# --- Nobody is told who -----------------------------------------------------------------------------------------------


def test_whom_it_is_about_is_told_nothing_and_the_log_of_their_things_is_silent():
    post, milo = a_post(), a_member("milo")
    a_report(post, by=milo)
    assert not Notification.objects.filter(recipient=post.author).exists()
    act = MemberAct.objects.get(act="report.filed")
    assert (act.kind, act.key, act.actor) == ("member", "milo", milo)
    assert post.short_id not in json.dumps(act.details)


def test_a_visitors_report_is_nobodys_act():
    a_report(email="vera@example.org")
    assert not MemberAct.objects.filter(act="report.filed").exists()
    report = Report.objects.get()
    assert (report.reporter, report.email) == (None, "vera@example.org")
