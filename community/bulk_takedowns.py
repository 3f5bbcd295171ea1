"""Taking down all posts of a member, and taking that back: one post after the other, each in a transaction of its own.

What is left to do is read from the posts themselves, and what is done stands in `BulkTakedownPost` in the same transaction: a
worker that is killed loses nothing, the sweeper queues its job again, and of two at once one waits for the other. A task does
CHUNK posts and queues the next, so that ten thousand hold nobody else up.

All that the member published, scheduled or deleted is covered, what they publish while it runs as well: it has ended once it
finds nothing more. Drafts are not, nobody has seen them; nor what the team has acted on already, so that undoing leaves it be.
"""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery import permissions
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.acts import confidentially, write_down_staff
from gallery.models import PostPage
from gallery.states import AuthorState, TeamState

from .confidential import is_secret
from .deciding import deciding
from .decisions import told_already
from .models import BulkTakedown, BulkTakedownPost
from .tasks import go_on_with_takedown

logger = logging.getLogger(__name__)

State, Row = BulkTakedown.State, BulkTakedownPost.State
CHUNK = 50  # posts in one task
DEADLINE = timedelta(minutes=5)  # for a chunk, after which the sweeper takes it for lost
MOST_REASON = 200


def posts_to_take_down(member):
    """The posts of `member` that would go down."""
    return PostPage.objects.of(member).filter(team_state=TeamState.NONE).exclude(author_state=AuthorState.DRAFT)


# --- Beginning, stopping, undoing ---------------------------------------------------------------------------------------


def begin(decision, *, by):
    """Begin what `decision`, which is saved, says of its member; in its transaction. Returns the BulkTakedown.

    Its member is told here, once. Raises ValidationError where there is nothing to take down, or one runs already.
    """
    member = decision.member
    total = posts_to_take_down(member).count() if member else 0
    if not total:
        raise ValidationError(_("There is no post to take down."))
    job = BulkTakedown(decision=decision, member=member, by=by, total=total, due_at=timezone.now() + DEADLINE)
    save_alone(job)
    decision.changed = {"bulk": [job.key]}
    decision.save(update_fields=["changed"])
    with deciding(decision.rule):
        write_down_staff(
            member, "pixlpix.take_down_all", by=by, reason=decision.told, decision=decision.key, posts=total
        )
    go_on_with_takedown.enqueue(job.pk)
    return job


def stop(job, *, by):
    """End a takedown that runs: what is down stays down. Raises PermissionDenied, or ValidationError where it has ended."""
    check_may_act(job, by)
    with transaction.atomic():
        if not BulkTakedown.objects.filter(pk=job.pk, state=State.RUNNING).update(
            state=State.STOPPED, ended_at=timezone.now(), due_at=None
        ):
            raise ValidationError(_("It does not run any more."))
        with confidentially(is_secret(job.decision.case)):
            write_down_staff(job.member, "pixlpix.stop_take_down_all", by=by, decision=job.decision.key)


def try_again(job, *, by):
    """Try those again that failed, by whoever asks. Raises as `stop` does."""
    check_may_act(job, by)
    with transaction.atomic():
        job = lock(job.pk)
        rows = BulkTakedownPost.objects.filter(job=job)
        if job.state == State.UNDONE:
            rows.filter(state=Row.STUCK).update(state=Row.TAKEN, reason="")
        if job.state == State.UNDONE and rows.filter(state=Row.TAKEN).exists():
            job.state, job.undone_by = State.UNDOING, by
        elif job.state in (State.DONE, State.STOPPED) and rows.filter(state=Row.FAILED).delete()[0]:
            job.state, job.by, job.failed = State.RUNNING, by, 0
        else:
            raise ValidationError(_("Nothing of it failed."))
        job.ended_at, job.due_at = None, timezone.now() + DEADLINE
        save_alone(job)
        write_down_staff(job.member, "pixlpix.go_on_take_down_all", by=by, decision=job.decision.key)
        go_on_with_takedown.enqueue(job.pk)


def undo(key, *, by, reason):
    """Bring back what this takedown took down, and only that. Nothing for one that is being undone already.

    Raises ValidationError while another of the same member is at work.
    """
    with transaction.atomic():
        job = BulkTakedown.objects.select_for_update(of=("self",)).select_related("member").filter(key=key).first()
        if job is None or job.is_undoing:
            return
        job.state, job.undone_by, job.undo_reason = State.UNDOING, by, reason
        job.ended_at, job.due_at = None, timezone.now() + DEADLINE
        save_alone(job)
        write_down_staff(job.member, "pixlpix.restore_all", by=by, reason=reason, posts=job.done)
        go_on_with_takedown.enqueue(job.pk)


def save_alone(job):
    """Save an active `job`, inside a transaction. Raises ValidationError while another of the same member is active."""
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        raise ValidationError(_("This member’s posts are being taken down, or brought back, already.")) from None


def check_may_act(job, by):
    if not permissions.may_take_down(by) or by.pk == job.member_id:
        raise PermissionDenied(_("Somebody else must decide about what is yours."))


# --- Going on -----------------------------------------------------------------------------------------------------------


