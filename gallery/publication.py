"""Becoming public, and ceasing to be: the one place that puts files on the media host and takes them off.

Going public: a publication row is committed (`opening`), the private renditions are copied below its random prefix, then
in one transaction the originals and the post are locked, the states are checked again, the rendition rows get their
public names and the publication is `open`. A takedown that comes in between wins: it marks the publication `closing`,
the check fails, and the prefix is deleted. A photo that comes to a visible post goes the same way, into a folder of its
own below the open prefix (photo_publication.py).

Ceasing: the transaction that changes the state empties the public names, marks the publication `closing` and writes down
what the CDN must forget (purging.py); once it has committed, and before the answer returns, the prefix is deleted. What a
crash interrupts, the sweeper repeats.
"""

import logging
from contextlib import suppress
from functools import partial

from django.db import transaction
from django.utils import timezone

from .files import media
from .ids import new_secret_name
from .locks import lock
from .models import Publication, Rendition
from .models.pictures import PRIVATE
from .purging import files_are_gone, write_down_folders
from .states import narrower

logger = logging.getLogger(__name__)

MOST_TRIES = 5


class NotVisible(Exception):
    """It may not be shown, or not like this: it was withdrawn or taken down, or its photos changed, meanwhile."""


# --- Going public -----------------------------------------------------------------------------------------------------


def show(post, change=None):
    """Apply `change(post)` to the locked post and, where everything then lets everyone see it, publish its renditions.

    Where something else still hides it (the other side's state, its gallery, its author), its photos are not ready, or it
    is for followers alone, the states change and no file is touched. `change` sets columns, writes its log, or raises to
    refuse; it may be called more than once, each time in a transaction of its own. Returns the saved post.
    """
    change = change or (lambda locked: None)
    for _attempt in range(MOST_TRIES):
        saved = change_unless_public(post, change)
        if saved:
            return saved
        # An act that hides the post or a photo may come in between: then what it left is looked at again.
        with suppress(NotVisible):
            return open_publication(post, change)
    raise NotVisible(f"Post {post.pk} was hidden again and again while it was shown.")


def change_unless_public(post, change):
    """Commit `change` where the post then has no public files and return it saved; else None, and nothing is done."""
    with transaction.atomic():
        locked = lock(post)
        change(locked)
        before = locked.effective_visibility
        bring_in_step(locked)
        if not locked.has_public_files:
            locked.save(states=True)
            if locked.effective_visibility != before:
                close_publications(locked)
            return locked
        transaction.set_rollback(True)
    return None


def bring_in_step(post):
    """Copy to a locked post what its gallery, its author and its photos say now; returns its showable photos' keys."""
    post.hidden_by = post.gallery.hides | post.author.hides
    post.effective_visibility = narrower(post.visibility, post.gallery.visibility)
    photos = current_photos(post)
    post.photos_ready = ready_to_show(post, photos)
    return {photo.pk for photo in photos if photo.is_showable}


def all_ready(post):
    """Whether `post` has the photos that it takes to be seen. One query.

    Before it is published these are all of them. Afterwards one is enough: a photo that is added later and waits, or
    cannot be processed, hides nothing.
    """
    return ready_to_show(post, current_photos(post))


def current_photos(post):
    return list(post.photos.in_place().only("state", "team_state", "removed_at", "replaces"))


def ready_to_show(post, photos):
    if not any(photo.is_showable for photo in photos):
        return False
    return post.published_at is not None or all(photo.is_ready for photo in photos)


def show_when_ready(post):
    """Show the post when its photos are ready and nothing hides it; else note that they are ready."""
    post.refresh_from_db(fields=["photos_ready", "published_at"])
    if not post.photos_ready and all_ready(post):
        show(post)


def open_publication(post, change):
    """Publish the renditions of `post` on the media host and, in the same commit, what `change(post)` does to its states.

    Files lie there before the commit that shows them; on any failure the prefix is deleted and the error goes on:
    NotVisible where an act that hides came in between. Returns the saved post.
    """
    publication = Publication.objects.create(post=post)
    try:
        photos = list(showable_photos(post))
        copies = copy_renditions(photos, publication)
        with transaction.atomic():
            post = lock(post)
            if Publication.objects.select_for_update().get(pk=publication.pk).state != Publication.State.OPENING:
                raise NotVisible
            change(post)
            showable = bring_in_step(post)
            if not post.has_public_files or showable != {photo.pk for photo in photos}:
                raise NotVisible
            close_in_transaction(post, but=publication)
            Rendition.objects.bulk_update(copies, ["public_name"])
            publication.state = Publication.State.OPEN
            publication.save(update_fields=["state", "changed_at"])
            post.save(states=True)
    except BaseException:
        finish_closing(publication)
        raise
    return post


def showable_photos(post):
    """The photos of `post` whose files may be public, in order, with pictures and renditions."""
    photos = post.photos.showable().select_related("picture").prefetch_related("picture__renditions")
    return photos.order_by("position")


