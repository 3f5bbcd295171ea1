"""Backups and restores in a process of its own, with a database and storages that it may destroy. Prints JSON.

Run by tests/pixlpix/backups/test_restore.py: `python -m tests.pixlpix.backups.world FOLDER SCENARIO`.
"""

import hashlib
import json
import shutil
import sys
from contextlib import suppress
from pathlib import Path

# Not of the site's data: who is signed in, what waits for the worker, what the team's machines noted.
LEFT_OUT = {"django_session", "community_device", "django_tasks_database_dbtaskresult", "pixlpix_operationrecord"}
# Mails that waited are not sent by a restored site.
LEFT_OUT_COLUMNS = {"mail_due_at"}


def rows():
    """{table: its rows, sorted} of the whole database."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in sorted(set(connection.introspection.table_names(cursor)) - LEFT_OUT):
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            columns = ", ".join(f'"{name}"' for name in columns if name not in LEFT_OUT_COLUMNS)
            cursor.execute(f'SELECT {columns} FROM "{table}"')
            found[table] = sorted(repr(tuple(map(_readable, row))) for row in cursor.fetchall())
    return found


def _readable(value):
    """PostgreSQL hands bytes out as a view of memory, of which only the address would be compared."""
    return bytes(value) if isinstance(value, memoryview) else value


def differing(before, after):
    """What differs, by table: [only before, only after]."""
    tables = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {
        name: [
            sorted(set(before.get(name, [])) - set(after.get(name, []))),
            sorted(set(after.get(name, [])) - set(before.get(name, []))),
        ]
        for name in sorted(tables)
    }


def files(alias, prefix=""):
    """{name: SHA-256} of a storage."""
    from django.core.files.storage import storages

    found = {}
    for name, _size, _modified in storages[alias].list_names(prefix):
        with storages[alias].open(name) as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def names(alias, prefix=""):
    from django.core.files.storage import storages

    return {name for name, _size, _modified in storages[alias].list_names(prefix)}


def destroy_database():
    """As where the server is new: no table is there."""
    from django.db import connection

    from pixlpix.backups import databases

    if connection.vendor == "sqlite":
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(connection.settings_dict["NAME"] + ending).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute(databases.CLEAR % {"seconds": 10})
    connection.close()


def destroy_storage(alias):
    """The folder, or the bucket itself, is gone."""
    from django.core.files.storage import storages

    storage = storages[alias]
    if not hasattr(storage, "bucket_name"):
        shutil.rmtree(storage.location, ignore_errors=True)
        return
    keys = [{"Key": name} for name, *_ in storage.list_names()]
    for start in range(0, len(keys), 1000):
        storage.client.delete_objects(Bucket=storage.bucket_name, Delete={"Objects": keys[start : start + 1000]})
    with suppress(Exception):
        storage.client.delete_bucket(Bucket=storage.bucket_name)


def backup(folder, **options):
    from django.core.management import call_command

    from pixlpix.backups.place import Place

    call_command("backup", to=str(folder), stdout=sys.stderr, **options)
    return Place(folder).names()[-1]


def restore(folder, **options):
    from django.core.management import call_command

    call_command("restore", str(folder), stdout=sys.stderr, **options)


def look(path):
    """The status that a visitor gets."""
    from django.test import Client

    return Client().get(path).status_code


def make_people_and_posts():
    """Something of everything: members, posts, a profile picture, an editorial picture, comments, acts of both sides."""
    from community.actions.add_comment import add_comment
    from community.actions.follow import follow
    from gallery.actions.take_down_post import take_down_post
    from gallery.actions.withdraw_post import withdraw_post
    from tests.factories import a_member, a_post, an_avatar
    from tests.killing import work

    ana, ben = a_member(), a_member()
    an_avatar(ana)
    posts = [a_post(ana, photos=2), a_post(ben), a_post(ana), a_post(ana)]
    work()
    follow(ben, ana)
    add_comment(posts[0], by=ben, text="What a light!")
    withdraw_post(posts[2], by=ana)
    take_down_post(posts[3], by=None, reason="spam")
    work()
    return ana, ben


# --- Scenarios --------------------------------------------------------------------------------------------------------


def disaster(folder):
    """Fill, back up, add more, back up, destroy database and vault, restore the latest."""
    from gallery.models import Original, PostPage
    from pixlpix import maintenance
    from tests.factories import a_post
    from tests.killing import work

    ana, _ben = make_people_and_posts()
    backup(folder)
    shown = a_post(ana, caption="Made after the first backup")
    work()
    latest = backup(folder)
    before, originals = rows(), files("vault", "originals/")
    ledger = names("vault", "ledger/")
    destroy_database()
    destroy_storage("vault")
    destroy_storage("media")
    restore(folder)
    result = {
        "latest": latest,
        "rows": sum(map(len, before.values())),
        "differ": differing(before, rows()),
        "originals": len(originals),
        "originals differ": sorted(originals.items() ^ files("vault", "originals/").items()),
        "originals without a file": sorted({o.name for o in Original.objects.all()} - names("vault", "originals/")),
        "ledger lost": sorted(ledger - names("vault", "ledger/")),
        "maintenance": maintenance.is_on(),
        "media before the worker": len(names("media")),
    }
    for _round in range(3):  # renditions, then what they lead to
        work()
    from gallery.sweep import sweep

    sweep(at_once=True)
    work()
    result["page"] = look(PostPage.objects.get(pk=shown.pk).address())
    result["public files differ"] = public_files_differ()
    return result


def public_files_differ():
    """Files that rows name and that are not there, and the other way round."""
    from gallery.models import Rendition

    named = set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))
    return sorted(named ^ names("media"))


def roll_back(folder):
    """Back to a snapshot of before much was taken out of reach, and much brought back."""
    from django.core.files.storage import storages

    from gallery.models import PostPage
    from tests.killing import work
    from tests.pixlpix.backups import brought_back, rolling_back

    world = rolling_back.prepare()
    more = brought_back.prepare(world.admin)
    work()
    open_before = {what: look(path) for what, path in world.paths().items()}
    public_before = rolling_back.public_names(world)
    sign_in_and_leave_work(world)
    snapshot, entered = backup(folder), names("vault", "ledger/")
    rolling_back.act(world)
    brought_back.act(more)
    work()
    late = PostPage.objects.get(caption="Made later")
    lost, late_files = rolling_back.public_of(world.limited), rolling_back.public_of(late)
    late_sha256 = late.photos.get().picture.original.sha256
    for name in lost:
        storages["media"].delete(name)
    kept = when_written(rolling_back.public_of(world.untouched))
    refused = refuses(folder, snapshot)
    restore(folder, snapshot=snapshot, yes=True)
    result = {
        "open before": open_before,
        "refused": refused,
        "acts": sorted(acts_of(names("vault", "ledger/") - entered)),
        "safety": facts_of_safety(folder, late_sha256),
        "answers": {what: look(path) for what, path in world.paths().items()},
        "left of then": left_of_then(),
        "made later": [look(f"/p/{late.short_id}/"), len(late_files), sorted(late_files & names("media"))],
        "files that came back": sorted(public_before & names("media")),
        "states": rolling_back.states(world),
        "brought back": brought_back.states(more),
        "erased originals in the vault": [name for name in world.erased_files if name in names("vault", "originals/")],
        "erased originals in the pool": [
            name for name in world.erased_files if (folder / "originals" / name.removeprefix("originals/")).exists()
        ],
        "public before the worker": sorted(rolling_back.shown_to_all(world)),
    }
    work()
    from gallery.sweep import sweep

    sweep(at_once=True)
    work()
    result["public files differ"] = public_files_differ()
    result["kept as they were"] = [len(kept), when_written(kept) == kept]
    result["made again"] = [bool(lost), bool(rolling_back.public_of(world.limited))]
    result["shown again"] = {
        "undone": look(world.paths()["undone"]),
        **{what: look(f"/p/{getattr(more, what).short_id}/") for what in brought_back.SHOWN_AGAIN},
    }
    result["files shown again"] = bool(rolling_back.public_of(world.undone))
    result["avatars"] = {what: brought_back.avatar_state(avatar) for what, avatar in more.avatars.items()}
    return result


def sign_in_and_leave_work(world):
    """Somebody is signed in, a mail is due, a task waits: all of the moment of a snapshot."""
    from django.test import Client
    from django.utils import timezone

    from community.models import Notification
    from gallery.tasks import process_photo

    Client().force_login(world.untouched.author)
    Notification.objects.update(mail_due_at=timezone.now())
    process_photo.enqueue(0)
    assert left_of_then()["sessions"] and left_of_then()["mails"] and "process_photo" in waiting_tasks()


def left_of_then():
    """What a restored site must not go on with: sessions, mails, and tasks but its own."""
    from django.contrib.sessions.models import Session

    from community.models import Notification

    mails = list(Notification.objects.filter(mail_due_at__isnull=False).values_list("kind", "details").order_by("pk"))
    return {"sessions": Session.objects.count(), "mails": mails, "tasks": waiting_tasks()}


def waiting_tasks():
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).values_list("task_path", flat=True)
    return sorted({path.rpartition(".")[2] for path in waiting})


def when_written(wanted):
    """{name: when it was last written} of these public files."""
    from django.core.files.storage import storages

    return {name: when for name, _size, when in storages["media"].list_names() if name in wanted}


def acts_of(entries):
    """The acts in these entries of the ledger."""
    from django.core.files.storage import storages

    found = set()
    for name in entries:
        with storages["vault"].open(name) as file:
            found.add(json.loads(file.read())["act"])
    return found


def facts_of_safety(folder, sha256):
    """[why the newest snapshot was made, whether it has an original that the roll-back loses]"""
    from pixlpix.backups import manifest
    from pixlpix.backups.place import Place

    made = manifest.read(Place(folder).folder_of("latest"))
    return [made.reason, sha256 in made.originals]


def refuses(folder, snapshot):
    from django.core.management import CommandError

    try:
        restore(folder, snapshot=snapshot)
    except CommandError as error:
        return str(error)
    return ""


SCENARIOS = {"disaster": disaster, "roll_back": roll_back}


def main(folder, scenario):
    import django

    django.setup()
    from django.conf import settings

    from tests.conftest import hash_quickly
    from tests.pixlpix.backups import drills, killed, read_only

    hash_quickly(settings)
    scenarios = {**SCENARIOS, **killed.SCENARIOS, **drills.SCENARIOS, **read_only.SCENARIOS}
    print(json.dumps(scenarios[scenario](Path(folder)), default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
