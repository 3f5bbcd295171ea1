"""SIGKILL at random points of a backup and of a restore, and the same command again: the same end, every time."""

import os
import random
import shutil
import signal
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

SEED = 7  # of the points: a failure can be played again


@contextmanager
def events(at=None):
    """Count everything that changes a file or the database, before and after it; die at number `at`. Gives the counter."""
    from django.core.files.storage import storages
    from django.db import connections

    from pixlpix.backups import databases
    from pixlpix.backups.place import Place

    counted = [0]

    def counting(real):
        def step(*args, **kwargs):
            tick()
            answer = real(*args, **kwargs)
            tick()
            return answer

        def tick():
            if counted[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
            counted[0] += 1

        return step

    vault, media = type(storages["vault"]), type(storages["media"])
    targets = [(Place, "write"), (Path, "rename"), (Path, "unlink"), (Path, "mkdir"), (databases, "load")]
    targets += [
        (vault, "_save"),
        (vault, "_remove"),
        (media, "_remove_below"),
        (type(connections["default"]), "_commit"),
    ]
    with ExitStack() as patches:
        for owner, name in targets:
            patches.enter_context(mock.patch.object(owner, name, counting(getattr(owner, name))))
        yield counted


def killed_at(number, work):
    """Do `work()` in a child that dies at event `number`; True when it did."""
    from django.db import connection

    connection.close()
    child = os.fork()
    if child == 0:
        own_connections()
        try:
            with events(number):
                work()
        except BaseException as error:
            print(f"at {number}: {error!r}", file=sys.stderr)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def own_connections():
    """A child must not speak through its parent's sockets, in the middle of a sentence of which it may die."""
    from django.core.files.storage import storages

    for alias in ("vault", "media"):
        if hasattr(storages[alias], "_connections"):
            vars(storages[alias]._connections).clear()


def some_points(total, count):
    """So many of the `total` events, by chance, the same in each run."""
    return sorted(random.Random(SEED).sample(range(total), count))


class Saved:
    """Database, vault and media host as they are now, to be put back."""

    def __init__(self, folder):
        from django.core.files.storage import storages
        from django.db import connection

        self.database = CopiedFile(folder) if connection.vendor == "sqlite" else Template()
        self.files = {}
        for alias in ("vault", "media"):
            for name, *_ in storages[alias].list_names():
                with storages[alias].open(name) as file:
                    self.files[alias, name] = file.read()

    def put_back(self):
        from django.core.files.base import ContentFile
        from django.core.files.storage import storages

        self.database.put_back()
        for alias in ("vault", "media"):
            for name, *_ in list(storages[alias].list_names()):
                if (alias, name) not in self.files:
                    storages[alias]._remove(name)
            there = {name for name, *_ in storages[alias].list_names()}
            for (where, name), content in self.files.items():
                if where == alias and (name not in there or name == "maintenance.json"):
                    storages[alias].save(name, ContentFile(content))


class CopiedFile:
    def __init__(self, folder):
        from pixlpix.backups import databases

        self.dump = folder / "saved"
        with databases.frozen(self.dump):
            pass

    def put_back(self):
        from pixlpix.backups import databases

        databases.load(self.dump)

    def drop(self):
        """Nothing: it goes with its folder."""


class Template:
    """PostgreSQL copies a database in a tenth of the time that it takes to make one from a dump."""

    def __init__(self):
        from django.db import connection

        self.name = connection.settings_dict["NAME"]
        self.drop()
        self.copy(self.name, self.saved)

    @property
    def saved(self):
        return f"{self.name}_saved"

    def put_back(self):
        self.copy(self.saved, self.name)

    def copy(self, source, target):
        self.run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)', f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def drop(self):
        self.run(f'DROP DATABASE IF EXISTS "{self.saved}" WITH (FORCE)')

    def run(self, *statements):
        from django.db import connection

        connection.close()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def backups(folder):
    """Killed at ten points of a second backup, and run again."""
    from pixlpix.backups import manifest
    from pixlpix.backups.place import Place
    from tests.factories import a_post
    from tests.killing import work

    from .world import backup, make_people_and_posts

    ana, _ben = make_people_and_posts()
    backup(folder)
    a_post(ana, photos=3)
    work()
    template = folder.with_name("template")
    shutil.copytree(folder, template)
    with events() as counted:
        backup(folder)
    results = {}
    for point in some_points(counted[0], 10):
        shutil.rmtree(folder)
        shutil.copytree(template, folder)
        died = killed_at(point, lambda: backup(folder))
        half = [name for name in Place(folder).names() if verified(folder, name)]
        name = backup(folder)
        made = manifest.read(Place(folder).folder_of(name))
        facts = [len(made.originals), made.rows["gallery_photo"], made.missing, made.gone]
        results[point] = {"died": died, "half a snapshot": half, "facts": facts, "problems": verified(folder)}
    return results


def verified(folder, name=None):
    from pixlpix.backups.place import Place
    from pixlpix.backups.verifying import Verification

    place = Place(folder)
    verification = Verification(place)
    verification.snapshot(place.folder_of(name)) if name else verification.everything()
    return verification.problems


def restores(folder):
    """Killed at some points of a restore over newer data, of which much is to stay hidden, and run again."""
    from tests.killing import work

    from . import rolling_back
    from .world import backup, files, restore, rows

    world = rolling_back.prepare()
    work()
    snapshot = backup(folder)
    rolling_back.act(world)
    work()
    saved = Saved(folder.parent)
    template = folder.with_name("template")
    shutil.copytree(folder, template)

    def roll_back():
        restore(folder, snapshot=snapshot, yes=True)

    def end():
        found = {f"rows of {what}": len(table) for what, table in rows().items()}
        found |= {"public files": sorted(files("media")), "shown": sorted(rolling_back.shown_to_all(world))}
        return found | rolling_back.states(world)

    with events() as counted:
        roll_back()
    expected = end()
    results = {}
    for point in some_points(counted[0], 10):
        saved.put_back()
        shutil.rmtree(folder)
        shutil.copytree(template, folder)
        died, left_open = killed_at(point, roll_back), is_open_half_done(folder)
        roll_back()
        results[point] = {"died": died, "same end": differences(expected, end()), "problems": verified(folder)}
        results[point]["left open"] = left_open
    saved.database.drop()
    return results


def is_open_half_done(folder):
    """Whether visitors get pages of a site on which the first step of a restore is done, and not all."""
    from pixlpix import maintenance
    from pixlpix.backups.place import Place
    from pixlpix.backups.restoring import STEPS, read_state

    from .world import look

    maintenance.forget()
    done = (read_state(Place(folder)) or {"done": []})["done"]
    return 0 < len(done) < len(STEPS) and look("/explore/") != 503


def differences(expected, found):
    """{what: [as it should be, as it is]}"""
    return {what: [one, found.get(what)] for what, one in expected.items() if found.get(what) != one}


SCENARIOS = {"killed_backups": backups, "killed_restores": restores}
