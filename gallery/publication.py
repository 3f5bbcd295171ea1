"""Becoming public, and ceasing to be: the one place that puts files on the media host and takes them off.

Going public: a publication row is committed (`opening`), the private renditions are copied below its random prefix, then
in one transaction the originals and the post are locked, the states are checked again, the rendition rows get their
public names and the publication is `open`. A takedown that comes in between wins: it marks the publication `closing`,
the check fails, and the prefix is deleted.

Ceasing: the transaction that changes the state empties the public names and marks the publication `closing`; once it has
committed, and before the answer returns, the prefix is deleted. What a crash interrupts, the sweeper repeats.
"""

import logging
from contextlib import suppress
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images.models import Filter

from .files import media, vault
from .ids import new_secret_name
from .locks import lock
from .models import Picture, Publication, Rendition
from .states import ProcessingState

logger = logging.getLogger(__name__)

WIDEST = "max-2048x2048"  # what an editorial picture shows at most

MOST_TRIES = 5


class NotVisible(Exception):
    """The post may not be shown any more: it was withdrawn or taken down meanwhile."""


# --- Going public -----------------------------------------------------------------------------------------------------


def show(post, change=None):
    """Apply `change(post)` to the locked post and, where everything then lets it be seen, publish its renditions.

    Where something else still hides it (the other side's state, its gallery, its author) or its photos are not ready, the
    states change and no file is touched. `change` sets columns, writes its log, or raises to refuse; it may be called
    more than once, each time in a transaction of its own. Returns the saved post.
    """
    change = change or (lambda locked: None)
    for _attempt in range(MOST_TRIES):
        saved = change_unless_visible(post, change)
        if saved:
            return saved
        # An act that hides the post may come in between: then what it left is looked at again.
        with suppress(NotVisible):
            return open_publication(post, change)
    raise NotVisible(f"Post {post.pk} was hidden again and again while it was shown.")


def change_unless_visible(post, change):
    """Commit `change` where it leaves the post out of reach and return the saved post; else None, and nothing is done."""
    with transaction.atomic():
        locked = lock(post)
        change(locked)
        bring_in_step(locked)
        if not locked.is_visible:
            locked.save(states=True)
            return locked
        transaction.set_rollback(True)
    return None


def bring_in_step(post):
    """Copy to a locked post what its gallery, its author and its photos say now."""
    post.hidden_by = post.gallery.hides | post.author.hides
    post.photos_ready = all_ready(post)


def open_publication(post, change):
    """Publish the renditions of `post` on the media host and, in the same commit, what `change(post)` does to its states.

    Files lie there before the commit that shows them; on any failure the prefix is deleted and the error goes on:
    NotVisible where an act that hides came in between. Returns the saved post.
    """
    publication = Publication.objects.create(post=post)
    try:
        copies = copy_renditions(post, publication)
        with transaction.atomic():
            post = lock(post)
            if Publication.objects.select_for_update().get(pk=publication.pk).state != Publication.State.OPENING:
                raise NotVisible
            change(post)
            bring_in_step(post)
            if not post.is_visible:
                raise NotVisible
            close_in_transaction(post, but=publication)
            for rendition in copies:
                rendition.save(update_fields=["public_name"])
            publication.state = Publication.State.OPEN
            publication.save(update_fields=["state", "changed_at"])
            post.save(states=True)
    except BaseException:
        finish_closing(publication)
        raise
    return post


def copy_renditions(post, publication):
    """Copy the private renditions of all photos of `post` below the prefix; returns the rows with their new names, unsaved."""
    copies = []
    photos = post.photos.select_related("picture").prefetch_related("picture__renditions").order_by("position")
    for photo in photos:
        folder = new_secret_name()
        for rendition in photo.picture.renditions.all():
            extension = rendition.file.name.rpartition(".")[2]
            rendition.public_name = f"{publication.prefix}/{folder}/{new_secret_name()}.{extension}"
            copies.append(rendition)
    # Named in the row before the first copy: a crash half-way leaves nothing that no row knows.
    publication.names = [rendition.public_name for rendition in copies]
    publication.save(update_fields=["names", "changed_at"])
    for rendition in copies:
        media().copy_from_vault(rendition.file.name, rendition.public_name, content_type=rendition.mime)
    return copies


# --- Ceasing to be public ---------------------------------------------------------------------------------------------


def close_publications(post):
    """Inside the transaction that hides `post`: no row names a public file any more; files go once it has committed."""
    for publication in close_in_transaction(post):
        transaction.on_commit(partial(finish_closing, publication))


