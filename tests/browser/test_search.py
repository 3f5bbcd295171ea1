"""Finding people while typing, by keyboard alone, and without scripts."""

import re

import pytest

from tests.factories import a_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_is_found_while_typing_and_reached_by_keyboard(a_person):
    a_member("ana", name="Ana Duarte")
    a_member("anabel")
    milo = a_person()
    milo.go("/")
    page = milo.page
    field = page.get_by_role("combobox")
    # Letter by letter: a list that came for the first one would close the one that is chosen from.
    milo.ask(field.press, "a")
    milo.ask(field.press, "n")
    options = page.get_by_role("option")
    options.nth(1).wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert [re.search(r"@\w+", text)[0] for text in options.all_inner_texts()] == ["@ana", "@anabel"]
    field.press("ArrowDown")
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    field.press("Escape")
    assert (field.get_attribute("aria-expanded"), field.input_value()) == ("false", "an")
    field.press("ArrowDown")
    with page.expect_navigation():
        field.press("Enter")
    assert page.url.endswith("/members/ana/")
    assert milo.complaints == []


def test_without_scripts_the_field_searches(a_person):
    a_member("ana")
    person = a_person(java_script_enabled=False)
    person.go("/")
    person.page.get_by_role("searchbox").fill("@an")
    with person.page.expect_navigation():
        person.page.get_by_role("searchbox").press("Enter")
    assert person.page.get_by_role("main").get_by_text("@ana", exact=True).is_visible()
