"""The blocks of the front page and of editorial pages: what they show of members' things, to whom, and at what cost."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, ReferenceIndex, Workflow, WorkflowTask

from community.actions.block import block
from community.actions.mute import mute
from community.actions.set_privacy import set_privacy
from community.models import PromptEntry
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import PostPage
from gallery.states import Visibility
from home.actions.pick_post import pick_post
from home.models import EditorialPage, HomePage
from tests.factories import a_gallery, a_member, a_post, a_staff_member, an_original, first_gallery
from tests.feeds_world import tagged
from tests.galleries_world import a_prompt

pytestmark = pytest.mark.django_db


def compose(*blocks, slug=None):
    """The front page, or the editorial page with this slug, with these blocks; returns its address."""
    page = EditorialPage.objects.get(slug=slug) if slug else HomePage.objects.get()
    page.body = json.dumps([{"type": kind, "value": value} for kind, value in blocks])
    page.save_revision().publish()
    return f"/{slug}/" if slug else "/"


def of_posts(*posts, heading=""):
    return "posts", {"heading": heading, "posts": [post.short_id for post in posts]}


def of_gallery(gallery, words=""):
    return "gallery", {"heading": "", "gallery": str(gallery.pk), "words": words}


def of_member(member, words=""):
    return "member", {"heading": "", "member": str(member.pk), "words": words}


def of_hashtag(name):
    return "hashtag", {"heading": "", "hashtag": name}


def of_prompt(prompt=None):
    return "prompt", {"prompt": prompt and prompt.pk, "words": ""}


def composed(client, url="/", kind=None):
    """Short ids of the cards within composed blocks, or within those of one kind."""
    html = client.get(url).content.decode()
    found = []
    for name, drawn in re.findall(r'<div class="(?:composed|block) (\w+)[^"]*">(.*?)</ul>\s*</div>', html, re.S):
        if kind in (None, name):
            found += re.findall(r'href="/members/[^/"]+/[^/"]+/([^/"?]+)/', drawn)
    return found


@pytest.mark.parametrize("slug", [None, "about"])
def test_posts_stand_in_the_order_in_which_they_were_chosen(client, slug):
    one, two, three = (a_post() for _ in range(3))
    url = compose(of_posts(two, three, one, heading="Of the week"), slug=slug)
    assert composed(client, url) == [two.short_id, three.short_id, one.short_id]
    assert "Of the week" in client.get(url).content.decode()


def test_front_page_without_blocks_is_as_it_was(client):
    pick_post(a_post(), by=a_staff_member("Curators"))
    html = client.get("/").content.decode()
    assert 'class="composed' not in html and html.index('id="picks"') < html.index('id="posts"')


def test_picks_stand_before_all_blocks_or_where_their_block_says(client):
    post = a_post()
    pick_post(post, by=a_staff_member("Curators"))
    compose(of_posts(post))
    html = client.get("/").content.decode()
    assert html.index('id="picks"') < html.index('class="composed posts"') < html.index('id="posts"')
    compose(of_posts(post), ("picks", None))
    html = client.get("/").content.decode()
    assert html.index('class="composed posts"') < html.index('id="picks"') < html.index('id="posts"')
    assert html.count('id="picks"') == 1


def test_a_gallery_is_shown_with_its_newest_posts(client):
    ana = a_member("ana")
    gallery = a_gallery(ana, "Iceland")
    posts = [a_post(ana, gallery=gallery) for _ in range(8)]
    compose(of_gallery(gallery, words="Ten days of rain"))
    html = client.get("/").content.decode()
    assert composed(client) == [post.short_id for post in posts[::-1][:6]]
    assert "Iceland" in html and "Ten days of rain" in html and gallery.address() in html


def test_a_member_is_put_forward_with_the_curators_words_and_their_newest_posts(client):
    ana = a_member("ana", name="Ana Lima")
    post = a_post(ana)
    compose(of_member(ana, words="Who waits for the fog"))
    html = client.get("/").content.decode()
    assert composed(client) == [post.short_id]
    assert "Ana Lima" in html and "Who waits for the fog" in html


def test_a_hashtag_shows_its_newest_posts(client):
    posts = [tagged(a_post(), "fog") for _ in range(2)]
    tagged(a_post(), "rain")
    compose(of_hashtag("fog"))
    assert composed(client) == [post.short_id for post in posts[::-1]]


def test_a_prompt_shows_its_newest_entries(client):
    prompt, post = a_prompt("Doors"), a_post()
    PromptEntry.objects.create(prompt=prompt, post=post)
    compose(of_prompt(prompt))
    assert composed(client) == [post.short_id]
    assert prompt.address() in client.get("/").content.decode()


def test_a_prompt_that_is_not_named_is_the_one_that_runs_and_ends_first(client):
    later, now = a_prompt("Later"), a_prompt("Now")
    type(now).objects.filter(pk=now.pk).update(ends_at=timezone.now() + timedelta(hours=1))
    compose(of_prompt())
    html = client.get("/").content.decode()
    assert now.address() in html and later.address() not in html


def test_a_prompt_that_is_a_draft_is_not_shown(client):
    draft = a_prompt("Snow", live=False)
    compose(of_prompt(draft))
    assert "Snow" not in client.get("/").content.decode()


# --- What is withdrawn vanishes ---------------------------------------------------------------------------------------


@pytest.fixture
def everywhere():
    """A post in blocks of every kind on the front page and on an editorial page: (post, addresses)."""
    ana = a_member("ana")
    a_gallery(ana)  # so that she can delete the other
    post = tagged(a_post(ana, caption="Xylophone"), "fog")
    prompt = a_prompt("Doors")
    PromptEntry.objects.create(prompt=prompt, post=post)
    blocks = (of_posts(post), of_gallery(first_gallery(ana)), of_member(ana), of_hashtag("fog"), of_prompt(prompt))
    return post, [compose(*blocks), compose(*blocks, slug="about")]


def test_the_same_post_is_shown_by_blocks_of_every_kind(client, everywhere):
    post, addresses = everywhere
    for url in addresses:
        assert composed(client, url) == [post.short_id] * 5


def narrowed(post):
    PostPage.objects.filter(pk=post.pk).update(effective_visibility=Visibility.UNLISTED)


WAYS = {
    "its author deletes it": lambda post: withdraw_post(post, by=post.author),
    "its author deletes the gallery": lambda post: delete_gallery(post.gallery, by=post.author),
    "the team takes it down": lambda post: take_down_post(post, by=a_staff_member("Moderators"), reason="No"),
    "only the link leads to it": narrowed,
    "its author wants not to be featured": lambda post: set_privacy(post.author, is_private=False, featurable=False),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_post_vanishes_from_every_block_by_itself_also_where_the_page_was_just_shown(client, everywhere, way):
    post, addresses = everywhere
    shown = [client.get(url) for url in addresses]  # whatever may keep a page keeps it now
    assert all(b"Xylophone" in page.content for page in shown)
    WAYS[way](post)
    for url, before in zip(addresses, shown, strict=True):
        page = client.get(url)
        assert page.status_code == 200 and post.short_id.encode() not in page.content, url
        # Nobody on the way keeps it either.
        assert before["Cache-Control"] == "private, no-cache" and not before.has_header("ETag")


def test_a_block_with_nothing_left_leaves_no_heading_behind(client):
    post = a_post()
    compose(of_posts(post, heading="Of the week"))
    withdraw_post(post, by=post.author)
    assert "Of the week" not in client.get("/").content.decode()


def test_a_viewer_who_blocks_or_mutes_the_author_is_not_shown_their_things(client, everywhere):
    post, addresses = everywhere
    for act in (block, mute):
        milo = a_member()
        act(milo, post.author)
        client.force_login(milo)
        assert [composed(client, url) for url in addresses] == [[], []]


def test_a_follower_is_not_shown_on_the_front_page_what_is_for_followers(client):
    post = a_post()
    compose(of_posts(post), of_gallery(post.gallery))
    PostPage.objects.filter(pk=post.pk).update(effective_visibility=Visibility.FOLLOWERS)
    client.force_login(post.author)
    assert composed(client) == []


def test_keys_that_name_nothing_show_nothing(client):
    compose(
        ("posts", {"heading": "", "posts": ["nothing", ""]}),
        ("gallery", {"heading": "", "gallery": "9" * 15, "words": ""}),
        ("member", {"heading": "", "member": "ana", "words": ""}),
        ("prompt", {"prompt": 999, "words": ""}),
        ("hashtag", {"heading": "", "hashtag": "nobody"}),
    )
    assert composed(client) == [] and client.get("/").status_code == 200


# --- What it costs ----------------------------------------------------------------------------------------------------


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("slug", [None, "about"])
def test_the_blocks_of_a_page_cost_the_same_number_of_queries_however_many_there_are(client, slug):
    original = an_original()
    members = [a_member() for _ in range(4)]
    prompts = [a_prompt(f"Prompt {number}") for number in range(4)]
    posts = [tagged(a_post(member, original=original), f"tag{n}") for n, member in enumerate(members)]
    for prompt, post in zip(prompts, posts, strict=True):
        PromptEntry.objects.create(prompt=prompt, post=post)

    def blocks(count):
        for n in range(count):
            yield of_posts(*posts[: n + 1])
            yield of_gallery(posts[n].gallery)
            yield of_member(members[n])
            yield of_hashtag(f"tag{n}")
            yield of_prompt(prompts[n])

    url = compose(*blocks(1), slug=slug)
    client.get(url)
    few = queries(client, url)
    compose(*blocks(4), slug=slug)
    assert queries(client, url) == few <= 16


def test_wagtails_index_of_references_does_not_grow_with_members_things(everywhere):
    pages = {HomePage.objects.get().pk, EditorialPage.objects.get(slug="about").pk}
    rows = ReferenceIndex.objects.filter(object_id__in=map(str, pages))
    assert {row.to_content_type.model for row in rows} <= {"promptpage", "page"}


# --- What Wagtail offers on pages that staff write --------------------------------------------------------------------


def test_a_draft_of_the_front_page_is_previewed_and_not_shown_to_anybody_else(client):
    post = a_post()
    home = HomePage.objects.get()
    home.body = json.dumps([{"type": "posts", "value": of_posts(post, heading="Of the week")[1]}])
    home.save_revision()
    assert "Of the week" not in client.get("/").content.decode()
    client.force_login(a_staff_member("Curators"))
    preview = client.get(f"/admin/pages/{home.pk}/view_draft/")
    assert preview.status_code == 200 and "Of the week" in preview.content.decode()


def test_an_editorial_page_comes_and_goes_by_its_schedule(client):
    now = timezone.now()
    page = EditorialPage(title="Winter", slug="winter", live=False, go_live_at=now - timedelta(minutes=1))
    HomePage.objects.get().add_child(instance=page)
    page.save_revision(approved_go_live_at=page.go_live_at)
    assert client.get("/winter/").status_code == 404
    call_command("publish_scheduled", verbosity=0)
    assert client.get("/winter/").status_code == 200
    EditorialPage.objects.filter(pk=page.pk).update(expire_at=now - timedelta(seconds=1))
    call_command("publish_scheduled", verbosity=0)
    assert client.get("/winter/").status_code == 404


def test_a_workflow_that_an_administrator_set_up_publishes_a_page_on_approval(client):
    curator, administrator = a_staff_member("Curators"), a_staff_member("Administrators")
    workflow, task = Workflow.objects.create(name="Four eyes"), GroupApprovalTask.objects.create(name="Approve")
    task.groups.add(Group.objects.get(name="Administrators"))
    WorkflowTask.objects.create(workflow=workflow, task=task)
    page = EditorialPage(title="Winter", slug="winter", live=False)
    HomePage.objects.get().add_child(instance=page)
    page.save_revision(user=curator)
    state = workflow.start(page, curator)
    assert client.get("/winter/").status_code == 404
    client.force_login(administrator)
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.current_task_state.pk])
    client.post(url, {"comment": "Good"})
    client.logout()
    assert client.get("/winter/").status_code == 200
