"""Members' pages in Wagtail's own admin: every address of every kind either leads to the console, removes, or refuses.

All requests go to Wagtail's real addresses, as the people who might send them.
"""

import pytest
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from community.models import User
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, MemberPage, MembersPage, PostPage
from gallery.states import TeamState
from home.models import EditorialPage, HomePage
from tests.factories import a_member, a_post, a_staff_member, first_gallery

pytestmark = pytest.mark.django_db

STAFF = ["Moderators", "Administrators"]


@pytest.fixture(params=STAFF)
def staff(client, request):
    staff = a_staff_member(request.param)
    client.force_login(staff)
    return staff


@pytest.fixture
def curator(client):
    curator = a_staff_member("Curators")
    client.force_login(curator)
    return curator


def wagtail(name, *args):
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def console_of(post):
    return reverse("console_posts:post", args=[post.short_id])


def an_editorial_page(title="Jobs"):
    return HomePage.objects.get().add_child(instance=EditorialPage(title=title, slug=title.lower()))


# --- Reading leads to the console -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["edit", "history", "history_results", "usage", "view_draft", "workflow_history"])
def test_reading_a_post_in_wagtail_leads_to_the_console(client, staff, name):
    post = a_post()
    assert client.get(wagtail(name, post.pk)).headers["Location"] == console_of(post)


@pytest.mark.parametrize("name", ["wagtailadmin_explore", "wagtailadmin_explore_results"])
def test_exploring_members_pages_leads_to_the_console(client, staff, name):
    """The explorer would count and order a million pages, and list every owner as a box to tick."""
    post = a_post()
    things = {
        MembersPage.objects.get().pk: reverse("console_members:index"),
        post.author.member_page.pk: reverse("console_members:member", args=[post.author.username]),
        post.gallery_id: reverse("console_members:gallery", args=[post.author.username, post.gallery.gallery_slug]),
        post.pk: console_of(post),
    }
    led = {pk: client.get(reverse(name, args=[pk])).headers["Location"] for pk in things}
    assert led == things


def test_unpublish_and_delete_lead_to_the_form_that_takes_a_reason_or_the_post(client, staff):
    post = a_post()
    for name in ("delete", "unpublish"):
        assert client.get(wagtail(name, post.pk)).status_code == 302
    assert fresh(post).team_state == TeamState.NONE


def test_listing_all_pages_of_one_type_leads_to_the_consoles_listing(client, staff):
    answer = client.get(wagtail("type_use", "gallery", "postpage"))
    assert answer.headers["Location"] == reverse("console_posts:index")


# --- Unpublish and Delete take down -----------------------------------------------------------------------------------


def api(page, action):
    return reverse("wagtailadmin_api:pages:action", args=[page.pk, action])


def bulk(action, *pages):
    ids = "&".join(f"id={page.pk}" for page in pages)
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", action]) + f"?{ids}&next=/admin/"


REMOVALS = {
    "Unpublish": lambda page: wagtail("unpublish", page.pk),
    "Delete": lambda page: wagtail("delete", page.pk),
    "Unpublish, in bulk": lambda page: bulk("unpublish", page),
    "Delete, in bulk": lambda page: bulk("delete", page),
    "Unpublish, by the admin's API": lambda page: api(page, "unpublish"),
    "Delete, by the admin's API": lambda page: api(page, "delete"),
}


@pytest.mark.parametrize("way", REMOVALS)
def test_every_removal_of_a_post_is_a_takedown_with_a_reason(client, staff, way):
    post = a_post()
    client.post(REMOVALS[way](post), {})
    post = fresh(post)
    assert (post.team_state, post.team_reason, post.live) == (TeamState.TAKEN_DOWN, "Removed in the admin", False)


@pytest.mark.parametrize("way", REMOVALS)
def test_every_removal_of_a_post_stands_in_wagtails_log_with_who(client, staff, way):
    post = a_post()
    client.post(REMOVALS[way](post), {})
    assert PageLogEntry.objects.get(page=post, action="pixlpix.take_down").user == staff


@pytest.mark.parametrize("way", REMOVALS)
def test_every_removal_of_a_gallery_takes_it_down_with_its_posts(client, staff, way):
    """Wagtail's own Unpublish leaves what is below live, and its Delete leaves the files public."""
    post = a_post()
    client.post(REMOVALS[way](post.gallery), {})
    assert fresh(post.gallery).team_state == TeamState.TAKEN_DOWN
    assert not fresh(post).is_visible


@pytest.mark.parametrize("way", REMOVALS)
def test_every_removal_of_a_members_page_suspends_the_member(client, staff, way):
    post = a_post()
    client.post(REMOVALS[way](post.author.member_page), {})
    assert User.objects.get(pk=post.author_id).standing == "suspended"
    assert not fresh(post).is_visible


