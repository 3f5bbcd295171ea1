"""The search index follows the posts' rows, whatever happens to them, to their table, and to the way texts are cut."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection, models
from django.db.models.signals import post_migrate

from gallery.models import PostPage
from search.actions.rebuild_search import rebuild_search
from search.backends import engine_of
from tests.factories import a_member

from .world import a_listed_post, captions

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


def search_warnings():
    return [
        found.id for found in run_checks(databases=["default"], tags=["database"]) if found.id.startswith("search.")
    ]


def make_table_anew():
    """What a migration of gallery does on SQLite for most changes of a field."""
    field = PostPage._meta.get_field("team_reason")
    changed = models.TextField(null=True)
    changed.set_attributes_from_name("team_reason")
    changed.model = PostPage
    connection.disable_constraint_checking()
    with connection.schema_editor(atomic=False) as editor:
        editor.alter_field(PostPage, field, changed)
    with connection.schema_editor(atomic=False) as editor:
        editor.alter_field(PostPage, changed, field)


class TestTableMadeAnew:
    """SQLite's schema editor makes a table anew to change it, and drops the table's triggers without a word."""

    @pytest.mark.sqlite
    @pytest.mark.django_db(transaction=True)
    def test_triggers_are_put_back_after_migrate_and_what_was_missed_is_found(self):
        ana = a_member("ana")
        a_listed_post(ana, "sea before")
        make_table_anew()
        assert engine_of().missing(), "the remake drops the triggers: else this test shows nothing"
        a_listed_post(ana, "sea between")
        assert captions("between") == []
        post_migrate.send(
            sender=search_config(), app_config=search_config(), verbosity=0, interactive=False, using="default"
        )
        a_listed_post(ana, "sea after")
        assert set(captions("sea")) == {"sea before", "sea between", "sea after"}

    @pytest.mark.sqlite
    @pytest.mark.django_db(transaction=True)
    def test_a_check_names_missing_triggers_until_they_are_back(self):
        make_table_anew()
        assert search_warnings() == ["search.W001"]
        call_command("rebuild_search", stdout=StringIO())
        assert search_warnings() == []


def search_config():
    from django.apps import apps

    return apps.get_app_config("search")


class TestInstalling:
    def test_a_migrated_database_misses_nothing(self):
        assert engine_of().missing() == []
        assert search_warnings() == []

    def test_it_can_be_removed_and_installed_again(self, ana):
        a_listed_post(ana, "sea")
        connection.check_constraints()  # PostgreSQL changes no table while checks are waiting for the commit
        engine_of().remove()
        assert search_warnings() == ["search.W001"]
        engine_of().install()
        assert search_warnings() == []
        a_listed_post(ana, "sea again")
        assert captions("sea") == ["sea again", "sea"]

    def test_installing_twice_changes_nothing(self, ana):
        a_listed_post(ana, "sea")
        engine_of().install()
        assert captions("sea") == ["sea"]

    def test_rows_that_are_saved_without_new_tokens_stay_found(self, ana):
        post = a_listed_post(ana, "sea")
        post.save()
        PostPage.objects.filter(pk=post.pk).update(tokens="sea")
        assert captions("sea") == ["sea"]

    def test_a_bulk_update_of_tokens_is_followed(self, ana):
        post = a_listed_post(ana, "sea")
        PostPage.objects.filter(pk=post.pk).update(tokens="sky")
        assert (captions("sea"), captions("sky")) == ([], ["sea"])


class TestRebuilding:
    def test_tokens_cut_in_an_older_way_are_cut_anew(self, ana):
        post = a_listed_post(ana, "Été")
        PostPage.objects.filter(pk=post.pk).update(tokens="été")
        assert captions("été") == []
        assert rebuild_search() == 1
        assert captions("été") == ["Été"]

    def test_it_reaches_every_post_chunk_by_chunk(self, ana, monkeypatch):
        monkeypatch.setattr("search.actions.rebuild_search.CHUNK", 2)
        for number in range(5):
            a_listed_post(ana, f"sea {number}")
        PostPage.objects.update(tokens="")
        assert rebuild_search() == 5
        assert len(captions("sea")) == 5

    def test_the_command_says_how_many_posts_changed(self, ana):
        a_listed_post(ana, "sea")
        PostPage.objects.update(tokens="")
        out = StringIO()
        call_command("rebuild_search", stdout=out)
        assert "1 post" in out.getvalue()
