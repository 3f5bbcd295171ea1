"""The worker with the sweeper beside it."""

import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community.models import Device
from gallery.models import LedgerEntry, Photo, PostPage
from pixlpix import maintenance
from pixlpix.management.commands import run_worker
from tests.factories import a_member, a_post

pytestmark = [pytest.mark.django_db, pytest.mark.queued]


@pytest.fixture(autouse=True)
def _connections_stay_open(monkeypatch):
    """The test's own transaction is on this connection."""
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


def work():
    call_command("run_worker", batch=True, interval=0, startup_delay=False, no_sweep=True, queue_name="*", verbosity=0)


def test_worker_processes_what_is_queued(monkeypatch):
    monkeypatch.setattr(run_worker.db_worker.Command, "configure_logging", lambda self, verbosity: None)
    post = a_post()
    assert not PostPage.objects.visible().exists()
    work()
    assert PostPage.objects.visible().get() == post


def test_task_whose_worker_was_killed_is_done_after_its_deadline(monkeypatch):
    """The queue leaves such a task "running" for ever; the photo's own row says that it is overdue."""
    monkeypatch.setattr(run_worker.db_worker.Command, "configure_logging", lambda self, verbosity: None)
    post = a_post()
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    work()
    assert not PostPage.objects.visible().exists()
    Photo.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    run_worker.one_round()
    work()
    assert PostPage.objects.visible().get() == post


def test_what_was_in_hand_when_the_database_went_away_is_done_once_it_is_back(monkeypatch):
    """Also what no sweeper would find: at once, by the same worker."""
    monkeypatch.setattr(run_worker.db_worker.Command, "configure_logging", lambda self, verbosity: None)
    monkeypatch.setattr(run_worker, "PATIENCE", 0)
    monkeypatch.setattr(run_worker.connections, "close_all", lambda: None)
    post, real, went = a_post(), DBTaskResult.set_successful, []

    def away_once(self, value):
        went.append(self.pk)
        if len(went) == 1:
            raise OperationalError("gone")
        return real(self, value)

    monkeypatch.setattr(DBTaskResult, "set_successful", away_once)
    monkeypatch.setattr(DBTaskResult, "set_failed", lambda self, error: away_for_good())
    work()
    assert went[0] == went[1]
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()
    assert PostPage.objects.visible().get() == post


def away_for_good():
    raise OperationalError("gone")


def test_what_others_have_in_hand_is_left_to_them_and_what_never_ends_well_is_left():
    a_post()
    mine, others, hopeless = "mine", ["mine", "another"], ["mine"] * run_worker.MOST_CLAIMS
    for workers, count in ((others, 0), (hopeless, 0), ([mine], DBTaskResult.objects.count())):
        DBTaskResult.objects.update(status="RUNNING", worker_ids=workers)
        assert run_worker.take_up_again(mine) == count


def test_no_task_is_taken_while_maintenance_is_on(monkeypatch):
    """A restore replaces the database meanwhile."""
    monkeypatch.setattr(run_worker.db_worker.Command, "configure_logging", lambda self, verbosity: None)
    a_post()
    maintenance.turn_on("a test")
    waited = []

    def sleep(seconds):
        waited.append(PostPage.objects.visible().exists())
        maintenance.turn_off()

    monkeypatch.setattr(run_worker.time, "sleep", sleep)
    work()
    assert waited == [False]
    assert PostPage.objects.visible().exists()


def test_nothing_is_swept_while_maintenance_is_on(monkeypatch):
    maintenance.turn_on("a test")
    monkeypatch.setattr(run_worker, "sweep", lambda: pytest.fail("swept"))
    run_worker.one_round()


def test_hour_and_day_come_once(monkeypatch):
    runs = []
    monkeypatch.setattr(run_worker, "reconcile", lambda **options: runs.append(options))
    for _ in range(3):
        run_worker.one_round()
    assert runs == [{"vault_too": False}, {}]


def test_round_that_fails_is_logged_and_ends_nothing(monkeypatch, caplog):
    def broken():
        raise RuntimeError("a defect")

    monkeypatch.setattr(run_worker, "sweep", broken)
    run_worker.one_round()
    assert "a defect" in caplog.text


def test_sweeping_goes_on_until_it_is_stopped(monkeypatch):
    rounds, stop = [], threading.Event()
    monkeypatch.setattr(run_worker, "EVERY_MINUTE", 0.001)
    monkeypatch.setattr(run_worker, "one_round", lambda: (rounds.append(1), len(rounds) == 3 and stop.set()))
    run_worker.keep_sweeping(stop)
    assert len(rounds) == 3


def test_tasks_that_run_for_a_day_are_marked_failed_so_that_they_are_pruned():
    a_post()
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - timedelta(hours=25))
    DBTaskResult.objects.filter(pk=DBTaskResult.objects.first().pk).update(started_at=timezone.now())
    count = DBTaskResult.objects.count()
    assert run_worker.forget_killed_tasks() == count - 1
    assert DBTaskResult.objects.failed().count() == count - 1


def test_a_day_prunes_old_results(monkeypatch):
    a_post()
    long_ago = timezone.now() - timedelta(days=8)
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=long_ago)
    LedgerEntry.objects.create(name="ledger/1", body={})
    run_worker.one_round()
    assert not DBTaskResult.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_a_day_ends_sessions_that_are_over_and_forgets_their_devices(client):
    client.force_login(a_member())
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    run_worker.one_round()
    assert not Session.objects.exists() and not Device.objects.exists()