@pytest.mark.parametrize("way", REMOVALS)
def test_no_removal_reaches_the_page_that_all_members_stand_below(client, staff, way):
    post = a_post()
    client.post(REMOVALS[way](MembersPage.objects.get()), {"wagtail_site_name": "PixlPix"})
    assert MembersPage.objects.get().live
    assert fresh(post).is_visible


@pytest.mark.parametrize("way", REMOVALS)
def test_no_removal_reaches_the_front_page(client, staff, way):
    """Its descendants are everything: unpublishing or deleting it would take all members along."""
    post = a_post()
    data = {"include_descendants": "on", "recursive": "true", "wagtail_site_name": "PixlPix"}
    client.post(REMOVALS[way](HomePage.objects.get()), data)
    assert HomePage.objects.get().live
    assert fresh(post).is_visible


@pytest.mark.parametrize("way", REMOVALS)
def test_curators_remove_nothing_of_members(client, curator, way):
    post = a_post()
    for page in (post, post.gallery, post.author.member_page):
        client.post(REMOVALS[way](page), {})
    assert fresh(post).is_visible


@pytest.mark.parametrize("way", REMOVALS)
def test_curators_remove_editorial_pages_as_wagtail_has_it(client, curator, way):
    page = an_editorial_page()
    client.post(REMOVALS[way](page), {})
    assert not Page.objects.filter(pk=page.pk, live=True).exists()


def test_a_post_that_its_author_deleted_can_be_taken_down_too(client, staff):
    post = a_post()
    withdraw_post(post, by=post.author)
    client.post(wagtail("delete", post.pk))
    assert fresh(post).team_state == TeamState.TAKEN_DOWN


def test_several_posts_are_taken_down_in_bulk(client, staff):
    posts = [a_post(), a_post()]
    client.post(bulk("delete", *posts), {})
    assert [fresh(post).team_state for post in posts] == [TeamState.TAKEN_DOWN] * 2


def test_selecting_everything_in_the_explorer_never_means_members_posts(client, staff):
    post = a_post()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    client.post(f"{address}?id=all&childOf={post.gallery_id}&next=/admin/", {"wagtail_site_name": "PixlPix"})
    client.post(f"{address}?id=all&next=/admin/", {"wagtail_site_name": "PixlPix"})
    assert fresh(post).is_visible


# --- Everything else is refused ---------------------------------------------------------------------------------------


def state_of(post):
    return (
        fresh(post).is_visible,
        fresh(post).caption,
        fresh(post).path,
        Page.objects.count(),
        fresh(post).locked,
        PageViewRestriction.objects.count(),
        fresh(post).latest_revision_id,
    )


REFUSED = {
    "edit": lambda post, other: (wagtail("edit", post.pk), {"title": "x", "slug": "x", "action-publish": "1"}),
    "preview": lambda post, other: (wagtail("preview_on_edit", post.pk), {"title": "x"}),
    "copy": lambda post, other: (
        wagtail("copy", post.pk),
        {"new_title": "x", "new_slug": "x", "new_parent_page": post.gallery_id, "publish_copies": "on"},
    ),
    "alias": lambda post, other: (
        wagtail("copy", post.pk),
        {"new_title": "x", "new_slug": "x", "new_parent_page": post.gallery_id, "alias": "on"},
    ),
    "convert an alias": lambda post, other: (wagtail("convert_alias", post.pk), {}),
    "move": lambda post, other: (wagtail("move_confirm", post.pk, other.gallery_id), {}),
    "set its position": lambda post, other: (wagtail("set_page_position", post.pk) + "?position=0", {}),
    "privacy": lambda post, other: (wagtail("set_privacy", post.pk), {"restriction_type": "login"}),
    "lock": lambda post, other: (wagtail("lock", post.pk), {}),
    "unlock": lambda post, other: (wagtail("unlock", post.pk), {}),
    "add below": lambda post, other: (wagtail("add", "gallery", "postpage", post.gallery_id), {"title": "x"}),
    "publish in bulk": lambda post, other: (bulk("publish", post), {}),
    "move in bulk": lambda post, other: (bulk("move", post), {"chooser": other.gallery_id}),
    **{
        f"{action}, by the admin's API": lambda post, other, action=action: (
            api(post, action),
            {"destination_page_id": other.gallery_id, "recursive": True},
        )
        for action in ("copy", "create_alias", "move", "publish", "convert_alias", "revert_to_page_revision")
    },
    "confirm a workflow's end": lambda post, other: (wagtail("confirm_workflow_cancellation", post.pk), {}),
    "a workflow's action": lambda post, other: (wagtail("workflow_action", post.pk, "approve", 1), {}),
    "a revision": lambda post, other: (wagtail("revisions_revert", post.pk, 1), {}),
    "unscheduling a revision": lambda post, other: (wagtail("revisions_unschedule", post.pk, 1), {}),
}


