"""The console's posts: found, looked at, taken down, restored."""

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import TeamState
from tests.factories import a_member, a_post, a_staff_member, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators")
    client.force_login(moderator)
    return moderator


def fresh(post):
    return PostPage.objects.get(pk=post.pk)


def captions(response):
    return [post.caption for post in response.context["page"]]


def look_entries(post):
    return PageLogEntry.objects.filter(page=post, action="pixlpix.look")


# --- Finding ----------------------------------------------------------------------------------------------------------


def test_the_listing_shows_posts_newest_first(client, moderator):
    a_post(caption="First")
    a_post(caption="Second")
    assert captions(client.get(reverse("console_posts:index"))) == ["Second", "First"]


def test_the_listing_goes_on_after_its_last_post(client, moderator, monkeypatch):
    monkeypatch.setattr("community.admin.posts.PAGE", 2)
    author = a_member()
    for number in range(3):
        a_post(author, caption=f"Number {number}")
    first = client.get(reverse("console_posts:index"))
    older = client.get(reverse("console_posts:index"), {"after": first.context["page"].next})
    assert (captions(first), captions(older)) == (["Number 2", "Number 1"], ["Number 0"])


def test_a_post_is_found_by_its_caption(client, moderator):
    a_post(caption="A lighthouse in the fog")
    a_post(caption="A harbour")
    assert captions(client.get(reverse("console_posts:index"), {"q": "Lighthouse"})) == ["A lighthouse in the fog"]


def test_a_post_is_found_by_its_author(client, moderator):
    a_post(a_member("anouk"), caption="Hers")
    a_post(caption="Somebody else's")
    assert captions(client.get(reverse("console_posts:index"), {"q": "@anouk"})) == ["Hers"]


@pytest.mark.parametrize("form", ["{id}", "/p/{id}/", "https://pixlpix.example/members/anouk/photos/{id}/?x=1#top"])
def test_a_post_is_found_by_its_short_id_or_a_pasted_address(client, moderator, form):
    post = a_post(caption="This one")
    a_post(caption="Another")
    found = client.get(reverse("console_posts:index"), {"q": form.format(id=post.short_id)})
    assert captions(found) == ["This one"]


@pytest.mark.parametrize("odd", ["\x00", "' OR 1=1 --", "%%%", "a" * 1999, "@", "/p//"])
def test_odd_queries_are_answered(client, moderator, odd):
    assert client.get(reverse("console_posts:index"), {"q": odd}).status_code == 200


def test_the_listing_can_be_narrowed_to_what_the_team_took_down(client, moderator):
    post = a_post(caption="Taken")
    a_post(caption="Standing")
    take_down_post(post, by=moderator, reason="Spam")
    assert captions(client.get(reverse("console_posts:index"), {"team": "taken_down"})) == ["Taken"]


def test_the_listing_can_be_narrowed_to_what_authors_deleted(client, moderator):
    post = a_post(caption="Deleted")
    a_post(caption="Standing")
    withdraw_post(post, by=post.author)
    assert captions(client.get(reverse("console_posts:index"), {"author": "withdrawn"})) == ["Deleted"]


# --- Looking ----------------------------------------------------------------------------------------------------------


def test_a_post_is_shown_with_its_caption_states_and_addresses(client, moderator):
    post = a_post(caption="Fog at noon", alt_text="A pier in fog")
    page = client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert "Fog at noon" in page
    assert "A pier in fog" in page
    assert f"/p/{post.short_id}/" in page


def test_the_picture_of_a_post_that_was_taken_down_comes_through_the_private_view(client, moderator):
    post = a_post()
    take_down_post(post, by=moderator, reason="Spam")
    page = client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert "/private/derived/" in page


def test_the_originals_own_file_is_never_shown(client, moderator):
    post = a_post()
    page = client.get(reverse("console_posts:post", args=[post.short_id])).content.decode()
    assert post.photos.get().picture.original.sha256 not in page


def test_looking_at_a_private_post_is_written_down(client, moderator):
    post = a_post()
    withdraw_post(post, by=post.author)
    client.get(reverse("console_posts:post", args=[post.short_id]))
    assert look_entries(post).get().user == moderator


def test_looking_at_a_post_that_everyone_sees_is_not_written_down(client, moderator):
    post = a_post()
    client.get(reverse("console_posts:post", args=[post.short_id]))
    assert not look_entries(post).exists()


def test_a_listing_with_private_posts_writes_down_which_were_shown(client, moderator):
    posts = [a_post(), a_post()]
    for post in posts:
        withdraw_post(post, by=post.author)
    client.get(reverse("console_posts:index"))
    entry = PageLogEntry.objects.get(action="pixlpix.look")
    assert set(entry.data["posts"]) == {post.short_id for post in posts}


def test_one_list_shows_what_staff_and_what_the_author_did(client, moderator):
    post = a_post()
    take_down_post(post, by=moderator, reason="Spam")
    history = client.get(reverse("console_posts:post", args=[post.short_id])).context["history"]
    assert [(str(entry.what), entry.by_staff) for entry in history if entry.what != "Look at something private"] == [
        ("Take down", True),
        ("Published the post", False),
    ]


def test_a_post_that_does_not_exist_answers_404(client, moderator):
    assert client.get(reverse("console_posts:post", args=["nothinghere"])).status_code == 404


# --- Taking down ------------------------------------------------------------------------------------------------------


