"""The sweeper: it repeats what a killed worker, a full disk or a storage that was down has left half-done.

The queue forgets: a task whose worker was killed stays "running" for ever, one that raised is never tried again. So the
work is found again in the domain's own rows, each past its deadline. Every step may run twice, and beside another one.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from . import processing
from .actions.discard_draft import discard_draft
from .actions.discard_failed_post import discard_failed_post
from .actions.publish_due import publish_due
from .actions.remove_upload import expire_upload
from .bans import look_at
from .ledger import write_out_pending
from .look_alikes import queue_banned_again
from .models import GalleryPage, Photo, PostPage, Publication, Purge, Upload
from .photo_publication import show_photo
from .processing import FIRST_DEADLINE, MOST_ATTEMPTS, wait_after
from .publication import finish_closing, show_when_ready
from .purging import finish_folder
from .states import AuthorState, ProcessingState, TeamState, Visibility
from .tasks import (
    follow_gallery,
    purge_cdn,
    withdraw_rest_of_gallery,
)

logger = logging.getLogger(__name__)

BATCH = 500  # rows of one kind in one sweep
# How long an author has to choose again or to discard what decoding refused.
FAILED_KEPT = timedelta(days=7)
# A draft with a photo or a word in it is kept for as long as its author likes; one that was only begun is not.
EMPTY_DRAFTS_KEPT = timedelta(days=7)
# A publication is opened by copying a few files: seconds. One that takes longer was left by a process that is gone.
OPENING_DEADLINE = timedelta(minutes=2)
# How long it can be seen what was purged, and when.
PURGES_KEPT = timedelta(days=30)


def sweep(*, at_once=False):
    """Do every step once; returns what was done as {step: count}. A step that fails is logged and hinders no other.

    `at_once` waits for no deadline: for a site where nothing else is running.
    """
    steps = {
        "scheduled_posts_published": publish_due,
        "publications_closed": lambda: finish_publications(at_once=at_once),
        "folders_emptied": lambda: empty_folders(at_once=at_once),
        "purges_queued_again": queue_purges_again,
        "galleries_followed": follow_closed_galleries,
        "narrowed_galleries_followed": follow_narrowed_galleries,
        "ledger_entries_written": write_out_pending,
        **{f"{kind.name}_queued_again": partial(queue_all_again, kind, at_once=at_once) for kind in processing.kinds()},
        "posts_shown": lambda: show_ready_posts(at_once=at_once),
        "photos_shown": lambda: show_ready_photos(at_once=at_once),
        "look_alikes_queued_again": queue_banned_again,
        "failed_posts_discarded": discard_failed_posts,
        "empty_drafts_discarded": discard_empty_drafts,
        "uploads_expired": expire_uploads,
        "purges_forgotten": forget_old_purges,
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


def full_folders(*, at_once=False):
    """Folders that should be empty, or were filled by a process that is gone."""
    waiting = Purge.objects.filter(purged_at=None, files_gone_at=None).order_by("pk")
    return waiting if at_once else waiting.filter(retry_at__lt=timezone.now())


def empty_folders(*, at_once=False):
    """Delete the files of such folders; returns how many are empty now."""
    return sum(finish_folder(purge.path) for purge in full_folders(at_once=at_once)[:BATCH])


def queue_purges_again():
    """Queue the purge of the CDN where one is due: its task was lost, or met a limit or an outage. 1 where it was queued."""
    if not Purge.objects.due().exists():
        return 0
    purge_cdn.enqueue()
    return 1


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


def narrowed_galleries_to_follow():
    """Galleries with posts that still count as seen by more people: the task that tells the posts was lost."""
    posts = PostPage.objects.visible().filter(gallery=OuterRef("pk"))
    listed = Exists(posts.filter(effective_visibility=Visibility.PUBLIC))
    open_to_all = Exists(posts.exclude(effective_visibility=Visibility.FOLLOWERS))
    late = Q(listed, visibility=Visibility.UNLISTED) | Q(open_to_all, visibility=Visibility.FOLLOWERS)
    return GalleryPage.objects.filter(late).select_related("author").order_by("pk")


def follow_narrowed_galleries():
    """Queue again what a narrowed gallery means for its posts; returns for how many galleries."""
    late = list(narrowed_galleries_to_follow().values_list("pk", flat=True)[:BATCH])
    for key in late:
        follow_gallery.enqueue(key)
    return len(late)


# --- What only waits --------------------------------------------------------------------------------------------------


def overdue(model, *, at_once=False):
    """Rows of `model`, a Processed one, that wait for their renditions past their deadline."""
    waiting = model.objects.filter(state=ProcessingState.PENDING)
    if at_once:
        return waiting.order_by("pk")
    now = timezone.now()
    never_set = Q(retry_at__isnull=True, created_at__lt=now - FIRST_DEADLINE)
    return waiting.filter(Q(retry_at__lt=now) | never_set).order_by("retry_at", "pk")


def queue_all_again(kind, *, at_once=False):
    """Queue overdue rows of a kind again, or give them up after MOST_ATTEMPTS; returns how many were queued."""
    return sum(queue_again(row) for row in overdue(kind.model, at_once=at_once)[:BATCH])


def queue_again(row):
    """Queue one row again, with a longer wait before the next time; True unless it is given up or was taken care of."""
    if row.attempts >= MOST_ATTEMPTS:
        give_up(row)
        return False
    # As long again as it has waited so far: a queue that is only slow is not filled up with repetitions. At most as long as
    # after the last try, for an old photo that somebody has tried again.
    now = timezone.now()
    later = now + min(max(FIRST_DEADLINE, now - row.created_at), wait_after(MOST_ATTEMPTS - 1))
    same = type(row).objects.filter(pk=row.pk, state=ProcessingState.PENDING, retry_at=row.retry_at)
    if not same.update(retry_at=later):
        return False
    processing.kind_of(row).task.enqueue(row.pk)
    return True


def give_up(row):
    what = row._meta.object_name
    logger.error("%s %s was tried %s times and is given up; see the worker's log for why.", what, row.pk, row.attempts)
    type(row).objects.filter(pk=row.pk, state=ProcessingState.PENDING, attempts=row.attempts).update(
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
    # The rule of publication.all_ready.
    unready = photos.in_place().exclude(state=ProcessingState.READY)
    enough = Q(published_at__isnull=False) | ~Exists(unready)
    return waiting.filter(enough, Exists(photos.showable())).order_by("pk")


def show_ready_posts(*, at_once=False):
    """Show posts that only miss that step, and the look for banned pictures; returns how many are ready now."""
    count = 0
    for post in ready_posts_not_shown(at_once=at_once)[:BATCH]:
        try:
            for photo in post.photos.current().select_related("picture__original", "post"):
                look_at(photo)
            show_when_ready(post)
            count += 1
        except Exception:
            logger.exception("Post %s is ready and could not be shown.", post.short_id)
    return count


def ready_photos_not_shown(*, at_once=False):
    """Ready photos on their way into a visible post, left there: their worker was killed, or a storage failed."""
    ready = Photo.objects.current().filter(state=ProcessingState.READY, team_state=TeamState.NONE)
    on_its_way = Q(retry_at__isnull=False) if at_once else Q(retry_at__lt=timezone.now())
    left = Q(replaces__isnull=False, retry_at__isnull=True)
    return ready.filter(on_its_way | left).order_by("pk")


def show_ready_photos(*, at_once=False):
    """Show such photos; returns how many. One that cannot be shown now waits longer before the next time."""
    count = 0
    for photo in ready_photos_not_shown(at_once=at_once)[:BATCH]:
        try:
            look_at(photo)
            show_photo(photo)
            count += 1
        except Exception:
            logger.exception("Photo %s is ready and could not be shown.", photo.pk)
    return count


def forget_old_purges():
    """Drop the rows of purges that were done PURGES_KEPT ago; returns how many."""
    old = Purge.objects.filter(asked_at__lt=timezone.now() - PURGES_KEPT, purged_at__isnull=False)
    return Purge.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]


def failed_posts():
    """Posts with a photo that decoding refused and that their author left alone past FAILED_KEPT.

    A photo that was given up after MOST_ATTEMPTS is not among them: a storage or a worker failed there, and what may be
    somebody's good photograph is kept.
    """
    refused = Photo.objects.current().filter(
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


def empty_drafts():
    """Drafts that were begun EMPTY_DRAFTS_KEPT ago and have neither a photo nor words."""
    # `photos_ready` says no more than "no photos" does; it is what the index is about.
    old = PostPage.objects.drafts().filter(photos_ready=False, created_at__lt=timezone.now() - EMPTY_DRAFTS_KEPT)
    return old.filter(caption="", photos__isnull=True).order_by("pk")


def discard_empty_drafts():
    """Discard such drafts; returns how many."""
    count = 0
    for draft in empty_drafts()[:BATCH]:
        with suppress(PermissionDenied):  # its author went on with it meanwhile
            discard_draft(draft, by=None)
            count += 1
    return count


def expire_uploads():
    """Remove uploads that nobody continued, and what is left of finished ones; returns how many."""
    return sum(expire_upload(upload) for upload in Upload.objects.expired().order_by("changed_at")[:BATCH])
