"""Whoever owns the site is mailed about trouble: once a kind and hour, with how much it is, and when it is over."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community import operations
from community.mailing import Mailer
from community.models import Receipt
from gallery.models import LedgerEntry, Purge
from gallery.tasks import purge_cdn
from pixlpix.management.commands import run_worker
from pixlpix.watching import alerts
from pixlpix.watching.models import Alert
from pixlpix.watching.troubles import TROUBLES
from tests.factories import a_staff_member

pytestmark = [pytest.mark.django_db, pytest.mark.queued]
OWNER = "owner@pixlpix.example"


@pytest.fixture(autouse=True)
def _owner(settings, monkeypatch):
    settings.ALERT_EMAILS = [OWNER]
    monkeypatch.setattr(operations, "_askers", [])


def now(**ago):
    return timezone.now() - timedelta(**ago)


def record(monkeypatch, kind, **fields):
    found = {kind: operations.Record(**fields)} if fields else {}
    monkeypatch.setattr(operations, "_askers", [({kind}, lambda: found)])


def failed_backup(monkeypatch):
    record(monkeypatch, "backup", at=now(hours=1), went_well=False)


def old_backup(monkeypatch):
    record(monkeypatch, "backup", at=now(hours=27))


def no_backup(monkeypatch):
    record(monkeypatch, "backup")


def old_drill(monkeypatch):
    record(monkeypatch, "restore drill", at=now(days=9))


def stuck_purge(monkeypatch):
    Purge.objects.create(path="a" * 22 + "/", files_gone_at=now(), attempts=8)


def files_that_stay(monkeypatch):
    purge = Purge.objects.create(path="b" * 22 + "/")
    Purge.objects.filter(pk=purge.pk).update(created_at=now(hours=2))


def reachable(monkeypatch):
    Receipt.objects.create(about="abc", state=Receipt.State.REACHABLE)


def waiting_ledger(monkeypatch):
    LedgerEntry.objects.create(name="ledger/1", body={})


def failed_task(monkeypatch, **ago):
    purge_cdn.enqueue()
    DBTaskResult.objects.update(
        status="FAILED", finished_at=now(**(ago or {"minutes": 5})), started_at=now(hours=1), exception_class_path="E"
    )


def late_task(monkeypatch):
    purge_cdn.enqueue()
    DBTaskResult.objects.update(enqueued_at=now(minutes=31))


def failed_mail(monkeypatch, times=1):
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        with Mailer() as mailer:
            for _time in range(times):
                mailer.send(EmailMessage("Hello", "ana@example.org", to=["ana@example.org"]))


def refuse(self, messages):
    raise OSError("no answer")


@pytest.mark.parametrize(
    ("kind", "cause", "says"),
    [
        ("backups", failed_backup, "failed"),
        ("backups", old_backup, "day"),
        ("backups", no_backup, "no backup"),
        ("drills", old_drill, "old"),
        ("purges", stuck_purge, "1 folder"),
        ("purges", files_that_stay, "1 folder"),
        ("receipts", reachable, "reachable"),
        ("ledger", waiting_ledger, "1 entry"),
        ("tasks", failed_task, "gallery.tasks.purge_cdn"),
        ("queue", late_task, "0:31"),
        ("mails", failed_mail, "did not take"),
    ],
)
def test_trouble_is_mailed_with_what_it_is_and_where_it_stands_what_to_do(monkeypatch, settings, kind, cause, says):
    cause(monkeypatch)
    assert alerts.look() == 1
    [message] = mail.outbox
    assert message.to == [OWNER] and str(TROUBLES[kind].title) in message.subject
    assert says in message.body and "ana@" not in message.body
    runbook = (settings.BASE_DIR / "docs/runbooks/alerts.md").read_text()
    assert f'section "{TROUBLES[kind].section}"' in message.body.replace("&quot;", '"')
    assert f"## {TROUBLES[kind].section.replace('-', ' ')}\n" in runbook.lower()


def test_where_all_is_well_nobody_is_told_of_anything(monkeypatch):
    record(monkeypatch, "backup", at=now(hours=2))
    failed_task(monkeypatch, hours=2)  # told of at its time
    assert alerts.look() == 0 and not Alert.objects.exists()


def test_a_site_whose_owner_nobody_named_looks_for_nothing(monkeypatch, settings, django_assert_num_queries):
    failed_backup(monkeypatch)
    settings.ALERT_EMAILS = []
    with django_assert_num_queries(0):
        assert alerts.look() == 0


def test_the_same_trouble_is_mailed_once_an_hour_with_how_much_it_is_by_then(monkeypatch):
    stuck_purge(monkeypatch)
    assert [alerts.look() for _minute in range(3)] == [1, 0, 0]
    Purge.objects.create(path="c" * 22 + "/", files_gone_at=now(), attempts=8)
    Alert.objects.update(mailed_at=now(minutes=61))
    assert alerts.look() == 1
    assert "2 folders" in mail.outbox[-1].body


def test_mails_that_fail_by_the_dozen_make_one_alert_and_no_second_without_a_new_one(monkeypatch):
    failed_mail(monkeypatch, times=30)
    assert alerts.look() == 1 and "30 times" in mail.outbox[-1].body
    Alert.objects.update(mailed_at=now(minutes=61))
    assert alerts.look() == 0
    failed_mail(monkeypatch)
    assert alerts.look() == 1 and "1 time " in mail.outbox[-1].body


def test_kinds_do_not_wait_for_each_other(monkeypatch):
    stuck_purge(monkeypatch)
    alerts.look()
    reachable(monkeypatch)
    assert alerts.look() == 1


def test_that_it_is_over_is_mailed_once(monkeypatch):
    stuck_purge(monkeypatch)
    alerts.look()
    Purge.objects.all().delete()
    assert [alerts.look(), alerts.look()] == [1, 0]
    assert "over" in mail.outbox[-1].subject and not Alert.objects.exists()


def test_one_kind_that_cannot_be_looked_for_hides_no_other(monkeypatch, caplog):
    monkeypatch.setitem(TROUBLES, "backups", TROUBLES["tasks"].__class__("x", lambda: 1 / 0, "x"))
    stuck_purge(monkeypatch)
    assert alerts.look() == 1
    assert "backups could not be looked after" in caplog.text


class TestMailItselfFails:
    def test_log_and_console_say_so_and_it_is_tried_again_in_ten_minutes(self, monkeypatch, caplog, client):
        stuck_purge(monkeypatch)
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
            assert alerts.look() == 0
        assert [record for record in caplog.records if record.levelname == "CRITICAL" and "1 folder" in record.message]
        client.force_login(a_staff_member("Administrators"))
        page = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "1 folder" in page and "Nobody could be told of it by mail" in page
        Alert.objects.filter(kind="purges").update(mailed_at=now(minutes=61))
        assert alerts.look() >= 1
        assert not Alert.objects.get(kind="purges").is_untold

    def test_that_it_is_over_is_not_mailed_to_who_never_heard_of_it(self, monkeypatch):
        stuck_purge(monkeypatch)
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
            alerts.look()
        Purge.objects.all().delete()
        Alert.objects.filter(kind="mails").delete()
        assert alerts.look() == 0 and not mail.outbox


class TestConsole:
    @pytest.mark.parametrize(("group", "sees"), [("Administrators", True), ("Moderators", False), ("Curators", False)])
    def test_who_runs_the_site_sees_what_is_wrong(self, monkeypatch, client, group, sees):
        stuck_purge(monkeypatch)
        alerts.look()
        client.force_login(a_staff_member(group))
        assert ("1 folder" in client.get(reverse("wagtailadmin_home")).content.decode()) is sees


def test_the_worker_looks_every_minute_also_where_sweeping_fails(monkeypatch):
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(run_worker, "sweep", lambda: 1 / 0)
    monkeypatch.setattr(run_worker, "due", lambda *args: False)
    stuck_purge(monkeypatch)
    run_worker.one_round()
    assert len(mail.outbox) == 1
