"""The numbers on the console's home page: each for who may see its list, leading to it, at a cost that does not grow."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community import operations
from community.actions.file_report import file_report
from community.admin import dashboard
from community.day_numbers import count_days
from community.models import Case, DayNumbers
from community.operations import Record
from tests.cases_world import a_report
from tests.factories import a_member, a_post, a_staff_member, an_original

pytestmark = pytest.mark.django_db


def home(client):
    return client.get("/admin/").content.decode()


def tiles(client):
    """{label: (number, address of its list or "")}"""
    found = re.findall(
        r'<h3>(?:<a href="([^"]*)">)?([^<]+)(?:</a>)?</h3>\s*<p class="number">([^<]*)</p>', home(client), re.S
    )
    return {label: (number, url) for url, label, number in found}


@pytest.fixture
def as_staff(client):
    def enter(group):
        client.force_login(a_staff_member(group))
        return client

    return enter


@pytest.fixture(autouse=True)
def no_records(monkeypatch):
    monkeypatch.setattr(operations, "_askers", [])


SEEN = {
    "Administrators": {
        "Open cases", "Oldest case", "New members", "Posts", "Storage used", "Failed tasks", "Last backup",
        "Last restore drill",
    },
    "Moderators": {"Open cases", "Oldest case", "New members", "Posts", "Storage used"},
    "Curators": set(),
}  # fmt: skip


@pytest.mark.parametrize("group", SEEN)
def test_each_number_is_for_who_may_see_its_list_and_leads_there(as_staff, group):
    client = as_staff(group)
    shown = tiles(client)
    assert set(shown) == SEEN[group]
    for label, (_number, url) in shown.items():
        assert url or label.startswith("Last"), label
        assert not url or client.get(url).status_code == 200, label


def test_open_cases_are_counted_with_the_age_of_the_oldest(as_staff):
    for _ in range(2):
        a_report(a_post())
    closed = a_report(a_post()).case
    Case.objects.filter(pk=closed.pk).update(closed_at=timezone.now(), opened_at=timezone.now() - timedelta(days=90))
    oldest = Case.objects.open().order_by("pk").first()
    Case.objects.filter(pk=oldest.pk).update(opened_at=timezone.now() - timedelta(days=3))
    shown = tiles(as_staff("Moderators"))
    assert shown["Open cases"][0] == "2"
    assert shown["Oldest case"][0] == "3\xa0days"


def test_cases_of_child_safety_count_for_administrators_alone(as_staff):
    case = a_report(a_post(), category="child_safety").case
    Case.objects.filter(pk=case.pk).update(opened_at=timezone.now() - timedelta(days=3))
    assert [tiles(as_staff("Moderators"))[label][0] for label in ("Open cases", "Oldest case")] == ["0", "none"]
    assert [tiles(as_staff("Administrators"))[label][0] for label in ("Open cases", "Oldest case")] == [
        "1",
        "3\xa0days",
    ]


def test_members_and_posts_of_the_last_week_and_storage_are_what_the_sweeper_counted(as_staff):
    client = as_staff("Administrators")
    today = timezone.now().date()
    DayNumbers.objects.create(day=today, members=2, posts=7, originals_bytes=3 * 1024**3, counted_at=timezone.now())
    DayNumbers.objects.create(day=today - timedelta(days=6), members=1, posts=1, counted_at=timezone.now())
    DayNumbers.objects.create(day=today - timedelta(days=7), members=50, posts=50, counted_at=timezone.now())
    shown = tiles(client)
    assert (shown["New members"][0], shown["Posts"][0]) == ("3", "8")
    assert shown["Storage used"][0] == "3.0\xa0GB"


def test_a_chart_is_drawn_bars_and_says_in_words_what_it_shows(as_staff):
    client = as_staff("Moderators")
    DayNumbers.objects.create(day=timezone.now().date(), members=4, counted_at=timezone.now())
    html = home(client)
    assert 'aria-label="New members: 4 in the last 30 days, at most 4 on one day."' in html
    drawn = re.search(r'<svg viewBox="0 0 238 40".*?</svg>', html[html.index("New members: 4") - 200 :], re.S)[0]
    assert drawn.count("<rect") == 1 and 'height="40"' in drawn and "style=" not in drawn


def failed_task(path="gallery.tasks.process_photo", hours=1):
    return DBTaskResult.objects.create(
        status="FAILED", task_path=path, finished_at=timezone.now() - timedelta(hours=hours), args_kwargs={"args": ["secret"]},
        run_after=timezone.now(), backend_name="default", exception_class_path="builtins.OSError", traceback="secret",
    )  # fmt: skip


def test_failed_tasks_are_counted_and_listed_without_what_they_were_about(as_staff):
    failed_task("gallery.tasks.older", hours=2), failed_task("gallery.tasks.newer")
    client = as_staff("Administrators")
    number, url = tiles(client)["Failed tasks"]
    html = client.get(url).content.decode()
    assert number == "2" and html.index("gallery.tasks.newer") < html.index("gallery.tasks.older")
    assert "OSError" in html and "secret" not in html


@pytest.mark.parametrize("group", ["Moderators", "Curators"])
def test_failed_tasks_are_for_administrators(as_staff, group):
    assert as_staff(group).get("/admin/failed-tasks/").status_code in (302, 403)


def test_the_list_of_failed_tasks_goes_on_page_by_page(as_staff, monkeypatch):
    monkeypatch.setattr("community.admin.failed_tasks.PAGE", 2)
    for number in range(3):
        failed_task(f"gallery.tasks.t{number}", hours=number)
    client = as_staff("Administrators")
    html = client.get("/admin/failed-tasks/").content.decode()
    following = re.search(r'href="(/admin/failed-tasks/\?after=[^"]*)"', html)[1]
    assert "t2" not in html and "gallery.tasks.t2" in client.get(following).content.decode()


# --- Backups and restore drills ---------------------------------------------------------------------------------------


def test_what_was_never_done_is_said_to_be_so(as_staff):
    shown = tiles(as_staff("Administrators"))
    assert shown["Last backup"] == shown["Last restore drill"] == ("none yet", "")


def test_what_was_done_says_when_and_leads_to_its_list(as_staff):
    operations.use(
        ["backup"], lambda: {"backup": Record(timezone.now() - timedelta(hours=5), url="/admin/failed-tasks/")}
    )
    assert tiles(as_staff("Administrators"))["Last backup"] == ("5\xa0hours ago", "/admin/failed-tasks/")


def test_what_failed_is_alarming(as_staff):
    operations.use(["restore drill"], lambda: {"restore drill": Record(timezone.now(), went_well=False)})
    html = home(as_staff("Administrators"))
    assert "It failed." in html and html.count('class="alarming"') == 2  # no backup yet, and this


def test_there_are_no_other_kinds_of_records():
    with pytest.raises(ValueError, match="no such kind"):
        operations.use(["weather"], dict)


# --- What it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["Administrators", "Moderators"])
def test_the_numbers_cost_the_same_however_much_there_is_and_count_no_whole_table(as_staff, group):
    client = as_staff(group)
    original = an_original()

    def cost():
        count_days()
        home(client)
        with CaptureQueriesContext(connection) as captured:
            home(client)
        ours = [q["sql"] for q in captured.captured_queries if "COUNT(" in q["sql"]]
        assert not [
            sql for sql in ours if "LIMIT 1001" not in sql and re.search("gallery_|community_|django_tasks", sql)
        ]
        return len(captured)

    def more(count):
        for _ in range(count):
            file_report("post", a_post(original=original), category="spam", text="", reporter=a_member())
            failed_task()

    more(1)
    few = cost()
    more(5)
    assert cost() == few


def test_counting_stops_at_a_thousand(as_staff, monkeypatch):
    monkeypatch.setattr(dashboard, "MOST", 2)
    for _ in range(4):
        failed_task()
    assert tiles(as_staff("Administrators"))["Failed tasks"][0] == "2+"


@pytest.mark.parametrize("index", ["open_cases_oldest", "tasks_failed_newest"])
def test_the_indexes_that_the_numbers_walk_are_there(index):
    with connection.cursor() as cursor:
        tables = {
            name
            for table in ("community_case", "django_tasks_database_dbtaskresult")
            for name in connection.introspection.get_constraints(cursor, table)
        }
    assert index in tables
