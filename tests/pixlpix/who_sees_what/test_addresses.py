"""That the table names every address of the site, and the addresses that are about nobody's posts but one's own."""

from types import SimpleNamespace

import pytest
from django.urls import get_resolver, path, resolve, reverse

from pixlpix.api.operations import api
from tests.visiting import body_of

from . import table
from .walking import names_of, plain, tell
from .world import STATES

pytestmark = pytest.mark.django_db
KNOWN = {
    plain(name)
    for part in (
        [
            "OF_A_POST",
            "OF_ITS_AUTHOR",
            "ACTS_ON_A_POST",
            "LISTS",
            "OF_A_GALLERY",
            "NO_POSTS",
            "DOORS",
            "ONES_OWN",
            "SKIPPED",
        ]
    )
    for name in getattr(table, part)
}


def not_in_table(resolver):
    return set(names_of(resolver)) - KNOWN


def test_every_address_is_in_the_table():
    assert not_in_table(get_resolver()) == set()
    new = SimpleNamespace(url_patterns=[path("new/", print, name="new"), path("p/<str:short_id>/nameless/", print)])
    assert not_in_table(new) == {"new", "p/<str:short_id>/nameless/"}


def test_every_operation_of_the_api_is_in_the_table():
    for template in api.get_openapi_schema()["paths"]:
        assert f"api:{resolve(template.replace('{', '').replace('}', '')).url_name}" in KNOWN, template


def test_the_table_names_nothing_that_is_not_there():
    assert KNOWN - set(names_of(get_resolver())) <= {"media/<path:path>"}  # where files lie in a bucket


def test_nothing_else_shows_a_post_of_others(world):
    wrong = []
    for name, args in {**table.NO_POSTS, **table.DOORS, **table.ONES_OWN}.items():
        for who in "VFXL":
            response = world.clients[who].get(reverse(name, args=args))
            body = body_of(response)
            assert response.status_code < 500, (name, who)
            assert b"ana@example.org" not in body, (name, who)
            if name in table.ONES_OWN and who in "VL" and response.status_code == 200:
                wrong.append((name, "any", who, "gets something"))
            wrong += [(name, state, who, "reads its caption") for state in STATES if world.mark(state).encode() in body]
    assert tell(wrong) == []


def test_a_gallerys_settings_are_its_owners_alone(world):
    for name in table.OF_A_GALLERY:
        told = {who: world.clients[who].get(reverse(name, args=["iceland"])).status_code for who in "VSFTA"}
        assert told == {"V": 302, "S": 404, "F": 404, "T": 404, "A": told["A"]} and told["A"] in (200, 405), name
