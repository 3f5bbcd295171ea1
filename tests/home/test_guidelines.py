"""The guidelines: a page of the staff's with a rule for each category, which a decision can lead to."""

import re

import pytest

from community.actions.suspend_member import suspend_member
from community.guidelines import ADDRESS, address_of_rule
from community.models.cases import Category
from home.models import EditorialPage
from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db


def test_there_is_a_rule_for_each_category_and_nothing_else_at_the_address_that_leads_to_it(client):
    html = client.get(ADDRESS).content.decode()
    assert [f"{ADDRESS}#{rule}" for rule in re.findall(r'id="(rule-\w+)"', html)] == [
        address_of_rule(category) for category in Category
    ]
    assert html.count("<h2>") == len(Category)


def test_what_is_no_category_leads_to_the_top():
    assert address_of_rule("") == address_of_rule("weather") == ADDRESS


def test_every_page_leads_there(client):
    assert f'href="{ADDRESS}"' in client.get("/about/").content.decode()


def test_a_suspended_member_can_read_the_rule_that_they_broke(client):
    ana = a_member("ana")
    suspend_member(ana, by=a_staff_member("Moderators"), reason="Spam")
    client.force_login(type(ana).objects.get(pk=ana.pk))
    assert client.get("/about/").status_code == 302
    assert client.get(ADDRESS).status_code == 200


def test_curators_change_them_as_any_page_of_theirs(client):
    client.force_login(a_staff_member("Curators"))
    page = EditorialPage.objects.get(slug="guidelines")
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
