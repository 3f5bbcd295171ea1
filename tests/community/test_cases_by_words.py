"""Cases are found by what was reported and by what the post says now, among all of them; what was erased is not found."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from community.cases import find_cases
from community.models import Case
from community.reporting import open_review
from gallery.actions.edit_post import edit_post
from gallery.actions.erase_by_order import erase_by_order
from gallery.tokens import Holds
from tests.cases_world import a_case, a_comment_on
from tests.factories import a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


def found(query):
    return sorted(find_cases(query, Case.objects.all()).values_list("key", flat=True))


def test_a_case_is_found_by_its_caption_then_and_now():
    case = a_case(a_post(caption="A horrid thing"))
    a_case(a_post(caption="Elsewhere"))
    edit_post(case.post, by=case.member, caption="A sweet thing")
    assert found("horrid") == found("SWEET") == found("thing, sweet horrid") == [case.key]
    edit_post(case.post, by=case.member, caption="A plain thing")
    assert found("horrid") == found("plain") == [case.key]
    assert found("sweet") == []  # neither then nor now


@pytest.mark.parametrize("query", ["pier", "fog pier", "sunset", "#sunset", "Straße", "strasse"])
def test_a_case_is_found_by_words_as_search_cuts_them(query):
    case = a_case(a_post(caption="Straße #sunset", alt_text="A pier in fog"))
    assert found(query) == [case.key]


@pytest.mark.parametrize("query", ["pie", "ear", "pier sunrise", "!", "%", "_"])
def test_parts_of_words_and_what_is_no_word_find_nothing(query):
    a_case(a_post(caption="Near the pier"))
    assert found(query) == []


def test_comments_and_profiles_are_found_by_their_words():
    remark = a_case(a_comment_on(a_post(), text="You utter fool"))
    profile = a_case(a_member(name="Ostrich Keeper"))
    assert found("utter fool") == [remark.key] and found("ostrich") == [profile.key]


def test_a_case_that_our_own_check_opened_is_found_too():
    case = open_review(a_post(caption="A lighthouse"))
    assert found("lighthouse") == [case.key]


def test_a_closed_case_is_found_however_many_came_after_it(monkeypatch):
    old = a_case(a_post(caption="A very old lighthouse"))
    newer = a_case(a_post(caption="Others"))
    Case.objects.filter(pk=old.pk).update(closed_at=newer.opened_at)
    plain = {
        field.attname: getattr(newer, field.attname) for field in Case._meta.concrete_fields if field.attname != "id"
    }
    Case.objects.bulk_create(Case(**plain | {"key": f"c{number}", "about": f"a{number}"}) for number in range(2_100))
    assert found("lighthouse") == [old.key]


def test_what_is_erased_by_order_is_found_no_more():
    case = a_case(a_post(caption="A lighthouse"))
    erase_by_order(case.post, by=a_staff_member("Administrators"), reason="A court's order.")
    assert Case.objects.get(pk=case.pk).tokens == "" and found("lighthouse") == []


def test_the_migration_fills_the_cases_that_there_are(monkeypatch):
    migration = importlib.import_module("community.migrations.0026_case_tokens")
    monkeypatch.setattr(migration, "CHUNK", 2)
    cases = [a_case(a_post(caption="A lighthouse")) for _number in range(5)]
    edit_post(cases[0].post, by=cases[0].member, caption="A harbour")
    gone = a_case(a_post(caption="A lighthouse"))
    Case.objects.filter(pk=gone.pk).update(post=None)
    kept = dict(Case.objects.values_list("key", "tokens"))
    Case.objects.update(tokens="")
    migration.fill(apps, None)
    assert dict(Case.objects.values_list("key", "tokens")) == kept and all(kept.values())


@pytest.mark.postgres
def test_words_are_found_along_their_index():
    a_case(a_post(caption="A lighthouse"))
    query, values = Case.objects.filter(Holds("tokens", ["lighthouse"])).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + query, values)
        assert "cases_by_words" in "\n".join(row[0] for row in cursor.fetchall())
