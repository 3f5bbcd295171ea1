"""The rule of explore, as docs/explore.md says it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community import explore
from community.actions.suspend_member import suspend_member
from community.models import ExplorePlace, Like, MemberCounts, Mute
from community.sweep import sweep_people
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from tests.factories import a_member, a_staff_member
from tests.search.world import a_listed_post

pytestmark = pytest.mark.django_db


def liked(post, *members, days_ago=0):
    """`members` like `post`, some days ago; returns the post."""
    for member in members:
        like = Like.objects.create(user=member, post=post)
        Like.objects.filter(pk=like.pk).update(created_at=timezone.now() - timedelta(days=days_ago, minutes=1))
    return post


def people(number):
    return [a_member() for _ in range(number)]


def with_followers(member, number):
    MemberCounts.objects.update_or_create(pk=member.pk, defaults={"followers": number})
    return member


def make_edition(monkeypatch, seconds_later=0):
    """A new edition, made so much later than the time is."""
    now = explore.time.time() + seconds_later
    with monkeypatch.context() as patched:
        patched.setattr(explore.time, "time", lambda: now)
        return explore.renew_explore()


def shown(viewer=None, cursor=""):
    """The captions of one page."""
    return [post.caption for post in explore.explore_page(viewer or AnonymousUser(), cursor)[0]]


def test_more_likes_of_late_stand_before_fewer_and_both_before_what_nobody_liked(monkeypatch):
    fans = people(3)
    liked(a_listed_post(a_member(), "two"), *fans[:2])
    liked(a_listed_post(a_member(), "three"), *fans)
    a_listed_post(a_member(), "new")
    make_edition(monkeypatch)
    assert shown() == ["three", "two", "new"]


def test_a_like_weighs_less_each_day_and_nothing_after_a_week(monkeypatch):
    fans = people(3)
    liked(a_listed_post(a_member(), "six days ago"), *fans, days_ago=6)
    liked(a_listed_post(a_member(), "today"), fans[0])
    liked(a_listed_post(a_member(), "eight days ago"), *fans, days_ago=8)
    make_edition(monkeypatch)
    assert shown() == ["today", "six days ago", "eight days ago"]


def test_the_same_likes_weigh_more_for_an_author_whom_few_follow(monkeypatch):
    fans = people(4)
    liked(a_listed_post(with_followers(a_member(), 5_000), "well known"), *fans)
    liked(a_listed_post(a_member(), "unknown"), fans[0])
    make_edition(monkeypatch)
    assert shown() == ["unknown", "well known"]


def test_ones_own_likes_and_those_of_suspended_people_do_not_count(monkeypatch):
    ana, fan, bad = people(3)
    liked(a_listed_post(ana, "by herself"), ana)
    liked(a_listed_post(a_member(), "by somebody"), fan)
    liked(a_listed_post(a_member(), "by a suspended"), bad)
    suspend_member(bad, by=a_staff_member("Moderators"), reason="A rehearsal")
    make_edition(monkeypatch)
    assert shown()[0] == "by somebody"


def test_one_admirer_cannot_carry_everything_of_one_author():
    scores = explore.scores([(post, "author", "fan", 0) for post in range(5)])
    assert sorted(scores) == [0, 1, 2]


def test_an_author_stands_once_on_a_page_and_every_third_place_is_a_small_accounts():
    big = [(f"b{n}", f"big {n % 40}", False) for n in range(80)]
    small = [(f"s{n}", f"small {n}", True) for n in range(12)]
    places = explore.arrange(big + small)
    first, second = places[:30], places[30:60]
    assert [pk for place, pk in enumerate(first, 1) if place % 3 == 0] == [f"s{n}" for n in range(10)]
    assert first[:2] + first[3:5] == ["b0", "b1", "b2", "b3"]
    authors = {pk: author for pk, author, _small in big + small}
    for page in (first, second):
        assert len({authors[pk] for pk in page}) == len(page) == 30
    assert sorted(places) == sorted(authors)


def test_only_what_everybody_may_be_shown_stands_there(monkeypatch):
    fan, shy = people(2)
    type(shy).objects.filter(pk=shy.pk).update(featurable=False)
    liked(a_listed_post(shy, "opted out"), fan)
    liked(a_listed_post(a_member(), "only a link", effective_visibility=Visibility.UNLISTED), fan)
    liked(a_listed_post(a_member(), "followers", effective_visibility=Visibility.FOLLOWERS), fan)
    liked(a_listed_post(a_member(), "long ago", published_at=timezone.now() - timedelta(days=31)), fan)
    make_edition(monkeypatch)
    assert shown() == ["long ago"]  # as one of the newest, not as one that is liked


def test_what_is_hidden_or_muted_after_an_edition_was_made_is_gone_at_once(monkeypatch):
    ana, bea, cem, milo = people(4)
    posts = [a_listed_post(author, author.username) for author in (ana, bea, cem)]
    make_edition(monkeypatch)
    withdraw_post(posts[0], by=ana)
    PostPage.objects.filter(pk=posts[1].pk).update(effective_visibility=Visibility.FOLLOWERS)
    assert shown() == [cem.username]
    Mute.objects.create(muter=milo, muted=cem)
    assert shown(milo) == []


def test_who_reads_on_stays_in_the_edition_that_they_began_with(monkeypatch):
    monkeypatch.setattr(explore, "POSTS_A_PAGE", 2)
    for n in range(3):
        a_listed_post(a_member(), f"{n}")
    make_edition(monkeypatch)
    first, _edition = explore.explore_page(AnonymousUser())
    a_listed_post(a_member(), "newer")
    make_edition(monkeypatch, seconds_later=700)
    assert [post.caption for post in first] == ["2", "1"]
    assert shown(cursor=first.next) == ["0"]
    make_edition(monkeypatch, seconds_later=8_000)
    assert shown(cursor=first.next) == ["1", "0"]  # kept no longer: the same place in the present one


def test_an_edition_is_made_by_the_sweeper_and_not_more_often_than_it_is_due(monkeypatch):
    a_listed_post(a_member(), "one")
    assert sweep_people()["explore_places"] == 1
    assert sweep_people()["explore_places"] == 0
    assert make_edition(monkeypatch, seconds_later=601) == 1
    assert ExplorePlace.objects.count() == 2
    make_edition(monkeypatch, seconds_later=10_000)
    assert ExplorePlace.objects.count() == 1


@pytest.mark.parametrize("cursor", ["x", "1-", "-1", "1-1-1", "9" * 20 + "-1", "0-0", "١-١"])
def test_a_mangled_cursor_shows_the_first_page(monkeypatch, cursor):
    a_listed_post(a_member(), "one")
    make_edition(monkeypatch)
    assert shown(cursor=cursor) == ["one"]


def test_before_the_first_edition_the_newest_are_shown():
    a_listed_post(a_member(), "one")
    assert shown() == ["one"]
