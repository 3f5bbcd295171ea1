"""The whole stack, each thing that it stands on taken away in turn under light load: clear 503s or queued work, no post
lost, recovery without a restart. bench/outages.py does the same for ten seconds each, with figures."""

import time

import pytest
from django.db import connection, connections

from tests.factories import a_member, a_post
from tests.stack import SITE_SECRET, Load, Stack, copy_database, drop_database, session_of, wait_until_shown

pytestmark = [pytest.mark.s3, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AWAY = 2  # seconds for which each is taken away
LONGEST = 30  # seconds that any answer may take on a busy machine: none hangs


@pytest.fixture
def signed_in(settings):
    """(key of a member's session, address of a post): a world that the stack's own database is a copy of."""
    settings.SECRET_KEY = SITE_SECRET
    ana = a_member("ana")
    post = a_post(ana)
    return session_of(ana), post.address()


@pytest.fixture
def stack(s3_storages, signed_in, tmp_path):
    source = dict(connection.settings_dict)
    connections.close_all()
    database = copy_database(source)
    stack = None
    try:
        stack = Stack(tmp_path, database=database, endpoint=s3_storages.endpoint)
        stack.wait_for("ready", True)
        yield stack
    finally:
        if stack:
            stack.stop()
        drop_database(database)


def test_each_dependency_goes_and_comes_back(stack, signed_in):
    session, address = signed_in
    load = Load(stack, session, ["/", address, "/members/ana/"])
    try:
        for part in ("database", "cache", "storage"):
            before = len(load.promised)
            stack.doors[part].shut()
            stack.wait_for(part, "failed")
            time.sleep(AWAY)
            stack.doors[part].open()
            stack.wait_for("ready", True)
            while len(load.promised) == before:  # it takes posts again
                assert stack.all_live(), stack.words()
                time.sleep(0.1)
    finally:
        load.stop()
    assert stack.all_live()
    statuses = {status for status, _seconds in load.answers}
    assert {200, 302, 503} <= statuses <= {200, 302, 422, 503}, (statuses, stack.words())
    assert max(seconds for _status, seconds in load.answers) < LONGEST
    assert wait_until_shown(stack, load.promised) == []
