"""Background work. Tasks get nothing but a key and re-derive what is to be done from the domain's rows, so that running
one twice changes nothing and a killed worker loses nothing but time: the sweeper queues again what is overdue."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from . import imaging
from .files import vault
from .models import GalleryPage, Photo, Picture, PostPage
from .publication import all_ready, keep_renditions, show
from .states import AuthorState, ProcessingState

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
FIRST_DEADLINE = timedelta(minutes=2)


def deadline(attempts):
    """When the sweeper queues a photo again after `attempts` tries: 2, 4, 8 ... minutes from now."""
    return timezone.now() + FIRST_DEADLINE * 2 ** min(attempts, 8)


@task()
def process_photo(photo_id):
    """Make the renditions of one photo and, when it was the last one waited for, show its post."""
    photo = Photo.objects.select_related("picture__original", "post").filter(pk=photo_id).first()
    if photo is None:
        return
    if photo.state == ProcessingState.PENDING:
        make_renditions(photo)
    show_when_ready(photo.post)


def make_renditions(photo):
    """Decode once, write the private renditions, mark the photo ready; or failed, with the reason for its author."""
    Photo.objects.filter(pk=photo.pk, state=ProcessingState.PENDING).update(
        attempts=photo.attempts + 1, retry_at=deadline(photo.attempts + 1)
    )
    try:
        with vault().open(photo.picture.original.name) as file:
            rendered = imaging.render(file)
        keep_renditions(photo.picture, rendered)
    except imaging.PictureRefused as refusal:
        logger.warning("Photo %s cannot be processed: %s", photo.pk, refusal.code)
        Photo.objects.filter(pk=photo.pk).update(
            state=ProcessingState.FAILED, failure=str(refusal.message)[:200], retry_at=None
        )
        return
    with transaction.atomic():
        # A query, not a save: that would queue work for Wagtail's search index, where members' pictures do not stand.
        Picture.objects.filter(pk=photo.picture_id).update(width=rendered.width, height=rendered.height)
        Photo.objects.filter(pk=photo.pk).update(state=ProcessingState.READY, failure="", retry_at=None)


def show_when_ready(post):
    """Show the post when all its photos are ready and nothing hides it; else note that they are ready."""
    post.refresh_from_db(fields=["photos_ready"])
    if not post.photos_ready and all_ready(post):
        show(post)


@task()
def follow_gallery(gallery_id):
    """Copy a gallery's state to its posts: their flag, their `live`, and their files on the media host."""
    from .flags import follow

    follow(PostPage.objects.filter(gallery=gallery_id))


@task()
def withdraw_rest_of_gallery(gallery_id):
    """Withdraw what a deleted gallery still has: its row hides it already, this makes each post say so."""
    from .actions.delete_gallery import withdraw_posts_of

    gallery = GalleryPage.objects.select_related("author").filter(pk=gallery_id).first()
    if gallery is not None and gallery.author_state == AuthorState.WITHDRAWN:
        withdraw_posts_of(gallery)


@task()
def empty_gallery(gallery_id, target_id):
    """Move what a large gallery still has to another one and close it. Killed half-way, its author deletes it again."""
    from .actions.delete_gallery import close_when_empty, move_posts

    galleries = GalleryPage.objects.select_related("author").in_bulk([gallery_id, target_id])
    gallery, target = galleries[gallery_id], galleries[target_id]
    move_posts(gallery, target, by=gallery.author)
    close_when_empty(gallery, target, by=gallery.author)
