"""Prompts: members enter posts while one runs, curators pick winners once it is over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.actions.enter_prompt import enter_prompt, withdraw_entry
from community.actions.pick_winners import announce_winners, choose_winner, unchoose_winner
from community.models import Block, Notification, PromptEntry, PromptPage
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.addresses import addresses_of
from tests import factories as f
from tests.galleries_world import a_prompt, an_over_prompt
from tests.traces import staff_acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def curator():
    return f.a_staff_member("Curators", "cora")


def a_post(author, **fields):
    return f.a_post(author, original=f.an_original(by=author), **fields)


def body(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


class TestPages:
    def test_what_runs_what_comes_and_what_was_by_year_and_month(self, client):
        a_prompt("Doors")
        a_prompt("Bridges", days=(3, 5))
        old = a_prompt("Snow")
        at = timezone.make_aware(timezone.datetime(2024, 1, 5, 12))
        PromptPage.objects.filter(pk=old.pk).update(starts_at=at, ends_at=at + timedelta(days=7))
        page = body(client, "/prompts/")
        assert page.index("Doors") < page.index("Bridges") < page.index("2024") < page.index("January")
        assert page.index("January") < page.index("Snow")

    def test_a_draft_is_seen_by_nobody(self, client):
        prompt = a_prompt("Doors", live=False)
        assert "Doors" not in body(client, "/prompts/")
        assert client.get(prompt.address()).status_code == 404

    def test_dates_are_shown_in_the_prompts_zone_with_its_name(self, client):
        start = timezone.make_aware(timezone.datetime(2030, 1, 5, 15))
        prompt = a_prompt("Doors", time_zone="Asia/Tokyo")
        PromptPage.objects.filter(pk=prompt.pk).update(starts_at=start, ends_at=start + timedelta(days=1))
        page = body(client, prompt.address())
        assert "6 January 2030, 00:00" in page and "Asia/Tokyo" in page

    def test_its_address_is_the_one_that_wagtail_gives_it(self, client):
        prompt = a_prompt("Doors")
        assert prompt.get_url() == prompt.address() == "/prompts/doors/"

    @pytest.mark.parametrize("who", ["visitor", "member", "author"])
    def test_its_pages_cost_few_queries(self, client, ana, who, django_assert_max_num_queries):
        over = an_over_prompt(*(a_post(ana) for _n in range(3)), a_post(f.a_member()))
        choose_winner(over, over.entries.first().post, by=f.a_staff_member("Curators"))
        if who != "visitor":
            client.force_login(ana if who == "author" else f.a_member())
        for url in ("/prompts/", over.address()):
            with django_assert_max_num_queries(8 if who == "visitor" else 12):
                assert client.get(url).status_code == 200


class TestEntering:
    def test_with_one_tap_from_the_posts_page_and_back(self, client, ana):
        prompt, post = a_prompt(), a_post(ana)
        client.force_login(ana)
        assert "Enter in" in body(client, post.address())
        data = {"post": post.short_id, "back": "1"}
        assert client.post("/prompts/doors/enter/", data | {"do": "enter"}).url == post.address()
        assert "Entered in" in body(client, post.address())
        client.logout()
        assert post.short_id in body(client, prompt.address())
        client.force_login(ana)
        client.post("/prompts/doors/enter/", data | {"do": "withdraw"})
        assert not PromptEntry.objects.exists()

    def test_from_the_prompts_page_one_chooses_among_ones_public_posts(self, client, ana):
        a_prompt()
        post, hidden, stray = a_post(ana), a_post(ana), f.a_post()
        set_visibility(hidden, by=ana, visibility="followers")
        client.force_login(ana)
        page = body(client, "/prompts/doors/enter/")
        assert post.short_id in page and hidden.short_id not in page and stray.short_id not in page
        assert client.post("/prompts/doors/enter/", {"post": post.short_id, "do": "enter"}).url == "/prompts/doors/"

    def test_twice_is_once_and_so_many_at_most(self, ana, settings):
        settings.PROMPT_ENTRIES = 2
        prompt = a_prompt()
        posts = [a_post(ana) for _n in range(3)]
        for post in (*posts[:2], posts[0]):
            enter_prompt(prompt, post, by=ana)
        with pytest.raises(ValidationError):
            enter_prompt(prompt, posts[2], by=ana)
        assert PromptEntry.objects.count() == 2

    @pytest.mark.parametrize("days", [(1, 2), (-3, -1)], ids=["before", "after"])
    def test_only_while_it_runs(self, ana, days):
        prompt, post = a_prompt(days=days), a_post(ana)
        with pytest.raises(ValidationError):
            enter_prompt(prompt, post, by=ana)
        PromptEntry.objects.create(prompt=prompt, post=post)
        with pytest.raises(ValidationError):
            withdraw_entry(prompt, post, by=ana)

    def test_only_ones_own_and_only_what_everyone_sees(self, ana):
        prompt, post = a_prompt(), a_post(ana)
        with pytest.raises(PermissionDenied):
            enter_prompt(prompt, post, by=f.a_member())
        set_visibility(post, by=ana, visibility="unlisted")
        with pytest.raises(ValidationError):
            enter_prompt(prompt, post, by=ana)

    def test_narrowed_taken_down_or_blocked_it_is_not_shown(self, client, ana):
        prompt, milo = a_prompt(), f.a_member("milo")
        narrowed, down, theirs = a_post(ana), a_post(ana), a_post(milo)
        for post in (narrowed, down, theirs):
            enter_prompt(prompt, post, by=post.author)
        set_visibility(narrowed, by=ana, visibility="unlisted")
        take_down_post(down, by=None, reason="No.")
        Block.objects.create(blocker=ana, blocked=milo)
        client.force_login(ana)
        page = body(client, prompt.address())
        assert not [post for post in (narrowed, down, theirs) if post.short_id in page]
        client.logout()
        assert theirs.short_id in body(client, prompt.address())

    def test_its_address_is_in_the_registry(self, ana):
        prompt, post = a_prompt(), a_post(ana)
        enter_prompt(prompt, post, by=ana)
        assert prompt.address() in {address.url for address in addresses_of(post)}


class TestWinners:
    def test_places_follow_each_other_and_close_up(self, ana, curator):
        posts = [a_post(ana) for _n in range(3)]
        prompt = an_over_prompt(*posts)
        for post in posts:
            choose_winner(prompt, post, by=curator)
        unchoose_winner(prompt, posts[0], by=curator)
        places = dict(PromptEntry.objects.values_list("post", "place"))
        assert places == {posts[0].pk: None, posts[1].pk: 1, posts[2].pk: 2}
        assert ("pixlpix.choose_winner", "cora") in staff_acts(posts[0])

    def test_announced_they_are_told_and_shown(self, client, ana, curator):
        post, other = a_post(ana), a_post(f.a_member())
        prompt = an_over_prompt(post, other)
        choose_winner(prompt, post, by=curator)
        for url in (post.address(), "/members/ana/"):
            assert "Winner of" not in body(client, url)
        announce_winners(prompt, by=curator)
        told = Notification.objects.get(kind="prompt")
        assert (told.recipient, told.post, told.prompt) == (ana, post, prompt)
        for url in (post.address(), "/members/ana/"):
            assert "Winner of" in body(client, url)
        page = body(client, prompt.address())
        assert page.index("Winner") < page.index(post.short_id) < page.index(other.short_id)
        with pytest.raises(ValidationError):
            choose_winner(prompt, other, by=curator)

    def test_nobody_picks_their_own(self, curator):
        post = a_post(curator)
        prompt = an_over_prompt(post)
        with pytest.raises(ValidationError):
            choose_winner(prompt, post, by=curator)

    def test_not_before_it_is_over_and_not_without_one(self, ana, curator):
        prompt, post = a_prompt(), a_post(ana)
        enter_prompt(prompt, post, by=ana)
        with pytest.raises(ValidationError):
            choose_winner(prompt, post, by=curator)
        with pytest.raises(ValidationError):
            announce_winners(an_over_prompt(title="Snow"), by=curator)

    @pytest.mark.parametrize("group", ["Moderators", None])
    def test_others_pick_none(self, client, ana, group):
        post = a_post(ana)
        prompt = an_over_prompt(post)
        user = f.a_staff_member(group) if group else f.a_member()
        with pytest.raises(PermissionDenied):
            choose_winner(prompt, post, by=user)
        client.force_login(user)
        assert client.get("/admin/prompts/").status_code in (302, 403, 404)

    def test_in_the_console(self, client, ana, curator):
        post = a_post(ana)
        an_over_prompt(post)
        client.force_login(curator)
        assert "Doors" in body(client, "/admin/prompts/")
        winners = "/admin/prompts/doors/winners/"
        assert post.short_id in body(client, winners)
        for do in (f"choose:{post.short_id}", f"unchoose:{post.short_id}", f"choose:{post.short_id}", "announce"):
            assert client.post(winners, {"do": do}).url == winners
        assert PromptPage.objects.get().results_at
        assert PromptEntry.objects.get().place == 1
