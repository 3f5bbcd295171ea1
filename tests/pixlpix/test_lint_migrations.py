"""A migration that would break the version that still runs beside it is found by `make lint`."""

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from scripts.lint_migrations import APPS, LISTED, lint, listed

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(scope="module")
def ours():
    """Every migration of ours: (app, name)."""
    return {key for key in MigrationLoader(None).disk_migrations if key[0] in APPS}


@pytest.fixture
def one_new(ours, monkeypatch):
    """Have one migration that nothing leaves out, with this SQL; returns how many are wrong then."""

    def linted(sql):
        monkeypatch.setattr(MigrationLinter, "get_sql", lambda self, app, name: [sql])
        return lint(ours - {("search", "0002_open_search")}, "postgresql")

    return linted


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE gallery_photo DROP COLUMN position;",
        "ALTER TABLE gallery_photo RENAME COLUMN position TO place;",
        "ALTER TABLE gallery_photo RENAME TO gallery_picture;",
        "ALTER TABLE gallery_photo ADD COLUMN stars integer NOT NULL;",
        "DROP TABLE gallery_photo;",
    ],
)
def test_what_old_code_would_stumble_over_is_wrong(one_new, sql, capsys):
    assert one_new(sql) == 1
    assert "(search, 0002_open_search)... ERR" in capsys.readouterr().out


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE gallery_photo ADD COLUMN stars integer NULL;",
        "CREATE TABLE gallery_star (id bigint NOT NULL PRIMARY KEY);",
    ],
)
def test_what_only_adds_is_fine(one_new, sql):
    assert one_new(sql) == 0


def test_a_migration_is_left_out_with_a_reason_alone():
    assert listed("search/0001_a  # nobody reads it") == {("search", "0001_a"): "nobody reads it"}
    assert listed("# Before\nsearch/0001_a\nhome/0001_b") == {
        ("search", "0001_a"): "Before",
        ("home", "0001_b"): "Before",
    }
    with pytest.raises(ValueError, match="Not a migration with a reason"):
        listed("# Before\nsearch/0001_a\n\nhome/0001_b")


def test_what_is_left_out_is_there(ours):
    assert set(listed(LISTED.read_text(encoding="utf-8"))) <= ours


def test_both_the_developer_and_ci_are_told():
    assert "scripts/lint_migrations.py" in (settings.BASE_DIR / "Makefile").read_text(encoding="utf-8")
    assert "make --no-print-directory lint" in (settings.BASE_DIR / ".ci" / "run").read_text(encoding="utf-8")
