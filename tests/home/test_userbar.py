"""Wagtail's userbar on the site: what staff are offered there about a post, and that others get nothing of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from gallery.actions.take_down_post import take_down_post
from home.actions.pick_post import pick_post
from home.models import HomePage
from tests.factories import a_member, a_post, a_staff_member, an_original
from tests.people_world import signed_in

pytestmark = pytest.mark.django_db
# What only the bar has, of a post: {an entry: what leads there}.
ENTRIES = {
    "pick": '<button type="submit" role="menuitem">',
    "console": 'href="/admin/posts/{0}/" target="_parent"',
    "cases": 'href="/admin/cases/?q={0}" target="_parent"',
    "take down": 'href="/admin/posts/{0}/take-down/" target="_parent"',
}


def bar_of(user, path):
    """The bar on the page, as HTML: nothing where there is none."""
    return signed_in(user).get(path).content.decode().partition('<template id="wagtail-userbar-template">')[2]


def entries(user, post):
    bar = bar_of(user, post.address())
    return {name for name, mark in ENTRIES.items() if mark.format(post.short_id) in bar}


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        ("Administrators", {"pick", "console", "cases", "take down"}),
        ("Moderators", {"console", "cases", "take down"}),
        ("Curators", {"pick"}),
    ],
)
def test_staff_are_offered_what_they_may_do_about_a_post(group, wanted):
    staff, post = a_staff_member(group), a_post()
    bar = bar_of(staff, post.address())
    assert entries(staff, post) == wanted
    assert 'href="/admin/"' in bar and "/admin/pages/" not in bar


def test_of_ones_own_post_and_of_one_that_is_down_nobody_is_offered_to_take_it_down():
    mona = a_staff_member("Moderators", "mona")
    post = a_post(original=an_original())
    assert "take down" not in entries(mona, a_post(mona))
    take_down_post(post, by=mona, reason="No")
    assert entries(mona, post) == {"console", "cases"}


def test_what_is_picked_is_offered_its_end_and_what_cannot_be_picked_nothing():
    cora, post = a_staff_member("Curators", "cora"), a_post()
    assert '<input type="hidden" name="do" value="pick">' in bar_of(cora, post.address())
    pick_post(post, by=cora)
    assert '<input type="hidden" name="do" value="end">' in bar_of(cora, post.address())
    limited = a_post()
    type(limited).objects.filter(pk=limited.pk).update(limited=True)
    assert "pick" not in entries(cora, limited)


def test_on_their_own_pages_it_leads_curators_to_the_editor():
    home = HomePage.objects.get()
    assert f"/admin/pages/{home.pk}/edit/" in bar_of(a_staff_member("Curators"), "/")
    assert f"/admin/pages/{home.pk}/edit/" not in bar_of(a_staff_member("Moderators"), "/")
    assert bar_of(a_staff_member("Administrators"), "/explore/") == "", "there is nothing to do"


def test_a_caption_writes_nothing_into_it():
    post = a_post(caption="</template><script>alert(1)</script>")
    page = signed_in(a_staff_member("Administrators")).get(post.address()).content.decode()
    assert "<script>alert" not in page and escape("<script>alert(1)") in page


@pytest.mark.parametrize("path", [None, "/", "/guidelines/"])
def test_nobody_else_gets_a_byte_of_it_or_a_query_also_after_staff_have_looked(path, monkeypatch):
    post, member = a_post(), a_member("milo")
    path = path or post.address()
    for client in (staffs := signed_in(a_staff_member("Administrators"))), signed_in(member), Client():
        client.get(path)
    assert "wagtail-userbar" in staffs.get(path).content.decode()
    asked = {}
    for with_bar in (True, False):
        if not with_bar:
            monkeypatch.setattr("home.templatetags.curation.userbar_of", lambda *about: 1 / 0)
        for name, client in (("milo", signed_in(member)), ("visitor", Client())):
            with CaptureQueriesContext(connection) as queries:
                page = client.get(path).content.decode()
            assert "userbar" not in page and "wagtailadmin" not in page
            asked.setdefault(name, set()).add(len(queries))
    assert {len(counts) for counts in asked.values()} == {1}
