"""What authors choose for a post: in the composer, on the edit page, and after it was published. Nothing of it is lost."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from community.actions.like_post import like_post
from community.models import Comment, Like, PostCounts, Profile
from gallery.actions.replace_photo import replace_photo
from gallery.models import PostPage
from gallery.states import AuthorState, Visibility
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = f.a_member("ana")
    client.force_login(ana)
    return ana


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def press(client, url, do, **changes):
    """Send the form at `url` as it is, with `changes`."""
    form = client.get(url).context["form"]
    fields = {field.name: field.value() for field in form if field.name != "picture"}
    fields = {name: value for name, value in fields.items() if value not in (None, False)}
    return client.post(url, {**fields, "do": do, **changes})


def edit(client, post, **changes):
    return press(client, f"/p/{post.short_id}/edit/", "save", **changes)


def test_visibility_licence_and_comments_are_changed_after_publishing(client, ana):
    post = f.a_post(ana)
    edit(client, post, visibility="unlisted", licence="by-sa", comments_off="on")
    post = fresh(post)
    assert (post.visibility, post.effective_visibility) == ("unlisted", "unlisted")
    assert (post.licence, post.comments_off) == ("by-sa", True)
    edit(client, post, visibility="public")
    assert fresh(post).effective_visibility == Visibility.PUBLIC


def test_what_a_form_does_not_send_stays(client, ana):
    post = f.a_post(ana)
    edit(client, post, visibility="followers", licence="cc0")
    client.post(f"/p/{post.short_id}/edit/", {"caption": "x", "gallery": "photos", "complete": "1", "do": "save"})
    post = fresh(post)
    assert (post.caption, post.visibility, post.licence) == ("x", "followers", "cc0")


@pytest.mark.parametrize("wrong", [{"visibility": "nobody"}, {"licence": "wtfpl"}])
def test_what_is_no_choice_is_refused_kindly(client, ana, wrong):
    post = f.a_post(ana)
    assert edit(client, post, **wrong).status_code == 422
    assert fresh(post).visibility == Visibility.PUBLIC


def test_likes_and_comments_stay_whatever_is_changed(client, ana):
    post, milo = f.a_post(ana), f.a_member("milo")
    like_post(post, by=milo)
    Comment.objects.create(post=post, author=milo, text="Lovely")
    for visibility in ("followers", "unlisted", "public"):
        edit(client, post, visibility=visibility, licence="by", caption=f"For {visibility}")
    replace_photo(post.photos.get(), f.an_original(by=ana), by=ana)
    assert Like.objects.filter(post=post, user=milo).exists()
    assert Comment.objects.filter(post=post, author=milo).exists()
    assert PostCounts.objects.get(post=post).likes == 1
    assert fresh(post).is_visible


def test_the_licence_is_shown_and_led_to(client, ana):
    post = f.a_post(ana)
    client.logout()
    assert "All rights reserved" in client.get(post.address()).content.decode()
    PostPage.objects.filter(pk=post.pk).update(licence="by-nc")
    link = '<a class="link" rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/">'
    assert link in client.get(post.address()).content.decode()


def test_a_post_is_shared_with_all_choices_at_once(client, ana):
    choices = {"visibility": "unlisted", "licence": "by", "comments_off": "on", "gallery": "photos"}
    press(client, "/share/", "publish", picture=f.a_picture(), **choices)
    post = PostPage.objects.get()
    assert (post.effective_visibility, post.licence, post.comments_off) == ("unlisted", "by", True)


def test_a_post_each_takes_the_choices_over(client, ana):
    draft = f.a_draft(ana, photos=3)
    press(
        client, f"/share/{draft.short_id}/", "publish", separately="1", visibility="followers", licence="by-nd",
        comments_off="on",
    )  # fmt: skip
    posts = PostPage.objects.filter(author=ana)
    assert [(p.visibility, p.licence, p.comments_off) for p in posts] == [("followers", "by-nd", True)] * 3


def test_a_followers_only_account_begins_with_followers(client):
    ana = f.a_member("ana")
    type(ana).objects.filter(pk=ana.pk).update(is_private=True)
    client.force_login(ana)
    assert client.get("/share/").context["form"]["visibility"].value() == "followers"


# --- A time to come ---------------------------------------------------------------------------------------------------


def schedule(client, draft, at, **changes):
    return press(
        client, f"/share/{draft.short_id}/", "schedule", scheduled_for=at.strftime("%Y-%m-%dT%H:%M"), **changes
    )


def test_a_draft_is_scheduled_in_the_members_own_time_zone_which_the_page_names(client, ana):
    Profile.objects.filter(user=ana).update(time_zone="Asia/Tokyo")
    draft, at = (
        f.a_draft(ana),
        datetime.now(ZoneInfo("Asia/Tokyo")).replace(second=0, microsecond=0) + timedelta(days=3),
    )
    assert schedule(client, draft, at, caption="Later").status_code == 302
    post = fresh(draft)
    assert (post.author_state, post.scheduled_for, post.caption) == (AuthorState.SCHEDULED, at, "Later")
    form = client.get(f"/share/{draft.short_id}/")
    assert "Asia/Tokyo" in form.content.decode()
    assert at.strftime("%Y-%m-%dT%H:%M") in form.content.decode()


def test_its_author_alone_sees_it_among_what_only_they_see(client, ana):
    draft = f.a_draft(ana)
    schedule(client, draft, timezone.now() + timedelta(days=1))
    assert [post.pk for post in client.get("/members/ana/").context["hidden"]] == [draft.pk]
    assert "It is published by itself" in client.get(draft.address()).content.decode()
    client.logout()
    assert client.get(draft.address()).status_code == 404
    assert draft.short_id not in client.get("/members/ana/").content.decode()


def test_a_time_that_has_passed_is_explained_and_what_was_typed_is_kept(client, ana):
    draft = f.a_draft(ana)
    response = schedule(client, draft, timezone.now() - timedelta(days=1), caption="Typed")
    assert response.status_code == 422
    assert response.context["form"].errors["scheduled_for"]
    assert response.context["form"]["caption"].value() == "Typed"
    assert not fresh(draft).is_scheduled


def test_scheduled_posts_are_edited_unscheduled_and_never_published_by_saving(client, ana):
    draft = f.a_draft(ana)
    at = timezone.now() + timedelta(days=1)
    schedule(client, draft, at)
    url = f"/share/{draft.short_id}/"
    assert client.get(f"/p/{draft.short_id}/edit/").url == url
    press(client, url, "save", caption="Anew", visibility="followers")
    post = fresh(draft)
    assert (post.is_scheduled, post.caption, post.visibility) == (True, "Anew", "followers")
    press(client, url, "unschedule")
    assert fresh(draft).author_state == AuthorState.DRAFT


def test_several_posts_cannot_be_scheduled_at_once(client, ana):
    draft = f.a_draft(ana, photos=2)
    response = schedule(client, draft, timezone.now() + timedelta(days=1), separately="1")
    assert response.status_code == 422
    assert not fresh(draft).is_scheduled
