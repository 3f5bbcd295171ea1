"""Following: public accounts at once, private ones by request; the numbers, who is told, and who may not."""

import pytest
from django.core.exceptions import PermissionDenied

from community.actions.answer_request import accept_request, decline_request
from community.actions.block import block
from community.actions.follow import follow, unfollow
from community.actions.remove_follower import remove_follower
from community.actions.suspend_member import suspend_member
from community.models import Follow, Notification
from tests.factories import a_member, a_staff_member
from tests.people_world import a_follower, a_private_member, numbers, signed_in, told

pytestmark = pytest.mark.django_db


def test_a_public_member_is_followed_at_once_and_told():
    ana, milo = a_member("ana"), a_member("milo")
    assert follow(milo, ana).accepted_at
    assert (numbers(ana), numbers(milo)) == ((1, 0), (0, 1))
    assert told(ana) == [("follow", "milo")]


def test_following_twice_is_following_once():
    ana, milo = a_member("ana"), a_member("milo")
    assert follow(milo, ana).pk == follow(milo, ana).pk
    assert numbers(ana) == (1, 0)
    assert told(ana) == [("follow", "milo")]


def test_unfollowing_takes_numbers_and_the_unread_news_back():
    ana, milo = a_member("ana"), a_member("milo")
    follow(milo, ana)
    assert unfollow(milo, ana) and not unfollow(milo, ana)
    assert (numbers(ana), numbers(milo), told(ana)) == ((0, 0), (0, 0), [])


def test_a_private_member_is_asked_first_and_counts_nobody_until_they_accept():
    ana, milo = a_private_member("ana"), a_member("milo")
    assert follow(milo, ana).accepted_at is None
    assert (numbers(ana), told(ana)) == ((0, 0), [("request", "milo")])
    assert accept_request(ana, milo) and not accept_request(ana, milo)
    assert (numbers(ana), numbers(milo)) == ((1, 0), (0, 1))
    assert (told(ana), told(milo)) == ([], [("accepted", "ana")])


def test_a_declined_request_is_gone_and_tells_nobody():
    ana, milo = a_private_member("ana"), a_member("milo")
    follow(milo, ana)
    assert decline_request(ana, milo) and not decline_request(ana, milo)
    assert not Follow.objects.exists()
    assert (told(ana), told(milo), numbers(ana)) == ([], [], (0, 0))


def test_declining_does_not_end_a_follow():
    ana = a_private_member("ana")
    milo = a_follower(ana, "milo")
    assert not decline_request(ana, milo)
    assert numbers(ana) == (1, 0)


def test_a_request_is_taken_back():
    ana, milo = a_private_member("ana"), a_member("milo")
    follow(milo, ana)
    unfollow(milo, ana)
    assert (Follow.objects.count(), told(ana), numbers(milo)) == (0, [], (0, 0))


def test_a_follower_is_removed_and_not_told():
    ana = a_member("ana")
    milo = a_follower(ana, "milo")
    assert remove_follower(ana, milo) and not remove_follower(ana, milo)
    assert (numbers(ana), numbers(milo), told(milo)) == ((0, 0), (0, 0), [])


@pytest.mark.parametrize("why", ["unverified", "oneself", "blocked by", "blocks", "suspended"])
def test_who_cannot_see_somebody_or_is_not_verified_cannot_follow(why):
    ana, milo = a_member("ana"), a_member("milo", verified=why != "unverified")
    if why == "blocked by":
        block(ana, milo)
    if why == "blocks":
        block(milo, ana)
    if why == "suspended":
        suspend_member(ana, by=a_staff_member("Moderators"), reason="Spam")
    with pytest.raises(PermissionDenied):
        follow(milo, milo if why == "oneself" else ana)
    assert not Follow.objects.exists()


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_button_follows_and_stops_without_scripts():
    a_member("ana")
    milo = signed_in(a_member("milo"))
    assert "Follow" in milo.get("/members/ana/").content.decode()
    assert milo.post("/members/ana/follow/").url == "/members/ana/"
    page = milo.get("/members/ana/").content.decode()
    assert "/members/ana/unfollow/" in page and "<strong>1</strong> follower<" in page
    milo.post("/members/ana/unfollow/")
    assert "/members/ana/follow/" in milo.get("/members/ana/").content.decode()


