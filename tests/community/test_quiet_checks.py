"""Public forms tell people from machines quietly: no cookie, no puzzle, nothing in the way of who uses a screen reader."""

import pytest
from django.core import mail
from django.test import Client

from community.models import User
from community.quiet_checks import LEAST, MOST, shown_now, was_read
from tests.community.joining import asking, join
from tests.factories import a_member
from tests.pages import Page

pytestmark = pytest.mark.django_db

FORMS = ["/accounts/signup/", "/accounts/password/reset/", "/copyright/notice/"]
MACHINES = {
    "fills in what nobody sees": lambda: {"website": "https://buy.example/"},
    "sends it at once": lambda: {"shown": shown_now()},
    "sends it a day later": lambda: {"shown": shown_now(ago=2 * 24 * 60 * 60)},
    "makes up when it was shown": lambda: {"shown": "1:abc:def"},
    "sends nothing of it": lambda: {"shown": ""},
}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_is_asked_once_more_and_nothing_is_done(client, machine):
    member = a_member("milo")
    page = join(client, **MACHINES[machine]())
    assert "send it once more" in page.content.decode() and not User.objects.filter(username="ana").exists()
    page = client.post("/accounts/password/reset/", {**asking(member.email), **MACHINES[machine]()})
    assert "send it once more" in page.content.decode() and mail.outbox == []


def test_a_person_is_let_through(client):
    join(client)
    assert User.objects.filter(username="ana").exists() and len(mail.outbox) == 1


def test_a_person_who_was_asked_sends_it_once_more_with_all_that_they_typed(client):
    first = join(client, website="filled in by a browser")
    fields = {a.get("name"): a.get("value", "") for tag, a in Page(first.content.decode()).elements if tag == "input"}
    assert (fields["name"], fields["website"]) == ("Ana Duarte", "")
    assert was_read(fields["shown"], least=0)


@pytest.mark.parametrize("url", FORMS)
def test_nobody_sees_the_trap_and_no_cookie_is_needed(url):
    visitor = Client()
    page = Page(visitor.get(url).content.decode())
    [trap] = [a for tag, a in page.elements if tag == "input" and a.get("name") == "website"]
    assert trap["tabindex"] == "-1" and trap["autocomplete"] == "off"
    within = [a for tag, a in page.elements if tag == "div" and "hidden" in a]
    assert within, "hidden from the screen, from screen readers and from what fills in forms"
    assert set(visitor.cookies) <= {"csrftoken"}


def test_signing_in_has_none_so_that_password_managers_can_send_it_at_once(client):
    names = {
        a.get("name") for tag, a in Page(client.get("/accounts/login/").content.decode()).elements if tag == "input"
    }
    assert {"login", "password"} <= names and not names & {"website", "shown"}


@pytest.mark.parametrize(("ago", "read"), [(LEAST - 1, False), (LEAST, True), (MOST - 9, True), (MOST + 9, False)])
def test_a_form_is_read_in_a_few_seconds_at_least_and_within_a_day(ago, read):
    assert was_read(shown_now(ago=ago)) is read
