"""Every page of the settings: for its member alone, and cheap; the lists of people on them go on by keyset."""

import pytest

from community.actions.block import block
from community.actions.follow import follow
from community.actions.mute import mute
from community.actions.suspend_member import suspend_member
from community.models import Follow
from tests.factories import a_member
from tests.people_world import a_private_member, numbers, signed_in

pytestmark = pytest.mark.django_db

PAGES = "deleted devices export galleries hashtags leave notifications picture privacy requests username words"
ADDRESSES = ["/settings/", *(f"/settings/{name}/" for name in PAGES.split())]


def test_visitors_are_led_to_sign_in_from_every_page_of_the_settings(client):
    for url in ADDRESSES:
        for answer in (client.get(url), client.post(url)):
            assert answer.url == f"/accounts/login/?next={url}", url


def test_every_page_of_the_settings_is_kept_by_no_cache_and_costs_12_queries(django_assert_max_num_queries):
    client = signed_in(a_private_member("ana"))
    for url in ADDRESSES:
        with django_assert_max_num_queries(12):
            answer = client.get(url)
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"], url


def pages_of(client, key, cursor):
    """The usernames in one list of people on the privacy page, page after page."""
    url, pages = "/settings/privacy/", []
    while url is not None:
        found = client.get(url).context[key]
        pages.append([person.username for person in found["people"]])
        url = f"/settings/privacy/{found['next_url']}" if found["next_url"] else None
        assert url is None or url.startswith(f"/settings/privacy/?{cursor}=")
    return pages


def test_blocked_and_muted_people_stand_on_the_privacy_page_each_list_with_pages_of_its_own(monkeypatch):
    monkeypatch.setattr("community.views.privacy.PEOPLE_A_PAGE", 2)
    ana, people = a_member("ana"), [a_member(name) for name in ("bea", "cleo", "dora", "eva")]
    for person in people[:3]:
        block(ana, person)
    for person in people[1:]:
        mute(ana, person)
    suspend_member(people[0], by=None, reason="Spam")  # can be let go all the same
    client = signed_in(ana)
    assert pages_of(client, "blocked", "blocked") == [["dora", "cleo"], ["bea"]]
    assert pages_of(client, "muted", "muted") == [["eva", "dora"], ["cleo"]]
    other = signed_in(people[3]).get("/settings/privacy/").context
    assert (other["blocked"]["people"], other["muted"]["people"]) == ([], [])


def test_requests_go_on_by_keyset_without_people_out_of_reach_and_are_answered_by_post_alone(monkeypatch):
    monkeypatch.setattr("community.views.privacy.PEOPLE_A_PAGE", 2)
    ana, people = a_private_member("ana"), [a_member(name) for name in ("bea", "cleo", "dora", "eva")]
    for person in people:
        follow(person, ana)
    suspend_member(people[1], by=None, reason="Spam")
    client = signed_in(ana)
    first = client.get("/settings/requests/").context
    second = client.get("/settings/requests/", {"after": first["next"]}).context
    pages = [[person.username for person in context["people"]] for context in (first, second)]
    assert (pages, second["next"]) == ([["eva", "dora"], ["bea"]], "")
    client.get("/settings/requests/eva/accept/"), client.get("/settings/requests/eva/decline/")
    # Nor does anybody else answer them.
    assert signed_in(people[0]).post("/settings/requests/eva/accept/").status_code == 404
    assert (numbers(ana), Follow.objects.count()) == ((0, 0), 4)
