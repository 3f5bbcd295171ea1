"""No page asks anybody but the site and its media host for anything, and none does what the site's own policy forbids.

A real browser tells both: it sends the requests, and complains in its console of what the policy stopped. The pages are
those of test_every_page and of test_accessible_console, which fail when an address is in none of their lists.
"""

import pytest
from django.urls import reverse

from home.models import EditorialPage, HomePage
from tests.browser.test_accessible_console import console_pages
from tests.factories import a_staff_member
from tests.pixlpix.test_every_page import World, pages_of

pytestmark = pytest.mark.django_db(transaction=True)

FORBIDDEN = ("Content Security Policy", "Content-Security-Policy", "Permissions-Policy", "Refused to")


def visit(person, urls):
    """{address: what the browser said against it} of all `urls`; what was asked elsewhere is in `person.elsewhere`."""
    found = {}
    for url in urls:
        person.complaints.clear()
        person.go(url)
        person.page.wait_for_load_state("load")
        if said := [words for words in person.complaints if any(part in words for part in FORBIDDEN)]:
            found[url] = said
    return found


@pytest.mark.parametrize("name", ["visitor", "milo", "ana"])
def test_public_pages_ask_nobody_else_and_keep_to_their_policy(a_person, name):
    world = World()
    who = getattr(world, name, None)
    person = a_person().signed_in_as(who) if who else a_person()
    urls = [url for visitor, url in pages_of(world) if visitor == who and not url.startswith("/dev/")]
    assert len(urls) > 25
    assert visit(person, urls) == {}
    assert person.elsewhere == []


def test_the_console_asks_nobody_else_and_keeps_to_its_policy(a_person):
    world = World()
    person = a_person().signed_in_as(a_staff_member("Administrators", "adm"))
    home = HomePage.objects.first()
    urls = [reverse(name, args=args) for name, args in console_pages(world).items()]
    urls += [
        "/admin/",
        "/admin/account/",
        "/admin/images/",
        "/admin/images/multiple/add/",
        reverse("wagtailadmin_explore", args=[home.pk]),
        reverse("wagtailadmin_pages:edit", args=[home.pk]),
        reverse("wagtailadmin_pages:add", args=["home", EditorialPage._meta.model_name, home.pk]),
        reverse("wagtailadmin_pages:history", args=[home.pk]),
        reverse("wagtailadmin_reports:site_history"),
    ]
    assert visit(person, urls) == {}
    assert person.elsewhere == []


def test_a_request_elsewhere_and_a_script_in_the_page_would_be_noticed(a_person):
    """That the two checks above can fail at all."""
    person = a_person()
    person.page.route("**/policy/", lambda route: route.continue_())
    person.go("/policy/")
    person.page.evaluate("fetch('https://elsewhere.example/').catch(() => 0)")
    person.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    person.until(lambda: len(person.complaints) >= 2)
    assert all("Content Security Policy" in words for words in person.complaints)


def test_a_field_for_dates_has_its_calendar(a_person):
    """Wagtail's own templates start it by a script within the page; ours do without."""
    World()
    person = a_person().signed_in_as(a_staff_member("Administrators", "adm"))
    person.go(reverse("wagtailadmin_reports:site_history"))
    assert person.page.locator(".xdsoft_datetimepicker").count() == person.page.locator("[name^=timestamp]").count() > 0
