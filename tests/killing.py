"""Kills a process at named points of an upload and a takedown, and tells what `reconcile_media` leaves.

Run as a process of its own by tests/gallery/test_killed.py, with a database and storages of its own: each point gets a
child that dies by SIGKILL there, as a worker does when the machine runs out of memory. Prints JSON by point.
"""

import io
import json
import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from unittest import mock

from tests import killing_erasures


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def death_at(target, *, after=False, call=1):
    """Die before (or after) call number `call` of `target`, "module.name" or (object, name)."""
    owner, name = target
    real, calls = getattr(owner, name), []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == call and not after:
            die()
        answer = real(*args, **kwargs)
        if len(calls) == call and after:
            die()
        return answer

    with mock.patch.object(owner, name, dying):
        yield


def points():
    """(name, scenario, where it dies) for every point."""
    from django.core.files.storage import storages

    from gallery import hiding, photo_publication, publication, purging, tasks
    from gallery.actions import receive_upload, remove_upload
    from gallery.actions import remove_photo as removing
    from gallery.models import Original, Photo, Publication, Rendition

    vault, media = type(storages["vault"]), type(storages["media"])
    return [
        ("upload: before the original is in the vault", upload, death_at((vault, "_save"))),
        ("upload: the original is in the vault, its row is not", upload, death_at((vault, "_save"), after=True)),
        ("upload: the original has its row, the post has none", upload, death_at((Original, "save"), after=True)),
        ("upload: inside the transaction of the post", upload, death_at((Photo, "save"), after=True)),
        ("upload: the post is committed, nothing is processed", upload, death_at((tasks, "make_renditions"))),
        ("processing: one derived file has no row", upload, death_at((vault, "_save"), after=True, call=3)),
        ("processing: some renditions have rows", upload, death_at((Rendition, "save"), after=True, call=2)),
        ("processing: the photo is ready, the post does not say so", upload, death_at((tasks, "show_photo"))),
        ("showing: the publication has a row and no files", upload, death_at((publication, "copy_renditions"))),
        ("showing: some files are copied", upload, death_at((media, "copy_from_vault"), after=True, call=2)),
        ("showing: all files are copied", upload, death_at((publication, "copy_renditions"), after=True)),
        ("showing: inside the last transaction", upload, death_at((Publication, "save"), call=3)),
        ("taking down: before the commit", take_down, death_at((hiding, "close_publications"))),
        ("taking down: the ledger has it, not yet committed", take_down, death_at((vault, "write_now"), after=True)),
        ("taking down: committed, no file is deleted", take_down, death_at((media, "delete_prefix"))),
        ("taking down: some files are deleted", take_down, some_deleted(media)),
        ("taking down: all files are deleted", take_down, death_at((media, "delete_prefix"), after=True)),
        ("showing again: all files are copied", show_again, death_at((publication, "copy_renditions"), after=True)),
        ("showing again: inside the last transaction", show_again, death_at((Publication, "save"), call=3)),
        ("withdrawn while it was being shown", withdraw_a_half_shown_one, nullcontext()),
        ("adding a photo: its folder is named and empty", add, death_at((photo_publication, "copy_files"))),
        ("adding a photo: some files are copied", add, death_at((media, "copy_from_vault"), after=True)),
        ("adding a photo: all files are copied", add, death_at((photo_publication, "copy_files"), after=True)),
        ("adding a photo: inside the last transaction", add, death_at((photo_publication, "take_its_place"))),
        ("replacing one: all files are copied", replace, death_at((photo_publication, "copy_files"), after=True)),
        ("replacing one: the last transaction", replace, death_at((photo_publication, "close_photo"), after=True)),
        ("replacing one: committed, the old files lie there", replace, death_at((media, "delete_prefix"))),
        ("removing one: before the commit", remove, death_at((removing, "close_photo"), after=True)),
        ("removing one: committed, its files lie there", remove, death_at((media, "delete_prefix"))),
        ("removing one: some files are deleted", remove, some_deleted(media)),
        ("removing one: its files are deleted, no row says so", remove, death_at((purging, "files_are_gone"))),
        ("receiving: a part is kept, its row does not say so", receive, death_at((receive_upload, "move_on"))),
        (
            "receiving: the whole is stored, its row does not say so",
            receive,
            death_at((receive_upload, "move_on"), call=2),
        ),
        ("receiving: it is complete, its parts are still there", receive, death_at((receive_upload, "drop_parts"))),
        ("cancelling: the row is gone, its parts are still there", cancel, death_at((remove_upload, "drop_parts"))),
        *killing_erasures.points(death_at),
    ]


@contextmanager
def some_deleted(media):
    """Die when one file of the prefix is gone and the others are not."""

    def dying(self, prefix):
        first, _size, _modified = next(iter(self.list_names(prefix)))
        self.delete(first)
        die()

    with mock.patch.object(media, "delete_prefix", dying):
        yield


# --- Scenarios --------------------------------------------------------------------------------------------------------


def upload(author, prepared, dies):
    from tests.factories import a_post, an_original

    with dies:
        a_post(author, original=an_original(prepared, by=author))
        work()


def take_down(author, prepared, dies):
    from gallery.actions.withdraw_post import withdraw_post

    with dies:
        withdraw_post(prepared, by=author)


def show_again(author, prepared, dies):
    from gallery.actions.undo_withdrawal import undo_withdrawal
    from gallery.actions.withdraw_post import withdraw_post

    withdrawn = withdraw_post(prepared, by=author)
    with dies:
        undo_withdrawal(withdrawn, by=author)