def test_a_moderator_takes_a_post_down_with_a_reason(client, moderator):
    post = a_post()
    client.post(reverse("console_posts:take_down", args=[post.short_id]), {"reason": "Not their picture"})
    post = fresh(post)
    assert (post.team_state, post.team_reason) == (TeamState.TAKEN_DOWN, "Not their picture")


def test_a_takedown_needs_a_reason(client, moderator):
    post = a_post()
    answer = client.post(reverse("console_posts:take_down", args=[post.short_id]), {"reason": "  "})
    assert answer.context["form"].errors["reason"]
    assert fresh(post).team_state == TeamState.NONE


def test_the_form_names_the_authors_other_posts_of_the_same_picture(client, moderator):
    author = a_member()
    original = an_original(by=author)
    post, other = a_post(author, original=original), a_post(author, original=original)
    answer = client.get(reverse("console_posts:take_down", args=[post.short_id]))
    assert [p.pk for p in answer.context["taken_along"]] == [other.pk]


def test_other_peoples_posts_of_the_same_picture_are_ticked(client, moderator):
    original = an_original()
    post, other = a_post(original=original), a_post(original=original)
    form = client.get(reverse("console_posts:take_down", args=[post.short_id])).context["form"]
    assert form.fields["also"].initial == [other.pk]


def test_other_peoples_posts_stay_when_they_are_unticked(client, moderator):
    original = an_original()
    post, other = a_post(original=original), a_post(original=original)
    client.post(reverse("console_posts:take_down", args=[post.short_id]), {"reason": "Spam", "also": []})
    assert fresh(other).team_state == TeamState.NONE


def test_other_peoples_posts_go_along_when_they_are_ticked(client, moderator):
    original = an_original()
    post, other = a_post(original=original), a_post(original=original)
    client.post(reverse("console_posts:take_down", args=[post.short_id]), {"reason": "Spam", "also": [other.pk]})
    assert fresh(other).team_state == TeamState.TAKEN_DOWN


def test_a_post_of_another_picture_cannot_be_smuggled_into_the_form(client, moderator):
    post, other = a_post(original=an_original()), a_post()
    client.post(reverse("console_posts:take_down", args=[post.short_id]), {"reason": "Spam", "also": [other.pk]})
    assert fresh(other).team_state == TeamState.NONE


def test_the_reason_can_be_edited(client, moderator):
    post = a_post()
    take_down_post(post, by=moderator, reason="Removed in the admin")
    client.post(reverse("console_posts:edit_reason", args=[post.short_id]), {"reason": "Stolen from a magazine"})
    assert fresh(post).team_reason == "Stolen from a magazine"


def test_the_reason_of_a_post_that_stands_cannot_be_edited(client, moderator):
    post = a_post()
    client.post(reverse("console_posts:edit_reason", args=[post.short_id]), {"reason": "Why not"})
    assert fresh(post).team_reason == ""


def test_a_moderator_restores_a_post(client, moderator):
    post = a_post()
    take_down_post(post, by=moderator, reason="Spam")
    client.post(reverse("console_posts:restore", args=[post.short_id]), {"reason": "A mistake"})
    assert fresh(post).is_visible


def test_restoring_never_republishes_what_its_author_deleted(client, moderator):
    post = a_post()
    take_down_post(post, by=moderator, reason="Spam")
    withdraw_post(fresh(post), by=post.author)
    client.post(reverse("console_posts:restore", args=[post.short_id]), {})
    assert not fresh(post).is_visible


def test_posts_that_were_ticked_in_the_listing_are_taken_down_together(client, moderator):
    one, two, three = a_post(), a_post(), a_post()
    address = reverse("console_posts:take_down_many") + f"?id={one.short_id}&id={two.short_id}"
    client.post(address, {"reason": "Spam"})
    assert [fresh(post).team_state for post in (one, two, three)] == ["taken_down", "taken_down", "none"]


def test_ticking_nothing_takes_nothing_down(client, moderator):
    post = a_post()
    client.post(reverse("console_posts:take_down_many"), {"reason": "Spam"})
    assert fresh(post).team_state == TeamState.NONE


# --- Who may ----------------------------------------------------------------------------------------------------------

PAGES = ["post", "take_down", "edit_reason", "restore"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_curators_do_not_reach_members_posts(client, page, method):
    client.force_login(a_staff_member("Curators"))
    post = a_post(caption="Private to the team")
    answer = getattr(client, method)(reverse(f"console_posts:{page}", args=[post.short_id]), {"reason": "x"})
    assert answer.status_code in (302, 403)
    assert fresh(post).team_state == TeamState.NONE


@pytest.mark.parametrize("page", ["index", "take_down_many"])
def test_curators_do_not_reach_the_listing(client, page):
    client.force_login(a_staff_member("Curators"))
    assert client.get(reverse(f"console_posts:{page}")).status_code in (302, 403)


# --- What it costs ----------------------------------------------------------------------------------------------------


def queries_of(client, django_assert_max_num_queries, address, most):
    with django_assert_max_num_queries(most) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_listing_costs_the_same_however_many_posts_there_are(client, moderator, django_assert_max_num_queries):
    author = a_member()
    address = reverse("console_posts:index")
    a_post(author)
    client.get(address)
    few = queries_of(client, django_assert_max_num_queries, address, 20)
    for _ in range(6):
        a_post(author)
    assert queries_of(client, django_assert_max_num_queries, address, 20) == few


def test_the_listing_counts_nothing(client, moderator, django_assert_max_num_queries):
    a_post()
    with django_assert_max_num_queries(20) as captured:
        client.get(reverse("console_posts:index"))
    assert [query["sql"] for query in captured if "COUNT(" in query["sql"].upper()] == []
