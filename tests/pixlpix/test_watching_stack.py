"""The whole stack under light load, each thing that it stands on taken away for ten seconds in turn: clear 503s or queued
work, no post lost, recovery without a restart. With `-s` it prints the figures of docs/watching.md."""

import shutil
import time
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection, connections

from tests.factories import a_member, a_post
from tests.light_load import Load, session_of
from tests.stack import SITE_SECRET, Stack, copy_database, drop_database

pytestmark = [pytest.mark.s3, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AWAY = 10  # seconds
# What is answered with 503 while each is away, of what light_load.py asks for; all else goes on.
REFUSED = {
    "storage": {"share"},
    "database": {"page", "signed in", "limited", "share"},
    "cache": {"limited"},
    "worker": set(),  # nothing: work waits in the queue
}


@dataclass
class Outage:
    """One part's, by the clock of this process."""

    part: str
    began: float
    noticed: float  # by /readyz
    ended: float
    ready: float  # again, by /readyz
    answers: list

    def refused(self):
        """Kinds of questions that were answered with 503."""
        return {answer.kind for answer in self.answers if answer.status == 503}

    def answered_again(self):
        """When the first of each of these was answered again after it was back."""
        good = [answer for answer in self.answers if answer.began > self.ended and answer.status != 503]
        return max((min(a.ended for a in good if a.kind == kind) for kind in self.refused()), default=self.ended)

    def last_refused(self):
        return max((answer.began for answer in self.answers if answer.status == 503), default=self.ended)


@pytest.fixture
def world(settings):
    """(key of a member's session, address of a post): a world that the stack's own database is a copy of."""
    settings.SECRET_KEY = SITE_SECRET
    ana = a_member("ana")
    return session_of(ana), a_post(ana).address()


@pytest.fixture
def stack(s3_storages, world, tmp_path):
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server here")
    source = dict(connection.settings_dict)
    connections.close_all()
    database = copy_database(source)
    stack = Stack(tmp_path, database=database, endpoint=s3_storages.endpoint)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
        drop_database(database)


@pytest.fixture
def load(stack, world):
    session, address = world
    with Load(stack, session, ["/", address, "/members/ana/"]) as load:
        stack.wait_until(lambda: load.shown)
        yield load


def rehearse(stack, load, part):
    """Take one part away for AWAY seconds, with a post waiting for the worker, and wait until all is as before."""
    worker = stack.parts["worker"]
    worker.take_away()
    stack.wait_until(load.waiting)
    began = noticed = time.monotonic()
    if part != "worker":
        stack.parts[part].take_away()
        worker.give_back()
        noticed += stack.wait_until(lambda: stack.readiness().get(part) == "failed")
    time.sleep(max(0, began + AWAY - time.monotonic()))
    ended, posts = time.monotonic(), len(load.promised)
    stack.parts[part].give_back()
    ready = ended + stack.wait_until(lambda: stack.readiness().get("ready"))
    # The first may have waited through the outage; the others are taken as before.
    stack.wait_until(
        lambda: len(load.promised) >= posts + 2 and not set(list(load.promised)[: posts + 1]) - set(load.shown)
    )
    return Outage(part, began, noticed, ended, ready, load.since(began))


def figures(load, outages):
    """What was seen, for who reads along; `load` is over."""
    for one in outages:
        counted = sorted(Counter((answer.kind, answer.status) for answer in one.answers).items())
        taken = [address for address, at in load.promised.items() if one.began - 5 <= at <= one.ended]
        shown = max((load.promised[address] + load.shown[address] - one.ended for address in taken), default=0)
        yield f"{one.part}: " + ", ".join(f"{kind} {status}: {number}" for (kind, status), number in counted)
        yield (
            f"  /readyz says so after {one.noticed - one.began:.1f} s. Given back: /readyz after "
            f"{one.ready - one.ended:.1f} s, what was refused after {one.answered_again() - one.ended:.1f} s, and all "
            f"{len(taken)} posts that were taken in the 5 s before or meanwhile are shown after {max(shown, 0):.1f} s."
        )
    yield f"{len(load.promised)} posts were taken, and all are shown."


def test_whatever_goes_away_for_ten_seconds_no_post_is_lost_and_nothing_is_restarted(stack, load):
    processes = stack.processes()
    outages = [rehearse(stack, load, part) for part in ("storage", "database", "cache", "worker")]
    load.over.set()
    stack.wait_until(lambda: not load.waiting() and not load.threads[1].is_alive())
    print("", *figures(load, outages), sep="\n")

    assert stack.processes() == processes and len(processes) == 4, stack.words()
    for answer in load.answers:
        assert answer.status in (200, 302, 503), (answer, stack.words())
        assert answer.status != 503 or "does not answer" in answer.text
    for outage in outages:
        assert outage.refused() == REFUSED[outage.part]
        assert outage.last_refused() < outage.ready, "after it was ready again nothing was refused"
    # Whoever reads the log finds one line for each, which says what was away.
    told = {}
    for line in stack.lines():
        if line["logger"] != "pixlpix.slow" and (line.get("status") == 503 or "with 503" in line["message"]):
            told.setdefault(line["request"], []).append(line.get("away"))
    for outage in outages:
        refused = {answer.request for answer in outage.answers if answer.status == 503}
        assert all(told[request] == [outage.part] for request in refused)