@pytest.mark.parametrize("act", REFUSED)
def test_what_fits_nothing_is_refused_and_changes_nothing(client, staff, act):
    post, other = a_post(), a_post()
    before = state_of(post)
    answer = client.post(*REFUSED[act](post, other))
    assert answer.status_code in (302, 403, 404)
    assert state_of(post) == before


@pytest.mark.parametrize("act", REFUSED)
def test_publishing_ways_do_not_bring_back_what_was_taken_down(client, staff, act):
    post, other = a_post(), a_post()
    client.post(wagtail("unpublish", post.pk))
    client.post(*REFUSED[act](post, other))
    assert not fresh(post).live


def test_an_editorial_page_cannot_be_moved_below_a_member(client):
    client.force_login(a_staff_member("Administrators"))
    page, gallery = an_editorial_page(), first_gallery(a_member())
    client.post(wagtail("move_confirm", page.pk, gallery.pk))
    assert fresh(page).get_parent().pk == HomePage.objects.get().pk


# --- What curators can see --------------------------------------------------------------------------------------------


def secrets(client, address, **data):
    return client.get(address, data).content.decode()


def test_curators_find_no_members_post_in_the_explorer_the_choosers_or_the_api(client, curator):
    post = a_post(caption="Private-words")
    withdraw_post(post, by=post.author)
    home = HomePage.objects.get()
    pages = [
        secrets(client, reverse("wagtailadmin_explore", args=[home.pk]), q="Private"),
        secrets(client, reverse("wagtailadmin_explore", args=[home.pk]), has_child_pages="false"),
        secrets(client, wagtail("search"), q="Private"),
        secrets(client, reverse("wagtailadmin_choose_page_search"), q="Private"),
        secrets(client, reverse("wagtailadmin_choose_page_child", args=[post.gallery_id])),
        secrets(client, reverse("wagtailadmin_api:pages:listing"), descendant_of=home.pk),
        secrets(client, reverse("wagtailadmin_api:pages:detail", args=[post.pk])),
        secrets(client, reverse("wagtailadmin_reports:site_history")),
        secrets(client, reverse("wagtailadmin_reports:aging_pages")),
        *[secrets(client, bulk(action, post)) for action in ("delete", "unpublish", "move", "publish")],
    ]
    assert [page for page in pages if "Private-words" in page] == []


def test_curators_reach_no_members_page_by_its_address(client, curator):
    post = a_post()
    for page in (post, post.gallery, post.author.member_page, MembersPage.objects.get()):
        for address in (wagtail("edit", page.pk), reverse("wagtailadmin_explore", args=[page.pk])):
            assert client.get(address).headers.get("Location") == reverse("wagtailadmin_home")


def test_the_explorer_lists_no_owner_to_tick_and_asks_for_none(client, django_assert_max_num_queries):
    """Wagtail's filter lists every page's owner: members' pages have none, and the question itself would walk them all."""
    client.force_login(a_staff_member("Administrators"))
    a_post()
    with django_assert_max_num_queries(60) as captured:
        client.get(reverse("wagtailadmin_explore", args=[HomePage.objects.get().pk]))
    assert [query["sql"] for query in captured if "DISTINCT" in query["sql"] and "owner_id" in query["sql"]] == []
    assert not Page.objects.filter(owner__isnull=False, pk__in=PostPage.objects.values("pk")).exists()


def test_the_admins_home_page_costs_the_same_however_many_posts_there_are(client, django_assert_max_num_queries):
    client.force_login(a_staff_member("Administrators"))
    author = a_member()
    a_post(author)
    client.get(reverse("wagtailadmin_home"))
    with django_assert_max_num_queries(40) as captured:
        client.get(reverse("wagtailadmin_home"))
    counts = [query["sql"] for query in captured if "COUNT(" in query["sql"].upper()]
    assert [sql for sql in counts if "wagtailcore_page" in sql or "gallery_picture" in sql] == []


def test_no_members_page_has_an_owner():
    post = a_post()
    for model in (MemberPage, GalleryPage, PostPage):
        assert not model.objects.filter(owner__isnull=False).exists()
    assert post.author.member_page.owner_id is None


def test_the_admins_help_menu_asks_nobody_to_look_at_wagtails_news(client):
    """Wagtail's help menu leads to its own pages and carries a badge until they have been looked at."""
    client.force_login(a_staff_member("Administrators"))
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "whats-new-in-wagtail" not in page