def close_in_transaction(post, but=None):
    Rendition.objects.filter(image__photo__post=post).exclude(public_name="").update(public_name="")
    closing = list(
        Publication.objects.select_for_update()
        .filter(post=post)
        .exclude(state=Publication.State.CLOSED)
        .exclude(pk=but.pk if but else None)
    )
    for publication in closing:
        publication.state = Publication.State.CLOSING
        publication.save(update_fields=["state", "changed_at"])
    if but:
        for publication in closing:
            transaction.on_commit(partial(finish_closing, publication))
    return closing


def finish_closing(publication):
    """Delete every file below the publication's prefix and mark it closed; True when that went well.

    Deleted by listing the prefix, so that a file that no row names goes too. Never raises: a media host that is down
    leaves the row `closing`, and the sweeper comes again.
    """
    try:
        Publication.objects.filter(pk=publication.pk).exclude(state=Publication.State.CLOSED).update(
            state=Publication.State.CLOSING
        )
        media().delete_prefix(f"{publication.prefix}/")
        Publication.objects.filter(pk=publication.pk).update(state=Publication.State.CLOSED)
    except Exception:
        logger.exception("Files below %s could not be deleted: the sweeper tries again.", publication.prefix)
        return False
    return True


# --- Private renditions, and what an editorial picture needs ----------------------------------------------------------


def keep_renditions(picture, rendered):
    """Write the files of `rendered` (imaging.Rendered) below `derived/` and their rows; those that exist already stay.

    Safe to run twice: names are random, rows unique by spec, and a file whose row was lost to another worker is deleted.
    """
    existing = set(picture.renditions.values_list("filter_spec", flat=True))
    folder = new_secret_name()
    for made in rendered.files:
        if made.spec in existing:
            continue
        name = vault().save(f"derived/{folder}/{new_secret_name()}.{made.extension}", ContentFile(made.data))
        _row, created = Rendition.objects.get_or_create(
            image=picture,
            filter_spec=made.spec,
            focal_point_key="",
            defaults={"file": name, "width": made.width, "height": made.height, "mime": made.mime},
        )
        if not created:
            vault().delete(name)


def create_editorial_rendition(picture, filter):
    """The rendition of an editorial `picture` that Wagtail's `filter` asks for, made, published and saved.

    Editorial pictures are public by being in the library. One publication a picture; two requests at once end with one row.
    """
    # Wagtail's edit view links to the file by the spec "original": no address ever gives as much as that.
    made = picture.generate_rendition_file(Filter(spec=WIDEST) if filter.spec == "original" else filter)
    extension = made.name.rpartition(".")[2]
    mime = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}.get(extension, f"image/{extension}")
    made.seek(0)
    name = vault().save(f"derived/{new_secret_name()}/{new_secret_name()}.{extension}", made)
    publication = Publication.objects.filter(picture=picture, state=Publication.State.OPEN).first()
    if publication is None:
        publication = Publication.objects.create(picture=picture, state=Publication.State.OPEN)
    public_name = f"{publication.prefix}/{new_secret_name()}/{new_secret_name()}.{extension}"
    with transaction.atomic():
        publication = Publication.objects.select_for_update().get(pk=publication.pk)
        publication.names = [*publication.names, public_name]
        publication.save(update_fields=["names", "changed_at"])
    media().copy_from_vault(name, public_name, content_type=mime)
    width, height = size_of(made)
    rendition, created = Rendition.objects.get_or_create(
        image=picture,
        filter_spec=filter.spec,
        focal_point_key=filter.get_cache_key(picture),
        defaults={"file": name, "public_name": public_name, "width": width, "height": height, "mime": mime},
    )
    if not created:
        vault().delete(name)
        media().delete(public_name)
    return rendition


def size_of(file):
    """Width and height in pixels of a rendition that was just made."""
    from PIL import Image

    file.seek(0)
    with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
        return image.size


def withdraw_editorial_picture(picture):
    """Inside the transaction that deletes or replaces an editorial picture: its public files go after the commit."""
    for publication in Publication.objects.select_for_update().filter(picture=picture):
        publication.state = Publication.State.CLOSING
        publication.save(update_fields=["state", "changed_at"])
        transaction.on_commit(partial(finish_closing, publication))


def all_ready(post):
    """Whether `post` has photos, and each of them its renditions. One query."""
    states = set(post.photos.values_list("state", flat=True))
    return states == {ProcessingState.READY}


def pictures_of(post):
    """The pictures of a post's photos."""
    return Picture.objects.filter(photo__post=post)
