"""The console's members, galleries and staff: nobody is added, deleted or deactivated; members are suspended."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.models import User
from community.models.users import Standing
from gallery.models import GalleryPage, PostPage, Purge
from gallery.states import TeamState
from tests.factories import a_gallery, a_member, a_post, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client):
    moderator = a_staff_member("Moderators")
    client.force_login(moderator)
    return moderator


@pytest.fixture
def administrator(client):
    administrator = a_staff_member("Administrators")
    client.force_login(administrator)
    return administrator


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def names(response):
    return [member.username for member in response.context["page"]]


def bulk_users(action, *users):
    ids = "&".join(f"id={user.pk}" for user in users)
    return reverse("wagtail_bulk_action", args=["community", "user", action]) + f"?{ids}&next=/admin/"


# --- Members ----------------------------------------------------------------------------------------------------------


def test_members_are_listed_newest_first(client, moderator):
    a_member("anouk")
    a_member("bertil")
    assert names(client.get(reverse("console_members:index")))[:2] == ["bertil", "anouk"]


@pytest.mark.parametrize("query", ["anouk", "ANO", "@anouk", "anouk@example.org"])
def test_a_member_is_found_by_the_start_of_the_name_or_the_whole_address(client, moderator, query):
    a_member("anouk")
    a_member("bertil")
    assert names(client.get(reverse("console_members:index"), {"q": query})) == ["anouk"]


def test_a_members_page_shows_galleries_posts_and_what_happened(client, moderator):
    member = a_member("anouk")
    a_gallery(member, "Harbours")
    a_post(member, caption="A quay")
    page = client.get(reverse("console_members:member", args=["anouk"]))
    assert "Harbours" in page.content.decode()
    assert "A quay" in page.content.decode()
    assert "Published the post" in [str(entry.what) for entry in page.context["history"]]


def test_the_list_of_members_costs_the_same_however_many_there_are(client, moderator, django_assert_max_num_queries):
    address = reverse("console_members:index")
    client.get(address)
    with django_assert_max_num_queries(15) as few:
        client.get(address)
    for _ in range(5):
        a_member()
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_a_moderator_suspends_a_member_with_a_reason(client, moderator):
    post = a_post()
    client.post(reverse("console_members:suspend", args=[post.author.username]), {"reason": "Insults"})
    member = fresh(post.author)
    assert (member.standing, member.standing_reason) == (Standing.SUSPENDED, "Insults")
    assert not fresh(post).is_visible


def test_a_moderator_lifts_a_suspension(client, moderator):
    post = a_post()
    client.post(reverse("console_members:suspend", args=[post.author.username]), {"reason": "Insults"})
    client.post(reverse("console_members:lift", args=[post.author.username]), {"reason": "Settled"})
    assert fresh(post.author).standing == Standing.ACTIVE
    assert fresh(post).is_visible


def test_a_moderator_cannot_suspend_an_administrator(client, moderator):
    boss = a_staff_member("Administrators")
    client.post(reverse("console_members:suspend", args=[boss.username]), {"reason": "No"})
    assert fresh(boss).standing == Standing.ACTIVE


@pytest.mark.parametrize("page", ["member", "suspend", "lift"])
def test_curators_do_not_reach_members(client, page):
    client.force_login(a_staff_member("Curators"))
    member = a_member()
    client.post(reverse(f"console_members:{page}", args=[member.username]), {"reason": "x"})
    assert client.get(reverse(f"console_members:{page}", args=[member.username])).status_code in (302, 403)
    assert fresh(member).standing == Standing.ACTIVE


# --- Galleries --------------------------------------------------------------------------------------------------------


def gallery_address(name, gallery):
    return reverse(f"console_members:{name}", args=[gallery.author.username, gallery.gallery_slug])


def test_a_moderator_takes_a_gallery_down_edits_the_reason_and_restores_it(client, moderator):
    post = a_post()
    gallery = GalleryPage.objects.get(pk=post.gallery_id)
    client.post(gallery_address("take_down_gallery", gallery), {"reason": "Stolen"})
    assert (fresh(gallery).team_state, fresh(post).is_visible) == (TeamState.TAKEN_DOWN, False)
    client.post(gallery_address("edit_gallery_reason", gallery), {"reason": "All of it is a magazine's"})
    assert fresh(gallery).team_reason == "All of it is a magazine's"
    client.post(gallery_address("restore_gallery", gallery), {})
    assert (fresh(gallery).team_state, fresh(post).is_visible) == (TeamState.NONE, True)


def test_a_gallery_is_shown_with_its_posts(client, moderator):
    post = a_post(caption="A quay")
    page = client.get(gallery_address("gallery", post.gallery)).content.decode()
    assert "A quay" in page


# --- Wagtail's users --------------------------------------------------------------------------------------------------

SUSPENSIONS = {
    "Delete": lambda user: (reverse("wagtailusers_users:delete", args=[user.pk]), {}),
    "Delete, in bulk": lambda user: (bulk_users("delete", user), {}),
    "Deactivate, in bulk": lambda user: (bulk_users("set_active_state", user), {"mark_as_active": "False"}),
}


@pytest.mark.parametrize("way", SUSPENSIONS)
def test_deleting_or_deactivating_a_user_suspends_the_member(client, administrator, way):
    """Wagtail leaves the posts of a deleted or deactivated user live, and without an owner."""
    post = a_post()
    client.post(*SUSPENSIONS[way](post.author))
    member = User.objects.get(pk=post.author_id)
    assert (member.standing, member.standing_reason, member.is_active) == (
        Standing.SUSPENDED,
        "Removed in the admin",
        True,
    )
    assert not PostPage.objects.get(pk=post.pk).is_visible


@pytest.mark.parametrize("way", SUSPENSIONS)
def test_nobody_is_suspended_in_wagtails_users_by_a_curator(client, way):
    client.force_login(a_staff_member("Curators"))
    member = a_member()
    client.post(*SUSPENSIONS[way](member))
    assert fresh(member).standing == Standing.ACTIVE


def test_nobody_can_be_added(client, administrator):
    before = User.objects.count()
    data = {"username": "mallory", "email": "m@example.org", "password1": "x" * 20, "password2": "x" * 20, "name": "M"}
    client.post(reverse("wagtailusers_users:add"), data)
    assert User.objects.count() == before


def test_an_administrator_gives_somebody_a_group(client, administrator):
    member = a_member()
    curators = Group.objects.get(name="Curators")
    client.post(reverse("wagtailusers_users:edit", args=[member.pk]), {"groups": [curators.pk]})
    assert list(member.groups.all()) == [curators]
    assert ModelLogEntry.objects.get(action="pixlpix.groups").user == administrator


def test_the_form_of_a_user_changes_nothing_but_groups(client, administrator):
    member = a_member("anouk")
    data = {"username": "mallory", "email": "m@example.org", "is_superuser": "on", "is_active": "", "password1": "x"}
    client.post(reverse("wagtailusers_users:edit", args=[member.pk]), data)
    after = fresh(member)
    assert (after.username, after.email, after.is_superuser, after.is_active, after.password) == (
        "anouk",
        member.email,
        False,
        True,
        member.password,
    )


def test_an_administrator_cannot_take_their_own_group_away(client, administrator):
    client.post(reverse("wagtailusers_users:edit", args=[administrator.pk]), {"groups": []})
    assert administrator.groups.filter(name="Administrators").exists()


@pytest.mark.parametrize("group", ["Moderators", "Curators"])
def test_moderators_and_curators_give_nobody_a_group(client, group):
    client.force_login(a_staff_member(group))
    member = a_member()
    pk = Group.objects.get(name="Administrators").pk
    client.post(reverse("wagtailusers_users:edit", args=[member.pk]), {"groups": [pk]})
    client.post(bulk_users("assign_role", member), {"role": pk})
    assert not member.groups.exists()


def test_the_list_of_users_shows_staff_alone(client, administrator):
    member = a_member()
    page = client.get(reverse("wagtailusers_users:index")).content.decode()
    assert administrator.username in page
    assert member.username not in page


# --- Plain lists ------------------------------------------------------------------------------------------------------

LISTS = {
    "original": "gallery_original",
    "act": "gallery_memberact",
    "consent": "community_consentrecord",
    "purge": "gallery_purge",
}


@pytest.mark.parametrize("name", LISTS.values())
def test_plain_models_are_listed_read_only(client, administrator, name):
    a_post()
    assert client.get(reverse(f"{name}_modeladmin_index")).status_code == 200
    assert client.post(reverse(f"{name}_modeladmin_create"), {}).status_code in (302, 403, 404)


@pytest.mark.parametrize(
    ("group", "seen"),
    [("Moderators", {"original", "act", "purge"}), ("Curators", set())],
    ids=["Moderators", "Curators"],
)
def test_plain_models_are_listed_for_whoever_may_see_them(client, group, seen):
    client.force_login(a_staff_member(group))
    answers = {what: client.get(reverse(f"{name}_modeladmin_index")).status_code for what, name in LISTS.items()}
    assert {what for what, status in answers.items() if status == 200} == seen


def test_folders_that_the_cdn_has_not_forgotten_are_listed_and_no_others(client, administrator):
    Purge.objects.create(path="waiting/")
    Purge.objects.create(path="done/", purged_at=timezone.now())
    page = client.get(reverse("gallery_purge_modeladmin_index")).content.decode()
    assert "waiting/" in page
    assert "done/" not in page


def test_site_history_shows_staffs_acts_in_words(client, administrator):
    post = a_post(caption="Fog")
    client.post(reverse("console_posts:take_down", args=[post.short_id]), {"reason": "Spam"})
    page = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    assert "Take down" in page