def withdraw_a_half_shown_one(author, prepared, dies):
    """Its worker dies while it copies files; then its author deletes the post."""
    from gallery import publication
    from gallery.actions.withdraw_post import withdraw_post
    from gallery.models import PostPage

    if os.fork() == 0:
        fresh_connection()
        with death_at((publication, "copy_renditions"), after=True):
            publication.open_publication(prepared, lambda post: None)
    os.wait()
    fresh_connection()
    withdraw_post(PostPage.objects.get(pk=prepared.pk), by=author)
    die()


def receive(author, prepared, dies):
    """A file in three parts, the first of which arrives well."""
    from gallery.actions.receive_upload import begin_upload, receive_part

    content = prepared.read()
    upload = begin_upload(author, len(content), io.BytesIO(content[:1000]), 1000)
    with dies:
        upload = receive_part(upload, 1000, io.BytesIO(content[1000:2000]), by=author)
        receive_part(upload, 2000, io.BytesIO(content[2000:]), by=author)


def cancel(author, prepared, dies):
    from gallery.actions.receive_upload import begin_upload
    from gallery.actions.remove_upload import cancel_upload

    upload = begin_upload(author, 10_000, io.BytesIO(prepared.read()), 1000)
    with dies:
        cancel_upload(upload, by=author)


def add(author, prepared, dies):
    """A photo comes to a visible post."""
    from gallery.photo_publication import show_photo
    from tests.factories import a_further_photo

    photo = a_further_photo(prepared)
    with dies:
        show_photo(photo)


def replace(author, prepared, dies):
    """A photo takes the place of another one."""
    from gallery.photo_publication import show_photo
    from tests.factories import a_further_photo

    photo = a_further_photo(prepared, replaces=prepared.photos.get())
    with dies:
        show_photo(photo)


def remove(author, prepared, dies):
    """A photo leaves a post that has another one."""
    from gallery.actions.remove_photo import remove_photo
    from gallery.photo_publication import show_photo
    from tests.factories import a_further_photo

    photo = prepared.photos.get()
    show_photo(a_further_photo(prepared))
    with dies:
        remove_photo(photo, by=author)


def work():
    """One run of the worker, until its queue is empty."""
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=str(os.getpid()),
        excluded_queue_names=[],
    ).run()


def fresh_connection():
    from django.db import connection

    connection.close()


# --- What is left -----------------------------------------------------------------------------------------------------


def left_over():
    """What differs between rows and storages, and what visitors could fetch of what nobody may see."""
    from django.core.files.storage import storages
    from wagtail.models import Page

    from gallery.models import Original, Photo, PostPage, Publication, Purge, Rendition, Upload
    from gallery.reconcile import shown

    def names(alias, prefix=""):
        return {name for name, _size, _modified in storages[alias].list_names(prefix)}

    open_prefixes = set(Publication.objects.filter(state="open", post__in=shown()).values_list("prefix", flat=True))
    return {
        "public files of what is not shown": sorted(n for n in names("media") if n.split("/")[0] not in open_prefixes),
        "public files that differ from the rows": sorted(
            names("media") ^ set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))
        ),
        "originals that differ from the rows": sorted(
            names("vault", "originals/") ^ {original.name for original in Original.objects.all()}
        ),
        "derived files that differ from the rows": sorted(
            names("vault", "derived/") ^ set(Rendition.objects.values_list("file", flat=True))
        ),
        "parts of uploads that differ from the rows": sorted(
            names("default", "uploads/") ^ {name for upload in Upload.objects.all() for name in upload.parts}
        ),
        "posts without a photo": list(PostPage.objects.filter(photos=None).values_list("short_id", flat=True)),
        "posts shown without files": [
            post.short_id for post in shown() if not post.publications.filter(state="open").exists()
        ],
        "photos shown without files": list(
            Photo.objects.showable().filter(post__in=shown(), picture__renditions__public_name="").values_list("key")
        ),
        "photos that wait for a place": list(Photo.objects.filter(replaces__isnull=False).values_list("key")),
        "folders that are not purged": list(Purge.objects.filter(purged_at=None).values_list("path", flat=True)),
        "published posts that wait": list(
            PostPage.objects.filter(author_state="published", photos_ready=False).values_list("short_id", flat=True)
        ),
        "problems of the tree": [ids for ids in Page.find_problems() if ids],
    }


def main():
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from gallery.reconcile import reconcile
    from tests.factories import a_member, a_picture, a_post

    author, results = a_member("author"), {}
    for name, scenario, dies in points():
        # A picture, or a post that shows one; made here, so that each child gets another.
        prepared, erases = a_picture(700, 400), scenario is killing_erasures.erase
        if scenario not in (upload, receive, cancel):
            prepared = a_post(author)
            work()
            prepared.refresh_from_db()
        sha256 = prepared.photos.get().picture.original.sha256 if erases else ""
        fresh_connection()
        child = os.fork()
        if child == 0:
            try:
                scenario(author, prepared, dies)
            except BaseException as error:
                print(f"{name}: {error!r}", file=sys.stderr)
            os._exit(1)
        _pid, status = os.waitpid(child, 0)
        fresh_connection()
        results[name] = {"killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL}
        if erases:
            killing_erasures.once_more(prepared)
            results[name]["not erased"] = killing_erasures.still_there(sha256, prepared.short_id)
        # The first run finds it all; the worker does what that queued; the second run finds nothing.
        results[name]["found"] = {k: n for k, n in reconcile(mend=True, at_once=True)["found"].items() if n}
        work()
        results[name]["left"] = {k: found for k, found in left_over().items() if found}
        again = reconcile(mend=True, at_once=True)["found"]
        results[name]["found again"] = {k: n for k, n in again.items() if n}
    print(json.dumps(results))


if __name__ == "__main__":
    main()
