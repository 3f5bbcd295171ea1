"""Another username: addresses with the old one lead on, and nobody else ever gets it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.actions.change_username import change_username
from community.actions.leave import leave
from community.actions.suspend_member import suspend_member
from community.admin.history import history_of
from community.models import Block, TakenName
from gallery.actions.move_post import move_post
from gallery.actions.set_visibility import set_visibility
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, MemberAct, MemberPage, PostPage
from gallery.reconcile import reconcile
from gallery.states import Visibility
from tests.community.joining import join, sign_in
from tests.factories import a_gallery, a_member, a_post, an_original, first_gallery

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana", name="Ana")


def long_ago(user):
    MemberAct.objects.filter(actor=user).update(at=timezone.now() - timedelta(days=31))


def test_member_goes_by_the_new_name_and_signs_in_with_it(client, ana):
    assert change_username(ana, " Bea ").username == "bea"
    assert client.get("/members/bea/").status_code == 200
    assert sign_in(client, "bea").url == "/"
    assert MemberAct.objects.get(act="member.username_changed").details == {"former": "ana"}


def test_addresses_of_member_gallery_and_post_lead_on_for_good(client, ana):
    post = a_post(ana, gallery=a_gallery(ana, "Iceland"))
    change_username(ana, "bea")
    for path in ("", "iceland/", f"iceland/{post.short_id}/"):
        response = client.get(f"/members/ana/{path}")
        assert (response.status_code, response["Location"]) == (301, f"/members/bea/{path}")
        assert client.get(f"/members/bea/{path}").status_code == 200


def test_after_two_names_and_a_move_each_address_that_ever_was_leads_on_in_one_step(client, ana):
    photos, iceland = first_gallery(ana), a_gallery(ana, "Iceland")
    post = a_post(ana, gallery=photos)
    change_username(ana, "bea")
    long_ago(ana)
    post = move_post(PostPage.objects.get(pk=post.pk), GalleryPage.objects.get(pk=iceland.pk), by=ana)
    change_username(ana, "cleo")
    now = f"/members/cleo/iceland/{post.short_id}/"
    for former in ("ana/photos", "bea/photos", "bea/iceland", "cleo/photos"):
        assert client.get(f"/members/{former}/{post.short_id}/").headers.get("Location") == now, former


def test_removed_post_is_gone_at_addresses_with_a_former_name_too(client, ana):
    post = a_post(ana)
    change_username(ana, "bea")
    withdraw_post(PostPage.objects.get(pk=post.pk), by=ana)
    assert client.get(f"/members/ana/photos/{post.short_id}/").status_code == 410
    assert client.get(f"/members/milo/photos/{post.short_id}/").status_code == 404


def test_posts_of_one_who_left_are_gone_at_addresses_with_a_former_name(client, ana):
    post = a_post(ana)
    leave(change_username(ana, "bea"))
    assert client.get(f"/members/ana/photos/{post.short_id}/").status_code == 410
    assert client.get("/members/ana/").status_code == 404


def test_former_name_leads_nobody_to_whom_they_may_not_see(client, ana):
    hidden = a_gallery(ana, "Family")
    GalleryPage.objects.filter(pk=hidden.pk).update(visibility=Visibility.FOLLOWERS)
    post = a_post(ana, gallery=first_gallery(ana), original=an_original())
    set_visibility(post, by=ana, visibility=Visibility.FOLLOWERS)
    change_username(ana, "bea")
    for path in ("family/", "no-such-gallery/", f"photos/{post.short_id}/"):
        assert client.get(f"/members/ana/{path}").status_code == 404, path
    milo = a_member("milo")
    Block.objects.create(blocker=ana, blocked=milo)
    client.force_login(milo)
    assert client.get("/members/ana/").status_code == client.get("/members/ana/photos/").status_code == 404


def test_freed_name_and_what_looks_like_it_are_never_given_out(client, ana):
    change_username(ana, "bea")
    for name in ("ana", "an-a"):
        with pytest.raises(ValidationError):
            change_username(a_member(), name)
        assert "username" in join(client, username=name, email="other@example.org").context["form"].errors


def test_own_former_name_can_be_taken_back_and_own_spelling_changed(client, ana):
    change_username(ana, "bea")
    long_ago(ana)
    assert change_username(ana, "ana").username == "ana"
    assert client.get("/members/bea/")["Location"] == "/members/ana/"
    long_ago(ana)
    assert change_username(ana, "a-na").username == "a-na"
    assert client.get("/members/ana/")["Location"] == "/members/a-na/"
    assert TakenName.objects.filter(user=ana).count() == 2


@pytest.mark.parametrize("name", ["admin", "former-member-7", "a", "ana.b", "ünder", "x" * 31, ""])
def test_name_that_the_rules_refuse_is_refused(ana, name):
    with pytest.raises(ValidationError):
        change_username(ana, name)


def test_second_change_within_the_time_is_refused(ana, settings):
    change_username(ana, "bea")
    with pytest.raises(ValidationError) as refusal:
        change_username(ana, "cleo")
    assert refusal.value.code == "too_soon"
    settings.USERNAME_CHANGE_DAYS = 0
    assert change_username(ana, "cleo").username == "cleo"


def test_own_present_name_costs_no_change(ana):
    change_username(ana, "ana")
    assert not MemberAct.objects.filter(act="member.username_changed").exists()


def test_suspended_member_changes_nothing(ana):
    with pytest.raises(PermissionDenied):
        change_username(suspend_member(ana, by=None, reason="Spam"), "bea")


def test_tree_follows_and_a_lost_task_is_made_good(ana):
    post = a_post(ana)
    change_username(ana, "bea")
    assert MemberPage.objects.get(user=ana).slug == "bea"
    assert PostPage.objects.get().url_path.endswith(f"/bea/photos/{post.short_id}/")
    MemberPage.objects.filter(user=ana).update(slug="ana")
    assert reconcile()["mended"]["page_under_former_name"] == 1
    assert MemberPage.objects.get(user=ana).slug == "bea"


@pytest.mark.queued
def test_request_itself_touches_no_page(ana):
    for _number in range(3):
        a_gallery(ana)
    change_username(ana, "bea")
    assert MemberPage.objects.get(user=ana).slug == "ana"
    assert MemberPage.objects.get(user=ana).address() == "/members/bea/"


def test_console_still_shows_what_was_done_to_a_gallery_before(ana):
    gallery = a_gallery(ana, "Iceland")
    change_username(ana, "bea")
    assert "Made the gallery" in [
        str(row.what) for row in history_of(GalleryPage.objects.get(pk=gallery.pk), AnonymousUser())
    ]


def test_page_changes_it_and_says_when_it_can_be_changed_again(client, ana):
    client.force_login(ana)
    assert client.post("/settings/username/", {"username": "Bea"}).url == "/settings/"
    page = client.get("/settings/username/").content.decode()
    assert "@bea" in page and "You can change it again from" in page


def test_page_keeps_what_was_typed_and_suggests_free_names(client, ana):
    a_member("milo")
    client.force_login(ana)
    response = client.post("/settings/username/", {"username": "milo"})
    assert response.status_code == 422 and "milo-photo" in response.content.decode()
    assert 'value="milo"' in response.content.decode()


def test_asking_too_often_is_refused(client, ana, settings):
    settings.ACCOUNT_RATE_LIMITS = {"change_username": "1/h/user"}
    client.force_login(ana)
    statuses = [client.post("/settings/username/", {"username": "admin"}).status_code for _ in range(2)]
    assert statuses == [422, 429]
