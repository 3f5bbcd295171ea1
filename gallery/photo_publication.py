"""One photo that comes to a visible post or leaves it; the others keep their addresses.

Coming: in one transaction a folder below the open prefix is written down, as one that must go, and its names in the
publication; the files are copied; in a second one everything is locked and checked again, the folder is struck off, and
the rows get their public names. Whatever comes in between wins, a takedown above all: the check fails and the folder is
deleted, now or, where the process was killed, by the sweeper.

Leaving: the transaction that takes the photo out empties its names and writes its folder down.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import ledger
from .locks import lock
from .models import Photo, PostPage, Publication, Purge, Rendition
from .publication import MOST_TRIES, NotVisible, copy_files, named_below, show_when_ready
from .purging import drop_folder, withdraw_folders
from .states import TeamState, Visibility

# Copying a few files takes seconds. What takes longer was left by a process that is gone.
DEADLINE = timedelta(minutes=2)


def show_photo(photo):
    """Let a photo that has become ready be seen where its post is, and let it take the place of the one it replaces.

    Shows a post that waited for this photo; adds the photo's files to those of a post that is visible. Changes nothing
    when it is called again, or for a photo that may not be shown. What a storage raises goes on: the sweeper tries again.
    """
    for _attempt in range(MOST_TRIES):
        prepared = prepare(photo)
        if prepared is None:
            return show_when_ready(PostPage(pk=photo.post_id))
        with suppress(NotVisible):
            return add_files(photo, prepared)
    raise NotVisible(f"The post of photo {photo.pk} changed again and again while the photo was shown.")


def close_photo(photo):
    """Inside a transaction that holds the lock of its post: this photo's public files go once it has committed.

    The caller has changed what keeps it from being shown (`removed_at`, `team_state`). The other photos stay.
    """
    public = Rendition.objects.filter(image=photo.picture_id).exclude(public_name="")
    folders = {f"{name.rpartition('/')[0]}/" for name in public.values_list("public_name", flat=True)}
    public.update(public_name="")
    withdraw_folders(sorted(folders))


@dataclass
class Prepared:
    """A folder of a photo below the prefix of its post's open publication, before files lie there."""

    publication: Publication
    copies: list[Rendition]
    purge: Purge


def prepare(photo):
    """Write down a folder for the photo's files; None where it needs none. Where its post has no public files, or has
    the photo's already, the photo takes its place here and now."""
    with transaction.atomic():
        post, photo = locked(photo)
        if not may_be_shown(photo):
            return None
        publication = open_publication_of(post)
        if publication is None or not may_have_public_files(post) or is_public(photo):
            take_its_place(photo, post)
            return None
        copies = named_below(publication.prefix, photo.picture)
        if not copies:
            return None
        folder = f"{copies[0].public_name.rpartition('/')[0]}/"
        purge = Purge.objects.create(path=folder, retry_at=timezone.now() + DEADLINE)
        publication.names = [*publication.names, *(rendition.public_name for rendition in copies)]
        publication.save(update_fields=["names", "changed_at"])
        # Until it is shown the sweeper looks after it.
        Photo.objects.filter(pk=photo.pk).update(retry_at=timezone.now() + DEADLINE)
    return Prepared(publication, copies, purge)


def add_files(photo, prepared):
    """Copy the files and, if everything still lets them be public, show them. Raises NotVisible if not."""
    try:
        copy_files(prepared.copies)
        with transaction.atomic():
            post, photo = locked(photo)
            publication = open_publication_of(post)
            if publication != prepared.publication or not may_have_public_files(post):
                raise NotVisible
            if not may_be_shown(photo) or is_public(photo):
                raise NotVisible
            if not Purge.objects.filter(pk=prepared.purge.pk, files_gone_at=None).delete()[0]:
                raise NotVisible  # we were so slow that the sweeper has cleared the folder
            Rendition.objects.bulk_update(prepared.copies, ["public_name"])
            take_its_place(photo, post)
    except BaseException:
        drop_folder(prepared.purge.path)
        raise


def locked(photo):
    """(post, photo) as they are now, the post locked with its originals."""
    post = lock(PostPage(pk=photo.post_id))
    return post, Photo.objects.select_related("picture", "replaces").get(pk=photo.pk)


def open_publication_of(post):
    return Publication.objects.select_for_update().filter(post=post, state=Publication.State.OPEN).first()


def may_have_public_files(post):
    """The rule of `has_public_files`, and what its gallery's and author's own rows say."""
    narrow = post.gallery.visibility == Visibility.FOLLOWERS
    return post.has_public_files and not narrow and not post.gallery.hides | post.author.hides


def may_be_shown(photo):
    """The rule of `is_showable`, for one that takes another's place as well."""
    return photo.removed_at is None and photo.is_ready and photo.team_state == TeamState.NONE


def is_public(photo):
    return photo.picture.renditions.exclude(public_name="").exists()


def take_its_place(photo, post):
    """Of a locked post: the photo that this one replaces leaves the post as a removed one does; its words stay."""
    before = photo.replaces
    if before is not None and before.removed_at is None:
        before.removed_at = timezone.now()
        before.save(update_fields=["removed_at"])
        photo.position, photo.alt_text = before.position, before.alt_text
        close_photo(before)
        ledger.enter("photo.removed", post, photo=before.key)
    if before is not None or photo.retry_at is not None:
        photo.replaces = photo.retry_at = None
        photo.save(update_fields=["position", "alt_text", "replaces", "retry_at"])