def go_on(pk):
    """Do the next CHUNK posts of a takedown or of its undoing; True where something is left. May be done twice, and at once."""
    job = BulkTakedown.objects.select_related("decision__case", "member", "by", "undone_by").filter(pk=pk).first()
    if job is None or not job.is_active:
        return False
    BulkTakedown.objects.filter(pk=pk).update(due_at=timezone.now() + DEADLINE)
    staff = job.undone_by if job.is_undoing else job.by
    if staff is None or not permissions.may_take_down(staff):
        return give_up(job)
    with deciding(), told_already(), confidentially(is_secret(job.decision.case)):
        return bring_back(job) if job.is_undoing else take_down(job)


def give_up(job):
    """Whoever began it is no moderator any more: it ends. Another begins anew, or has its undoing go on by `try_again`."""
    ended = State.UNDONE if job.is_undoing else State.STOPPED
    BulkTakedown.objects.filter(pk=job.pk, state=job.state).update(state=ended, ended_at=timezone.now(), due_at=None)
    logger.error("The takedown %s of all posts ended early: who began it may not take posts down any more.", job.key)
    return False


def take_down(job):
    failed = BulkTakedownPost.objects.filter(job=job, post=OuterRef("pk"), state=Row.FAILED)
    left = posts_to_take_down(job.member).exclude(Exists(failed)).select_related("author", "gallery")
    posts = list(left.order_by("pk")[:CHUNK])
    for post in posts:
        try:
            if not take_one(job, post):
                return False
        except ValidationError as refusal:
            if refusal.error_list[0].code != "acted_on":
                note_failure(job, post, refusal)
        except Exception as error:
            note_failure(job, post, error)
    return bool(posts) or not end(job, State.DONE)


def take_one(job, post):
    """Take one post down, with its author's others of the same picture; False where somebody has stopped it meanwhile."""
    with transaction.atomic():
        if lock(job.pk).state != State.RUNNING:
            return False
        if not posts_to_take_down(job.member).filter(pk=post.pk).exists():
            return True  # it went with another, or the team acted on it
        taken = take_down_post(post, by=job.by, reason=job.decision.told, only_standing=True)
        # One that was brought back and is taken down anew, or that could not be before, has its row.
        BulkTakedownPost.objects.filter(job=job, post__in=taken).delete()
        BulkTakedownPost.objects.bulk_create(BulkTakedownPost(job=job, post=one) for one in taken)
        BulkTakedown.objects.filter(pk=job.pk).update(done=F("done") + len(taken))
    return True


def bring_back(job):
    rows = BulkTakedownPost.objects.filter(job=job, state=Row.TAKEN)
    found = list(rows.select_related("post__author", "post__gallery").order_by("post_id")[:CHUNK])
    for row in found:
        try:
            if row.post.team_state == TeamState.TAKEN_DOWN:
                restore_post(
                    row.post, by=job.undone_by, reason=job.undo_reason
                )  # which says so in the row: `was_restored`
        except Exception as error:
            rows.filter(pk=row.pk).update(state=Row.STUCK, reason=why_not(error, row.post)[:MOST_REASON])
        # Erased meanwhile, or in reach again without us: nothing is left to do for it.
        rows.filter(pk=row.pk).update(state=Row.RESTORED)
    restored = BulkTakedownPost.objects.filter(job=job, state=Row.RESTORED).count()
    BulkTakedown.objects.filter(pk=job.pk).update(restored=restored)
    return bool(found) or not end(job, State.UNDONE)


def was_restored(post):
    """In the transaction that restores `post`, whoever does: no takedown of before brings it back once more."""
    BulkTakedownPost.objects.filter(post=post, state=Row.TAKEN).update(state=Row.RESTORED)


def stands(keys):
    """Whether any post is still down that one of the takedowns with these keys took down."""
    return BulkTakedownPost.objects.filter(job__key__in=keys, state=Row.TAKEN).exists()


def end(job, state):
    """Nothing was found to do: it has ended. False where it is another job's by now, or something came in between."""
    with transaction.atomic():
        now = lock(job.pk)
        if now.state != job.state:
            return True
        now.state, now.ended_at, now.due_at = state, timezone.now(), None
        now.save(update_fields=["state", "ended_at", "due_at"])
    logger.info("Takedown %s: %s, %s posts taken down, %s failed.", now.key, state, now.done, now.failed)
    return True


def lock(pk):
    return BulkTakedown.objects.select_for_update(of=("self",)).get(pk=pk)


def why_not(error, post):
    """What went wrong with one post, for the console; the log has the rest."""
    if isinstance(error, (PermissionDenied, ValidationError)):
        return " ".join(getattr(error, "messages", [str(error)]))
    logger.error("Post %s could not be dealt with in a takedown of all posts.", post.short_id, exc_info=error)
    return _("It did not work: %(error)s. The log says more.") % {"error": type(error).__name__}


def note_failure(job, post, error):
    reason = why_not(error, post)[:MOST_REASON]
    with transaction.atomic():
        lock(job.pk)
        _row, new = BulkTakedownPost.objects.update_or_create(
            job=job, post=post, defaults={"state": Row.FAILED, "reason": reason}
        )
        if new:
            BulkTakedown.objects.filter(pk=job.pk).update(failed=F("failed") + 1)


def queue_takedowns_again():
    """Queue the task of takedowns whose worker was lost; returns how many."""
    now = timezone.now()
    keys = list(BulkTakedown.objects.filter(due_at__lt=now).order_by("due_at").values_list("pk", flat=True)[:CHUNK])
    BulkTakedown.objects.filter(pk__in=keys).update(due_at=now + DEADLINE)
    for key in keys:
        go_on_with_takedown.enqueue(key)
    return len(keys)
