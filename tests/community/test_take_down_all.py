"""Taking down all posts of a member: one decision, a job that may be killed at any point, and undoing exactly that."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from community import bulk_takedowns
from community.actions.decide_case import confirm_decision, undo_decision
from community.actions.take_down_all import take_down_all
from community.cases import decisions_about, strikes_of
from community.models import BulkTakedown, BulkTakedownPost, Case, Decision, Notification, Receipt
from community.sweep import sweep_people
from community.visibility import posts_for
from gallery.actions import take_down_post as taking
from gallery.actions.erase_by_order import erase_by_order
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from tests.cases_world import a_case, a_report
from tests.factories import a_draft, a_member, a_post, a_staff_member, an_original
from tests.racing import at_once
from tests.traces import public_files

pytestmark = pytest.mark.django_db
TOLD = "You advertise."


@pytest.fixture
def mona():
    return a_staff_member("Moderators", "mona")


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def queue(monkeypatch):
    """The jobs that tasks were queued for: none of them runs by itself."""
    queued = []
    monkeypatch.setattr(bulk_takedowns, "go_on_with_takedown", SimpleNamespace(enqueue=queued.append))
    return queued


def take_all(member, by, **how):
    return take_down_all(member, by=by, **{"rule": "spam", "told": TOLD, **how})


def job_of(decision):
    return BulkTakedown.objects.get(decision=decision)


def states(*posts):
    return [PostPage.objects.get(pk=post.pk).team_state for post in posts]


def is_seen(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def told(member):
    rows = Notification.objects.filter(recipient=member, kind="moderation").order_by("pk")
    return [(row.details["act"], row.details.get("reason")) for row in rows]


# --- What it does -----------------------------------------------------------------------------------------------------


def test_every_post_goes_down_with_its_files_its_receipt_and_its_entry_in_the_log(ana, mona):
    posts, other = [a_post(ana) for _ in range(3)], a_post()
    job = job_of(take_all(ana, mona))
    assert states(*posts) == ["taken_down"] * 3 and not any(map(is_seen, posts)) and is_seen(other)
    assert public_files() == public_files(other)
    assert (job.state, job.total, job.done, job.failed, job.by) == ("done", 3, 3, 0, mona)
    assert job.due_at is None and job.ended_at is not None
    assert set(Receipt.objects.values_list("post", flat=True)) == {post.pk for post in posts}
    logged = PageLogEntry.objects.filter(action="pixlpix.take_down", user=mona)
    assert {entry.page_id: entry.data["reason"] for entry in logged} == {post.pk: TOLD for post in posts}


def test_it_is_one_decision_with_one_strike_and_its_member_is_told_once(ana, mona):
    for _ in range(3):
        a_post(ana)
    decision = take_all(ana, mona, note="A shop")
    assert told(ana) == [("take_down_all", TOLD)]
    assert list(Decision.objects.filter(member=ana)) == [decision]
    assert (decision.act, decision.rule, decision.told, decision.note) == ("take_all", "spam", TOLD, "A shop")
    assert strikes_of(decisions_about(ana, mona)) == 1
    entry = ModelLogEntry.objects.get(action="pixlpix.take_down_all")
    assert (entry.user, entry.data["reason"], entry.data["decision"]) == (mona, TOLD, decision.key)


def test_where_nothing_is_written_the_usual_words_of_the_rule_are_told(ana, mona):
    a_post(ana)
    assert "Spam or fraud" in take_all(ana, mona, told="").told


def test_what_is_scheduled_or_deleted_goes_too_and_drafts_and_what_the_team_acted_on_are_left(ana, mona):
    scheduled, deleted, draft, down = a_post(ana), a_post(ana), a_draft(ana), a_post(ana)
    PostPage.objects.filter(pk=scheduled.pk).update(author_state="scheduled")
    withdraw_post(deleted, by=ana)
    take_down_post(down, by=mona, reason="Something else")
    job = job_of(take_all(ana, mona))
    assert states(scheduled, deleted, draft, down) == ["taken_down", "taken_down", "none", "taken_down"]
    assert job.done == 2 and PostPage.objects.get(pk=down.pk).team_reason == "Something else"


def test_other_peoples_posts_of_the_same_picture_become_cases_as_with_a_single_takedown(ana, mona):
    original = an_original()
    mine, theirs = a_post(ana, original=original), a_post(original=original)
    take_all(ana, mona)
    assert not is_seen(mine) and is_seen(theirs)
    assert Case.objects.get(post=theirs).queue == "review"


def test_evidence_stays_evidence(ana, mona):
    case = a_case(a_post(ana), category="child_safety")
    take_all(ana, mona)
    case.refresh_from_db()
    assert case.holds_evidence and case.is_open and case.frozen["caption"]


# --- Who may, and when ------------------------------------------------------------------------------------------------


def test_nobody_does_it_to_themselves_and_only_moderators_do(ana, mona):
    a_post(ana), a_post(mona)
    for member, by in ((mona, mona), (ana, ana), (ana, a_staff_member("Curators"))):
        with pytest.raises(PermissionDenied):
            take_all(member, by)
    assert not Decision.objects.exists() and not BulkTakedown.objects.exists()


def test_it_is_refused_without_posts_a_rule_or_while_one_runs(ana, mona, queue):
    with pytest.raises(ValidationError, match="no post"):
        take_all(ana, mona)
    a_post(ana)
    with pytest.raises(ValidationError, match="no such rule"):
        take_all(ana, mona, rule="")
    take_all(ana, mona)
    with pytest.raises(ValidationError, match="already"):
        take_all(ana, mona)
    assert Decision.objects.count() == 1 and told(ana) == [("take_down_all", TOLD)]


def test_from_a_case_it_is_the_cases_decision_and_reporters_are_answered(ana, mona):
    report, other = a_report(a_post(ana)), a_post(ana)
    decision = take_all(ana, mona, case=report.case, rule="")
    report.refresh_from_db()
    assert not report.case.is_open and "everything" in report.answer and not is_seen(other)
    assert (decision.case, decision.rule) == (report.case, "spam")
    with pytest.raises(PermissionDenied, match="somebody else"):
        take_all(a_member(), mona, case=report.case)


def test_where_two_must_agree_a_second_moderator_carries_it_out(ana, mona, settings):
    settings.SECOND_PAIR_OF_EYES = ["take_all"]
    post = a_post(ana)
    with pytest.raises(ValidationError, match="second moderator"):
        take_all(ana, mona)
    decision = take_all(ana, mona, case=a_case(post))
    assert decision.state == "proposed" and is_seen(post) and told(ana) == []
    milo = a_staff_member("Moderators", "milo")
    confirm_decision(decision, by=milo)
    assert not is_seen(post) and job_of(decision).by == milo


# --- In chunks, killed, at once -----------------------------------------------------------------------------------------


def test_a_task_does_one_chunk_and_says_whether_something_is_left(ana, mona, queue, monkeypatch):
    monkeypatch.setattr(bulk_takedowns, "CHUNK", 2)
    posts = [a_post(ana) for _ in range(3)]
    job = job_of(take_all(ana, mona))
    assert queue == [job.pk] and states(*posts) == ["none"] * 3
    assert bulk_takedowns.go_on(job.pk) and states(*posts) == ["taken_down", "taken_down", "none"]
    assert bulk_takedowns.go_on(job.pk) and not bulk_takedowns.go_on(job.pk)
    assert job_of(job.decision).state == "done"
    assert not bulk_takedowns.go_on(job.pk)


def test_what_is_published_while_it_runs_goes_too_and_what_comes_after_it_stays(ana, mona, queue):
    a_post(ana)
    job = job_of(take_all(ana, mona))
    bulk_takedowns.go_on(job.pk)
    late = a_post(ana)
    while bulk_takedowns.go_on(job.pk):
        pass
    after = a_post(ana)
    bulk_takedowns.go_on(job.pk)
    assert states(late, after) == ["taken_down", "none"]
    job.refresh_from_db()
    assert (job.total, job.done, job.steps) == (1, 2, (2, 2))


class Killed(BaseException):
    """A worker that is killed: nothing catches it."""


@pytest.mark.parametrize("point", ["take_down_post", "BulkTakedownPost.objects.bulk_create", "end"])
def test_a_worker_that_is_killed_is_found_by_the_sweeper_and_the_end_is_the_same(ana, mona, queue, monkeypatch, point):
    posts = [a_post(ana) for _ in range(3)]
    job, calls = job_of(take_all(ana, mona)), []
    owner, _dot, name = f"bulk_takedowns.{point}".rpartition(".")
    owner = {"bulk_takedowns": bulk_takedowns}.get(owner) or BulkTakedownPost.objects
    real = getattr(owner, name)

    def dying(*args, **kwargs):
        answer = real(*args, **kwargs)
        calls.append(1)
        if len(calls) == (1 if point == "end" else 2):
            raise Killed
        return answer

    monkeypatch.setattr(owner, name, dying)
    with pytest.raises(Killed):
        while bulk_takedowns.go_on(job.pk):
            pass
    assert BulkTakedownPost.objects.count() == BulkTakedown.objects.get().done == states(*posts).count("taken_down")
    monkeypatch.setattr(owner, name, real)
    BulkTakedown.objects.filter(state="running").update(due_at=timezone.now() - timedelta(seconds=1))
    queue.clear()
    sweep_people(), sweep_people()
    assert queue == ([] if point == "end" else [job.pk])  # queued once, not at each sweep
    while bulk_takedowns.go_on(job.pk):
        pass
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, states(*posts)) == ("done", 3, 0, ["taken_down"] * 3)


def test_one_post_that_fails_hinders_no_other_and_is_tried_again_by_a_button(ana, mona, monkeypatch, caplog):
    bad, good = a_post(ana), a_post(ana)
    monkeypatch.setattr(
        bulk_takedowns,
        "take_down_post",
        lambda post, **how: 1 / 0 if post.pk == bad.pk else take_down_post(post, **how),
    )
    with caplog.at_level(logging.ERROR):
        job = job_of(take_all(ana, mona))
    assert (job.state, job.done, job.failed, states(bad, good)) == ("done", 1, 1, ["none", "taken_down"])
    row = BulkTakedownPost.objects.get(state="failed")
    assert row.post == bad and "ZeroDivisionError" in row.reason and bad.short_id in caplog.text
    monkeypatch.undo()
    bulk_takedowns.try_again(job, by=mona)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, states(bad)) == ("done", 2, 0, ["taken_down"])
    with pytest.raises(ValidationError, match="Nothing of it failed"):
        bulk_takedowns.try_again(job, by=mona)


def test_what_somebody_else_takes_down_in_the_same_moment_is_theirs(ana, mona, monkeypatch):
    post = a_post(ana)
    a_post(ana)
    real = taking.lock_originals

    def meanwhile(*posts, **how):
        PostPage.objects.filter(pk=post.pk).update(team_state="taken_down", team_reason="Theirs")
        return real(*posts, **how)

    monkeypatch.setattr(taking, "lock_originals", meanwhile)
    job = job_of(take_all(ana, mona))
    assert (job.done, job.failed) == (1, 0)
    assert PostPage.objects.get(pk=post.pk).team_reason == "Theirs"
    assert not BulkTakedownPost.objects.filter(post=post).exists()


def test_it_stops_at_the_next_post_and_what_is_down_stays_down(ana, mona, queue, monkeypatch):
    first, second = a_post(ana), a_post(ana)
    job = job_of(take_all(ana, mona))

    def take_and_be_stopped(post, **how):
        taken = take_down_post(post, **how)
        bulk_takedowns.stop(job, by=mona)
        return taken

    monkeypatch.setattr(bulk_takedowns, "take_down_post", take_and_be_stopped)
    assert not bulk_takedowns.go_on(job.pk) and not bulk_takedowns.go_on(job.pk)
    assert states(first, second) == ["taken_down", "none"] and job_of(job.decision).state == "stopped"
    assert ModelLogEntry.objects.get(action="pixlpix.stop_take_down_all").user == mona
    with pytest.raises(ValidationError, match="does not run"):
        bulk_takedowns.stop(job, by=mona)
    with pytest.raises(PermissionDenied):
        bulk_takedowns.stop(job, by=ana)


def test_it_ends_where_whoever_began_it_is_no_moderator_any_more(ana, mona, queue, caplog):
    post = a_post(ana)
    job = job_of(take_all(ana, mona))
    mona.groups.clear()
    assert not bulk_takedowns.go_on(job.pk)
    assert job_of(job.decision).state == "stopped" and states(post) == ["none"] and job.key in caplog.text


def test_what_one_post_costs_does_not_grow_with_their_number(ana, mona, queue, monkeypatch):
    monkeypatch.setattr(bulk_takedowns, "CHUNK", 1)
    a_post(ana)
    job, costs = job_of(take_all(ana, mona)), []
    for more in (0, 5):
        for _ in range(more + 1):
            a_post(ana)
        with CaptureQueriesContext(connection) as queries:
            bulk_takedowns.go_on(job.pk)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_post_down_once():
    ana, mona = a_member("ana"), a_staff_member("Moderators", "mona")
    job = BulkTakedown.objects.create(
        decision=Decision.objects.create(member=ana, act="take_all", told=TOLD, by=mona), member=ana, by=mona, total=4
    )
    posts = [a_post(ana) for _ in range(4)]
    assert at_once(*[lambda: bulk_takedowns.go_on(job.pk)] * 2) == [None, None]
    job.refresh_from_db()
    assert (job.done, job.failed, states(*posts)) == (4, 0, ["taken_down"] * 4)
    assert PageLogEntry.objects.filter(action="pixlpix.take_down").count() == 4


# --- Undoing ------------------------------------------------------------------------------------------------------------


def test_undoing_brings_back_what_it_took_down_and_only_that_and_tells_once(ana, mona):
    down, posts = a_post(ana), [a_post(ana) for _ in range(2)]
    take_down_post(down, by=mona, reason="Something else")
    decision = take_all(ana, mona)
    decision = undo_decision(decision, by=a_staff_member("Moderators", "milo"), reason="A mistake")
    assert states(down, *posts) == ["taken_down", "none", "none"] and all(map(is_seen, posts))
    assert told(ana)[1:] == [("take_down_all", TOLD), ("restore_all", "")]
    job = job_of(decision)
    assert (decision.state, job.state, job.steps, job.undone_by.username) == ("undone", "undone", (2, 2), "milo")
    assert strikes_of(decisions_about(ana, mona)) == 1  # the other takedown's
    assert Receipt.objects.filter(post__in=posts, expected="shown").count() == 2
    assert ModelLogEntry.objects.get(action="pixlpix.restore_all").data["reason"] == "A mistake"


def test_what_was_brought_back_and_taken_down_again_since_stays_down(ana, mona):
    again, other = a_post(ana), a_post(ana)
    decision = take_all(ana, mona)
    restore_post(PostPage.objects.get(pk=again.pk), by=mona)
    take_down_post(PostPage.objects.get(pk=again.pk), by=mona, reason="For another reason")
    undo_decision(decision, by=mona)
    assert states(again, other) == ["taken_down", "none"]


def test_undoing_one_that_runs_ends_it(ana, mona, queue, monkeypatch):
    monkeypatch.setattr(bulk_takedowns, "CHUNK", 1)
    first, second = a_post(ana), a_post(ana)
    decision = take_all(ana, mona)
    job = job_of(decision)
    bulk_takedowns.go_on(job.pk)
    undo_decision(decision, by=mona)
    while bulk_takedowns.go_on(job.pk):
        pass
    assert states(first, second) == ["none", "none"] and job_of(decision).state == "undone"


def test_undoing_that_is_killed_goes_on_and_ends_the_same(ana, mona, queue, monkeypatch):
    posts = [a_post(ana) for _ in range(3)]
    decision = take_all(ana, mona)
    job, real, calls = job_of(decision), bulk_takedowns.restore_post, []
    while bulk_takedowns.go_on(job.pk):
        pass
    undo_decision(decision, by=mona)

    def dying(post, **how):
        real(post, **how)
        calls.append(post.pk)
        if len(calls) == 2:
            raise Killed

    monkeypatch.setattr(bulk_takedowns, "restore_post", dying)
    with pytest.raises(Killed):
        bulk_takedowns.go_on(job.pk)
    while bulk_takedowns.go_on(job.pk):
        pass
    assert calls == [post.pk for post in posts] and states(*posts) == ["none"] * 3
    assert job_of(decision).steps == (3, 3)


def test_undoing_that_ends_with_its_moderators_rights_is_gone_on_with_by_another(ana, mona, queue):
    post = a_post(ana)
    decision = take_all(ana, mona)
    job = job_of(decision)
    while bulk_takedowns.go_on(job.pk):
        pass
    undo_decision(decision, by=mona)
    mona.groups.clear()
    assert not bulk_takedowns.go_on(job.pk)
    assert job_of(decision).is_short and states(post) == ["taken_down"]
    bulk_takedowns.try_again(job, by=a_staff_member("Moderators", "milo"))
    while bulk_takedowns.go_on(job.pk):
        pass
    assert states(post) == ["none"] and not job_of(decision).is_short


def test_erasing_one_of_its_posts_leaves_the_others_to_be_brought_back(ana, mona):
    erased, other = a_post(ana), a_post(ana)
    decision = take_all(ana, mona, case=a_case(erased))
    erase_by_order(PostPage.objects.get(pk=erased.pk), by=a_staff_member("Administrators"), reason="An order")
    decision.refresh_from_db()
    undo_decision(decision, by=mona)
    assert states(other) == ["none"] and job_of(decision).state == "undone"


def test_one_that_cannot_be_brought_back_says_why_and_is_tried_again(ana, mona, monkeypatch):
    posts = [a_post(ana) for _ in range(2)]
    decision = take_all(ana, mona)
    with monkeypatch.context() as patched:
        patched.setattr(bulk_takedowns, "restore_post", lambda post, **how: 1 / 0)
        undo_decision(decision, by=mona)
    job = job_of(decision)
    assert (job.state, job.steps) == ("undone", (0, 2))
    assert BulkTakedownPost.objects.filter(state="stuck").count() == 2
    bulk_takedowns.try_again(job, by=mona)
    assert states(*posts) == ["none"] * 2 and job_of(decision).steps == (2, 2)