def copy_renditions(photos, publication):
    """Copy the private renditions of `photos` below the prefix; returns their rows with their new names, unsaved."""
    copies = [rendition for photo in photos for rendition in named_below(publication.prefix, photo.picture)]
    # Named in the row before the first copy: a crash half-way leaves nothing that no row knows.
    publication.names = [rendition.public_name for rendition in copies]
    publication.save(update_fields=["names", "changed_at"])
    copy_files(copies)
    return copies


def named_below(prefix, picture):
    """The rendition rows of `picture`, each with a new public name in one new folder below `prefix`; unsaved."""
    folder = new_secret_name()
    rows = [rendition for rendition in picture.renditions.all() if not rendition.filter_spec.startswith(PRIVATE)]
    for rendition in rows:
        extension = rendition.file.name.rpartition(".")[2]
        rendition.public_name = f"{prefix}/{folder}/{new_secret_name()}.{extension}"
    return rows


def copy_files(copies):
    for rendition in copies:
        media().copy_from_vault(rendition.file.name, rendition.public_name, content_type=rendition.mime)


# --- Ceasing to be public ---------------------------------------------------------------------------------------------


def close_publications(post):
    """Inside the transaction that hides `post`: no row names a public file any more; files go once it has committed."""
    for publication in close_in_transaction(post):
        transaction.on_commit(partial(finish_closing, publication))


def close_in_transaction(post, but=None):
    """No rendition of `post` has a public name any more; returns its publications, all `closing`, with their purges due.

    `but` is the one that takes their place: then their files go after the commit as well.
    """
    Rendition.objects.filter(image__photo__post=post).exclude(public_name="").update(public_name="")
    closing = mark_closing(Publication.objects.filter(post=post).exclude(pk=but.pk if but else None))
    if but:
        for publication in closing:
            transaction.on_commit(partial(finish_closing, publication))
    return closing


def mark_closing(publications):
    """Inside a transaction: mark those of `publications` (a queryset) that are not closed; returns them as a list."""
    closing = list(publications.exclude(state=Publication.State.CLOSED).order_by("pk").select_for_update())
    # Nobody was ever given a name of one that was still opening: the CDN knows none of its files.
    write_down_folders([f"{p.prefix}/" for p in closing if p.state == Publication.State.OPEN])
    if closing:
        Publication.objects.filter(pk__in=[p.pk for p in closing]).update(
            state=Publication.State.CLOSING, changed_at=timezone.now()
        )
    for publication in closing:
        publication.state = Publication.State.CLOSING
    return closing


def finish_closing(publication):
    """Delete every file below the publication's prefix and mark it closed; True when that went well.

    Deleted by listing the prefix, so that a file that no row names goes too. Never raises: a media host that is down
    leaves the row `closing`, and the sweeper comes again.
    """
    try:
        if publication.state != Publication.State.CLOSING:
            Publication.objects.filter(pk=publication.pk).exclude(state=Publication.State.CLOSED).update(
                state=Publication.State.CLOSING
            )
        media().delete_prefix(f"{publication.prefix}/")
        Publication.objects.filter(pk=publication.pk).update(state=Publication.State.CLOSED)
        files_are_gone(f"{publication.prefix}/")
    except Exception:
        logger.exception("Files below %s could not be deleted: the sweeper tries again.", publication.prefix)
        return False
    return True


# --- Pictures without a post: profile pictures, editorial pictures ----------------------------------------------------


def open_picture_publication(picture, check, then=None):
    """Publish the ready renditions of a picture that stands in no post; returns the Publication.

    In the transaction that makes them public `check()` comes first, locks what decides and raises NotVisible to refuse;
    `then(names)`, where given, comes last with {filter spec: public name}. Publications that the picture had before are
    closed by it. On any failure the new files are deleted and the error goes on.
    """
    publication = Publication.objects.create(picture=picture)
    try:
        copies = named_below(publication.prefix, picture)
        publication.names = [rendition.public_name for rendition in copies]
        publication.save(update_fields=["names", "changed_at"])
        copy_files(copies)
        with transaction.atomic():
            check()
            if Publication.objects.select_for_update().get(pk=publication.pk).state != Publication.State.OPENING:
                raise NotVisible
            for former in mark_closing(Publication.objects.filter(picture=picture).exclude(pk=publication.pk)):
                transaction.on_commit(partial(finish_closing, former))
            Rendition.objects.bulk_update(copies, ["public_name"])
            publication.state = Publication.State.OPEN
            publication.save(update_fields=["state", "changed_at"])
            if then is not None:
                then({rendition.filter_spec: rendition.public_name for rendition in copies})
    except BaseException:
        finish_closing(publication)
        raise
    return publication


def close_picture_publication(picture):
    """Inside a transaction: no rendition of `picture` has a public name any more; its files go after the commit."""
    picture.renditions.exclude(public_name="").update(public_name="")
    for publication in mark_closing(Publication.objects.filter(picture=picture)):
        transaction.on_commit(partial(finish_closing, publication))
