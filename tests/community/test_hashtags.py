"""Hashtags of captions: rows that follow the caption, pages of them, and following them."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from community.actions.follow_hashtag import follow_hashtag
from community.hashtags import used_lately
from community.models import Block, HashtagFollow, Mute
from gallery.actions.discard_draft import discard_draft
from gallery.actions.edit_post import edit_post
from gallery.actions.publish_draft import publish_draft
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Hashtag, PostHashtag, PostPage
from gallery.states import Visibility
from tests.factories import a_draft, a_member, a_post, an_original

pytestmark = pytest.mark.django_db


def tags(post):
    return sorted(post.hashtags.values_list("hashtag__name", flat=True))


def in_step(post):
    """Whether the rows of a post say what it says itself."""
    post.refresh_from_db()
    return set(post.hashtags.values_list("published_at", "short_id")) == {(post.published_at, post.short_id)}


def body(response):
    return response.content.decode()


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_published_post_has_rows_for_its_hashtags_with_its_date():
    post = a_post(caption="#Föhn over the ridge #golden_hour #fohn")
    assert tags(post) == ["fohn", "golden_hour"]
    assert in_step(post) and post.published_at


def test_rows_follow_the_caption_when_it_is_edited():
    post = a_post(caption="#one #two")
    edit_post(post, by=post.author, caption="#two ＃three")
    assert tags(post) == ["three", "two"] and in_step(post)
    edit_post(post, by=post.author, caption="none")
    assert tags(post) == []


def test_a_drafts_hashtags_are_nobodys_business_until_it_is_published():
    draft = a_draft(caption="#secret", photos=2)
    assert draft.hashtags.get().published_at is None
    posts = publish_draft(draft, by=draft.author, separately=True)
    assert len(posts) == 2
    assert [tags(post) for post in posts] == [["secret"], ["secret"]]
    assert all(in_step(post) and post.published_at for post in posts)


def test_a_discarded_draft_leaves_no_hashtag():
    draft = a_draft(caption="#secret")
    discard_draft(draft, by=draft.author)
    assert tags(draft) == []


def test_a_date_that_was_set_beforehand_reaches_the_rows():
    post = a_draft(caption="#old")
    then = timezone.now().replace(year=2020)
    PostPage.objects.filter(pk=post.pk).update(published_at=then)
    publish_draft(post, by=post.author)
    assert in_step(post) and post.hashtags.get().published_at == then


def test_a_caption_without_hashtags_costs_nothing_more(django_assert_num_queries):
    post = a_post(caption="No hashtag at all")
    with django_assert_num_queries(0):
        PostHashtag.note_publication(post)


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_caption_leads_to_the_page_of_its_hashtag_which_shows_the_post(client):
    post = a_post(caption="Again #Föhn")
    assert '<a href="/tags/fohn/">#Föhn</a>' in body(client.get(post.address()))
    assert post.address() in body(client.get("/tags/fohn/"))


@pytest.mark.parametrize("typed", ["/tags/F%C3%B6hn/", "/tags/%23fohn/", "/tags/FOHN/", "/tags/fohn!/"])
def test_every_spelling_leads_to_the_folded_name(client, typed):
    a_post(caption="#fohn")
    answer = client.get(typed)
    assert (answer.status_code, answer.url) == (301, "/tags/fohn/")


@pytest.mark.parametrize("name", ["nobody_used_this", "!!!", "1", "drafted"])
def test_a_hashtag_that_nobody_used_in_public_is_not_found(client, name):
    a_draft(caption="#drafted")
    assert client.get(f"/tags/{name}/").status_code == 404


def test_a_hashtags_page_shows_what_one_may_discover(client):
    ana, milo, sol = a_member("ana"), a_member("milo"), a_member("sol")
    original = an_original(by=ana)
    shown, unlisted, blocked, muted, gone = (
        a_post(who, caption=f"#boats {n}", original=original) for n, who in enumerate((ana, ana, sol, milo, ana))
    )
    PostPage.objects.filter(pk=unlisted.pk).update(effective_visibility=Visibility.UNLISTED)
    withdraw_post(gone, by=ana)
    june = a_member("june")
    Block.objects.create(blocker=sol, blocked=june)
    Mute.objects.create(muter=june, muted=milo)
    client.force_login(june)
    page = body(client.get("/tags/boats/"))
    found = [post for post in (shown, unlisted, blocked, muted, gone) if post.short_id in page]
    assert found == [shown]


def test_a_page_of_nothing_is_kept_from_search_engines(client):
    post = a_post(caption="#once")
    assert "noindex" not in body(client.get("/tags/once/"))
    withdraw_post(post, by=post.author)
    assert "noindex" in body(client.get("/tags/once/"))


def test_a_hashtags_posts_are_read_page_by_page_newest_first(client):
    ana = a_member("ana")
    original = an_original(by=ana)
    posts = [a_post(ana, caption=f"#boats {n}", original=original) for n in range(32)]
    first = client.get("/tags/boats/")
    second = client.get(first.context["next_url"], headers={"HX-Request": "true"})
    shown = [post.short_id for answer in (first, second) for post in answer.context["posts"]]
    assert shown == [post.short_id for post in reversed(posts)]


@pytest.mark.parametrize(("who", "most"), [("visitor", 8), ("member", 12)])
def test_hashtag_pages_cost_few_queries(client, django_assert_max_num_queries, who, most):
    ana = a_member("ana")
    original = an_original(by=ana)
    for number in range(31):
        a_post(ana, caption=f"#boats #n{number}", original=original)
    if who == "member":
        client.force_login(a_member("milo"))
    for url in ("/tags/boats/", "/tags/"):
        cache.clear()
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_hashtags_used_lately_are_those_of_most_people_first(client):
    ana, milo = a_member("ana"), a_member("milo")
    original = an_original(by=ana)
    for caption in ("#mine #mine2", "#mine", "#mine #ours"):
        a_post(ana, caption=caption, original=original)
    a_post(milo, caption="#ours", original=original)
    hidden = a_post(milo, caption="#hidden", original=original)
    PostPage.objects.filter(pk=hidden.pk).update(effective_visibility=Visibility.FOLLOWERS)
    assert used_lately(a_member("sol")) == ["ours", "mine", "mine2"]
    assert "/tags/ours/" in body(client.get("/tags/"))
    assert client.get("/tags/?tag=%23Ours").url == "/tags/ours/"


# --- Following --------------------------------------------------------------------------------------------------------


def test_members_follow_hashtags_and_stop(client):
    milo = a_member("milo")
    a_post(caption="#boats")
    client.force_login(milo)
    assert client.post("/tags/boats/follow/").url == "/tags/boats/"
    assert HashtagFollow.objects.get(user=milo).hashtag.name == "boats"
    assert "Unfollow" in body(client.get("/tags/boats/")) and "#boats" in body(client.get("/settings/hashtags/"))
    assert client.post("/tags/boats/unfollow/", {"back": "settings"}).url == "/settings/hashtags/"
    assert not HashtagFollow.objects.exists()
    assert "Unfollow" in body(client.post("/tags/boats/follow/", headers={"HX-Request": "true"}))


def test_following_twice_is_following_once():
    a_post(caption="#boats")
    milo, boats = a_member("milo"), Hashtag.objects.get(name="boats")
    assert follow_hashtag(boats, by=milo) and not follow_hashtag(boats, by=milo)
    assert HashtagFollow.objects.count() == 1


def test_visitors_are_asked_to_sign_in(client):
    a_post(caption="#boats")
    assert "Sign in to follow" in body(client.get("/tags/boats/"))
    assert client.post("/tags/boats/follow/").url.startswith("/accounts/login/")
