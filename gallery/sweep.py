"""The sweeper: it repeats what a killed worker, a full disk or a storage that was down has left half-done.

The queue forgets: a task whose worker was killed stays "running" for ever, one that raised is never tried again. So the
work is found again in the domain's own rows, each past its deadline. Every step may run twice, and beside another one.
"""

import logging
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .actions.discard_failed_post import discard_failed_post
from .ledger import write_out_pending
from .models import GalleryPage, Photo, PostPage, Publication
from .publication import finish_closing
from .states import AuthorState, ProcessingState, TeamState
from .tasks import (
    FIRST_DEADLINE,
    MOST_ATTEMPTS,
    follow_gallery,
    process_photo,
    show_when_ready,
    withdraw_rest_of_gallery,
)

logger = logging.getLogger(__name__)

BATCH = 500  # rows of one kind in one sweep
# How long an author has to choose again or to discard what decoding refused.
FAILED_KEPT = timedelta(days=7)
# A publication is opened by copying a few files: seconds. One that takes longer was left by a process that is gone.
OPENING_DEADLINE = timedelta(minutes=2)


def sweep(*, at_once=False):
    """Do every step once; returns what was done as {step: count}. A step that fails is logged and hinders no other.

    `at_once` waits for no deadline: for a site where nothing else is running.
    """
    steps = {
        "publications_closed": lambda: finish_publications(at_once=at_once),
        "galleries_followed": follow_closed_galleries,
        "ledger_entries_written": write_out_pending,
        "photos_queued_again": lambda: queue_photos_again(at_once=at_once),
        "posts_shown": lambda: show_ready_posts(at_once=at_once),
        "failed_posts_discarded": discard_failed_posts,
    }
    done = {}
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception:
            logger.exception("The sweeper could not do: %s", name)
            done[name] = 0
    if any(done.values()):
        logger.info("Swept: %s", done)
    return done


# --- What is unsafe first ---------------------------------------------------------------------------------------------


def unfinished_publications(*, at_once=False):
    """Publications whose files should be gone from the media host, or were copied by a process that is gone."""
    overdue = Q(state=Publication.State.OPENING)
    if not at_once:
        overdue &= Q(changed_at__lt=timezone.now() - OPENING_DEADLINE)
    return Publication.objects.filter(Q(state=Publication.State.CLOSING) | overdue).order_by("pk")


def finish_publications(*, at_once=False):
    """Delete the files of unfinished publications; returns how many publications are closed now."""
    return sum(finish_closing(publication) for publication in unfinished_publications(at_once=at_once)[:BATCH])


def closed_galleries_to_follow():
    """Galleries that are closed while posts in them still count as visible: the task that tells the posts was lost."""
    still_visible = PostPage.objects.visible().filter(gallery=OuterRef("pk"))
    closed = ~Q(author_state=AuthorState.PUBLISHED) | ~Q(team_state=TeamState.NONE)
    return GalleryPage.objects.filter(closed, Exists(still_visible)).order_by("pk")


def follow_closed_galleries():
    """Queue again what a closed gallery means for its posts; returns for how many galleries."""
    count = 0
    for gallery in closed_galleries_to_follow()[:BATCH]:
        follow_gallery.enqueue(gallery.pk)
        if gallery.author_state == AuthorState.WITHDRAWN:
            withdraw_rest_of_gallery.enqueue(gallery.pk)
        count += 1
    return count


# --- What only waits --------------------------------------------------------------------------------------------------


def overdue_photos(*, at_once=False):
    """Photos that wait for their renditions past their deadline."""
    waiting = Photo.objects.filter(state=ProcessingState.PENDING)
    if at_once:
        return waiting.order_by("pk")
    now = timezone.now()
    never_set = Q(retry_at__isnull=True, created_at__lt=now - FIRST_DEADLINE)
    return waiting.filter(Q(retry_at__lt=now) | never_set).order_by("retry_at", "pk")


def queue_photos_again(*, at_once=False):
    """Queue overdue photos again, or give them up after MOST_ATTEMPTS; returns how many were queued."""
    return sum(queue_again(photo) for photo in overdue_photos(at_once=at_once)[:BATCH])


def queue_again(photo):
    """Queue one photo again, with a longer wait before the next time; True unless it is given up or was taken care of."""
    if photo.attempts >= MOST_ATTEMPTS:
        give_up(photo)
        return False
    # As long again as it has waited so far: a queue that is only slow is not filled up with repetitions.
    now = timezone.now()
    later = now + max(FIRST_DEADLINE, now - photo.created_at)
    same = Photo.objects.filter(pk=photo.pk, state=ProcessingState.PENDING, retry_at=photo.retry_at)
    if not same.update(retry_at=later):
        return False
    process_photo.enqueue(photo.pk)
    return True


def give_up(photo):
    logger.error("Photo %s was tried %s times and is given up; see the worker's log for why.", photo.pk, photo.attempts)
    Photo.objects.filter(pk=photo.pk, state=ProcessingState.PENDING, attempts=photo.attempts).update(
        state=ProcessingState.FAILED,
        failure=_("This picture could not be processed. Please try another copy of it."),
        retry_at=None,
    )


def ready_posts_not_shown(*, at_once=False):
    """Posts whose photos are all ready while the post itself does not say so: its worker was killed between the two."""
    photos = Photo.objects.filter(post=OuterRef("pk"))
    waiting = PostPage.objects.filter(photos_ready=False)
    if not at_once:
        waiting = waiting.filter(created_at__lt=timezone.now() - FIRST_DEADLINE)
    unready = photos.exclude(state=ProcessingState.READY)
    return waiting.filter(Exists(photos)).exclude(Exists(unready)).order_by("pk")


def show_ready_posts(*, at_once=False):
    """Show posts that only miss that step; returns how many are ready now."""
    count = 0
    for post in ready_posts_not_shown(at_once=at_once)[:BATCH]:
        try:
            show_when_ready(post)
            count += 1
        except Exception:
            logger.exception("Post %s is ready and could not be shown.", post.short_id)
    return count


def failed_posts():
    """Posts with a photo that decoding refused and that their author left alone past FAILED_KEPT.

    A photo that was given up after MOST_ATTEMPTS is not among them: a storage or a worker failed there, and what may be
    somebody's good photograph is kept.
    """
    refused = Photo.objects.filter(
        state=ProcessingState.FAILED, attempts__lt=MOST_ATTEMPTS, created_at__lt=timezone.now() - FAILED_KEPT
    )
    return PostPage.objects.filter(pk__in=refused.values("post")).order_by("pk")


def discard_failed_posts():
    """Discard the refused photos of such posts, with originals that nothing else uses; returns how many posts."""
    count = 0
    for post in failed_posts()[:BATCH]:
        discard_failed_post(post, by=None)
        count += 1
    return count