def test_for_htmx_the_button_answers_the_part_that_changed():
    a_private_member("ana")
    milo = signed_in(a_member("milo"))
    part = milo.post("/members/ana/follow/", headers={"HX-Request": "true", "HX-Target": "profile"}).content.decode()
    assert 'id="profile"' in part and "Requested" in part and "<html" not in part
    button = milo.post("/members/ana/unfollow/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="follow-ana"' in button and 'id="profile"' not in button


def test_looking_at_an_address_that_acts_does_nothing_and_leads_to_the_member(client):
    a_member("ana")
    client.force_login(a_member("milo"))
    for act in ("follow", "unfollow", "mute", "unmute", "unblock", "remove-follower"):
        assert client.get(f"/members/ana/{act}/").url == "/members/ana/"
    assert not Follow.objects.exists()


def test_visitor_who_wants_to_follow_signs_in_first(client):
    a_member("ana")
    assert "/accounts/login/?next=/members/ana/" in client.get("/members/ana/").content.decode()
    assert client.post("/members/ana/follow/").url.startswith("/accounts/login/")


def test_the_way_back_leads_nowhere_else():
    a_member("ana")
    milo = signed_in(a_member("milo"))
    assert milo.post("/members/ana/follow/", {"next": "/members/"}).url == "/members/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:1"):
        assert milo.post("/members/ana/follow/", {"next": elsewhere}).url == "/members/ana/"


def test_following_is_limited(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "follow": "2/m/user"}
    milo = signed_in(a_member("milo"))
    names = [a_member().username for _ in range(3)]
    assert [milo.post(f"/members/{name}/follow/").status_code for name in names] == [302, 302, 429]
    assert Follow.objects.count() == 2


def test_lists_of_people_go_on_by_cursor_and_leave_blocked_and_suspended_people_out(monkeypatch):
    monkeypatch.setattr("community.views.people.PEOPLE_A_PAGE", 2)
    ana = a_member("ana")
    names = [a_follower(ana).username for _ in range(3)]
    blocked, suspended, milo = a_follower(ana, "blocked"), a_follower(ana, "gone"), a_member("milo")
    block(blocked, milo)
    suspend_member(suspended, by=a_staff_member("Moderators"), reason="Spam")
    client = signed_in(milo)
    first = client.get("/members/ana/followers/")
    assert [person.username for person in first.context["people"]] == names[:0:-1]
    second = client.get(first.context["next_url"], headers={"HX-Request": "true"})
    assert [person.username for person in second.context["people"]] == names[:1]
    assert second.context["next_url"] == "" and "<html" not in second.content.decode()
    assert client.get("/members/ana/followers/?after=mangled").status_code == 200


def test_whom_a_member_follows_is_listed_with_how_the_viewer_follows_them():
    ana, milo, zoe = a_member("ana"), a_member("milo"), a_private_member("zoe")
    for other in (milo, zoe):
        follow(ana, other)
    accept_request(zoe, ana)
    follow(milo, zoe)
    people = signed_in(milo).get("/members/ana/following/").context["people"]
    assert [(person.username, person.state) for person in people] == [("zoe", "requested"), ("milo", "")]


@pytest.mark.parametrize("who", ["visitor", "member", "own"])
def test_a_list_of_thirty_people_costs_few_queries(client, django_assert_max_num_queries, who):
    ana = a_member("ana")
    for _ in range(12):
        follow(a_member(), ana)
    if who != "visitor":
        client.force_login(ana if who == "own" else a_member("milo"))
    with django_assert_max_num_queries(8 if who == "visitor" else 12):
        assert len(client.get("/members/ana/followers/").context["people"]) == 12


def test_requests_are_answered_on_their_page():
    ana, milo, zoe = a_private_member("ana"), a_member("milo"), a_member("zoe")
    follow(milo, ana), follow(zoe, ana)
    client = signed_in(ana)
    assert "/settings/requests/" in client.get("/members/ana/").content.decode()
    assert [person.username for person in client.get("/settings/requests/").context["people"]] == ["zoe", "milo"]
    client.post("/settings/requests/zoe/decline/"), client.post("/settings/requests/milo/accept/")
    assert numbers(ana) == (1, 0)
    assert client.get("/settings/requests/").context["people"] == []
    assert client.post("/settings/requests/nobody/accept/").status_code == 404


def test_read_news_stays_when_a_follow_ends():
    ana, milo = a_member("ana"), a_member("milo")
    follow(milo, ana)
    Notification.objects.update(read_at="2026-01-01T00:00Z")
    unfollow(milo, ana)
    assert Notification.objects.count() == 1
