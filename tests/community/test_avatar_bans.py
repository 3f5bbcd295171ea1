"""Profile pictures that look like what staff took down: held, and initials or the one before shown, until staff decide."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from PIL import Image
from wagtail.models import ModelLogEntry, PageLogEntry

from community import avatar_bans
from community.actions.decide_avatar_match import confirm_avatar_match, let_avatar_through
from community.actions.set_avatar import crop_avatar
from community.actions.take_down_avatar import restore_avatar
from community.models import Avatar, AvatarMatch, Decision, Notification
from community.sweep import sweep_people
from gallery.actions.ban_picture import unban_picture
from gallery.actions.publish_post import publish_post
from gallery.actions.take_down_post import take_down_post
from gallery.models import BannedPicture, Photo, PostPage
from gallery.sweep import sweep
from tests.factories import a_member, a_post, a_staff_member, an_avatar, an_original, first_gallery
from tests.gallery.test_bans import CHANGES, as_file, drawn
from tests.traces import ledger_acts, public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona():
    return a_staff_member("Moderators", "mona")


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def banned(mona):
    take_down_post(a_post(original=an_original(as_file(drawn()))), by=mona, reason="It shows a neighbour.")
    return BannedPicture.objects.get()


def an_avatar_of(image, user, **how):
    return an_avatar(user, an_original(as_file(image)), **how)


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def told(member):
    rows = Notification.objects.filter(recipient=member, kind="moderation").order_by("pk")
    return [(row.details["act"], row.details["thing"]) for row in rows]


# --- Holding ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_what_looks_like_a_banned_picture_is_held_and_initials_stand(ana, banned, change):
    avatar = an_avatar_of(CHANGES[change](drawn()), ana)
    assert avatar.team_state == "held" and again(ana).avatar_large == "" and public_files() == set()
    match = AvatarMatch.objects.get()
    assert (match.avatar, match.banned, match.state) == (avatar, banned, "held") and match.distance <= 72
    assert told(ana) == [("hold", "picture")] and "avatar.held" in ledger_acts("ana")
    assert ModelLogEntry.objects.get(action="pixlpix.hold_avatar").user is None


def test_so_is_a_banned_picture_within_a_larger_one_that_is_cut_out_of_it(ana, banned):
    collage = Image.new("RGB", (1280, 854), "white")
    collage.paste(drawn(), (0, 0))
    collage.paste(drawn("sea", 4).resize((1280, 427)), (0, 427))
    square = drawn().crop((0, 0, 427, 427))
    take_down_post(
        a_post(original=an_original(as_file(square))), by=a_staff_member("Moderators"), reason="So does this."
    )
    assert an_avatar_of(collage, ana, crop=(0, 0, 427)).team_state == "held"


def test_the_one_before_stays_meanwhile_and_another_may_be_chosen(ana, banned):
    first = an_avatar_of(drawn("sea", 4), ana)
    before = again(ana).avatar_large
    held = an_avatar_of(CHANGES["resized"](drawn()), ana)
    assert before and again(ana).avatar_large == before and again(first).is_in_place
    with pytest.raises(ValidationError, match="looking at this picture"):
        crop_avatar(ana, crop=(0, 0, 50))
    third = an_avatar_of(drawn("sea", 7), ana)
    assert again(third).is_in_place and again(held).removed_at


def test_another_picture_is_shown(ana, banned):
    assert an_avatar_of(drawn("sea", 4), ana).is_in_place and not AvatarMatch.objects.exists()


def test_its_member_reads_what_happens(client, ana, banned):
    client.force_login(ana)
    assert "looking at your new picture" not in client.get("/settings/picture/").content.decode()
    an_avatar_of(CHANGES["resized"](drawn()), ana)
    page = client.get("/settings/picture/").content.decode()
    assert "The team is looking at your new picture" in page and "people see your initials" in page
    assert "took your picture down" not in page and "hx-trigger" not in page[page.index('id="picture"') :][:200]


def test_a_worker_that_is_killed_before_the_look_shows_nothing_unlooked_at(ana, banned, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(avatar_bans, "new_matches", lambda *args: 1 / 0)
        avatar = an_avatar_of(CHANGES["resized"](drawn()), ana)
    assert avatar.is_ready and avatar.team_state == "none" and again(ana).avatar_large == ""
    Avatar.objects.update(retry_at=timezone.now() - timedelta(minutes=1))
    sweep_people()
    assert again(avatar).team_state == "held" and again(ana).avatar_large == ""


def test_nor_does_the_sweeper_show_a_photo_unlooked_at(ana, banned, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("gallery.bans.new_matches", lambda *args: 1 / 0)
        original = an_original(as_file(CHANGES["resized"](drawn())))
        post = publish_post(ana, first_gallery(ana), [(original, "A ridge")], caption="")
    assert Photo.objects.get(post=post).is_ready and PostPage.objects.get(pk=post.pk).team_state == "none"
    sweep(at_once=True)
    assert PostPage.objects.get(pk=post.pk).team_state == "held" and public_files() == set()


# --- Deciding -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(ana, banned):
    an_avatar_of(CHANGES["resized"](drawn()), ana)
    return AvatarMatch.objects.select_related("avatar__user", "avatar__picture__original").get()


def test_let_through_it_takes_its_place_and_is_not_held_again(ana, mona, held):
    let_avatar_through(held, by=mona, reason="Another ridge")
    assert again(held.avatar).is_in_place and again(ana).avatar_large in public_files()
    assert (again(held).state, again(held).decided_by) == ("let_through", mona)
    assert told(ana)[-1] == ("let_through", "picture")
    assert ModelLogEntry.objects.get(action="pixlpix.let_avatar_through").data["reason"] == "Another ridge"
    avatar_bans.look_and_show(again(held.avatar))
    assert again(held.avatar).is_in_place
    with pytest.raises(ValidationError, match="decided this already"):
        let_avatar_through(held, by=mona)


def test_confirmed_it_is_taken_down_with_a_decision_that_its_member_can_appeal(ana, mona, held):
    confirm_avatar_match(held, by=mona, reason="It is that picture.")
    assert again(held.avatar).team_state == "taken_down" and again(held).state == "confirmed"
    assert Decision.objects.get(member=ana).act == "take_down" and told(ana)[-1] == ("take_down", "picture")


def test_restoring_it_on_its_members_page_decides_it_as_well(mona, held):
    restore_avatar(held.avatar, by=mona)
    assert again(held).state == "let_through"


def test_nobody_decides_on_their_own_and_only_who_keeps_the_list(mona, held):
    for by in (a_staff_member("Curators"), held.avatar.user):
        for act in (let_avatar_through, confirm_avatar_match):
            with pytest.raises(PermissionDenied):
                act(held, by=by, reason="Why not")
    held.avatar.user.groups.set(mona.groups.all())
    with pytest.raises(PermissionDenied, match="your own"):
        let_avatar_through(held, by=type(mona).objects.get(pk=held.avatar.user_id))
    assert again(held).state == "held"


def test_what_something_is_held_for_stays_on_the_list(mona, held):
    with pytest.raises(ValidationError, match="held because of this picture"):
        unban_picture(held.banned, by=mona)
    let_avatar_through(held, by=mona)
    unban_picture(held.banned, by=mona)


# --- The console --------------------------------------------------------------------------------------------------------


def test_the_console_lists_them_and_decides_by_forms_and_each_look_is_written_down(client, mona, ana, held):
    client.force_login(mona)
    index = "/admin/held-profile-pictures/"
    assert index in client.get("/admin/held-pictures/").content.decode()
    page = client.get(index).content.decode()
    assert "/admin/members/ana/" in page and "/private/" in page and "of 256 bits differ" in page
    assert ModelLogEntry.objects.filter(action="pixlpix.look", user=mona, object_id=str(ana.pk)).count() == 1
    assert client.get(f"{index}{held.key}/confirm/").status_code == 200
    client.post(f"{index}{held.key}/let-through/", {"reason": ""})
    assert again(held.avatar).is_in_place
    assert "decided this already" in client.post(f"{index}{held.key}/confirm/", {"reason": "Late"}).content.decode()
    assert "ana" in client.get(f"{index}?state=let_through").content.decode()
    assert client.get(f"{index}nonsense/confirm/").status_code == 404


def test_the_list_shows_nobody_their_own_and_writes_one_row_for_all_that_it_shows(client, mona, held):
    client.force_login(mona)
    for member in (a_member(), a_member(), mona):
        an_avatar_of(CHANGES["cropped"](drawn()).resize((300, 200 + member.pk % 50)), member)
    page = client.get("/admin/held-profile-pictures/")
    assert (
        mona.pk not in {match.avatar.user_id for match in page.context["page"]} and len(page.context["page"].items) == 3
    )
    entry = PageLogEntry.objects.filter(action="pixlpix.look", user=mona).latest("pk")
    assert len(entry.data["members"]) == 3
