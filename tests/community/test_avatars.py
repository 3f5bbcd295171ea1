"""Profile pictures: chosen, cut, replaced, removed; what visitors can reach of them and what stays for the team."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from community.actions.remove_avatar import discard_avatar, remove_avatar, retry_avatar
from community.actions.set_avatar import crop_avatar, set_avatar
from community.actions.suspend_member import suspend_member
from community.models import Avatar, User
from community.tasks import process_avatar
from gallery.files import media, vault
from gallery.models import Original, Picture
from gallery.states import ProcessingState
from tests.factories import a_broken_picture, a_member, a_picture, a_post, an_avatar, an_original
from tests.pictures import photo
from tests.traces import ledger, ledger_acts, member_acts, public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana", name="Ana Duarte")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def shown(user):
    """The names of the files that are shown of a member."""
    user = again(user)
    return {user.avatar_small, user.avatar_large} - {""}


def a_broken_original(by):
    """An original whose head is fine and whose pixels are not."""
    return an_original(a_broken_picture(), by=by)


class TestChoosing:
    def test_both_sizes_lie_on_the_media_host_and_stand_on_the_members_row(self, ana):
        an_avatar(ana)
        assert public_files() == shown(ana)
        sides = [Image.open(media().open(name)).size for name in (again(ana).avatar_small, again(ana).avatar_large)]
        assert sides[0] == (96, 96) and sides[1][0] == sides[1][1] > 96

    def test_the_square_is_cut_where_the_member_put_it(self, ana):
        halves = Image.new("RGB", (600, 300), "red")
        halves.paste("blue", (300, 0, 600, 300))
        file = io.BytesIO()
        halves.save(file, "PNG")
        an_avatar(ana, an_original(ContentFile(file.getvalue())), crop=(300, 0, 300))
        red, _green, blue = Image.open(media().open(again(ana).avatar_small)).convert("RGB").getpixel((48, 48))
        assert blue > 200 > 60 > red

    def test_without_a_square_it_is_the_largest_one_in_the_middle(self, ana):
        avatar = an_avatar(ana, an_original(a_picture(640, 320)))
        assert avatar.crop_side == 0
        assert Image.open(media().open(again(ana).avatar_large)).size == (320, 320)

    @pytest.mark.parametrize("crop", [(-5, -5, 100), (390, 290, 200), (0, 0, 9999), (1e9, 1e9, 1e9)])
    def test_a_square_that_sticks_out_is_brought_inside(self, ana, crop):
        avatar = an_avatar(ana, an_original(a_picture(400, 300)), crop=crop)
        assert 0 <= avatar.crop_left <= 400 - avatar.crop_side and 0 <= avatar.crop_top <= 300 - avatar.crop_side
        assert avatar.is_ready

    def test_the_square_is_of_the_upright_picture(self, ana):
        original = an_original(ContentFile(photo(400, 600, orientation=6)))
        assert (original.width, original.height) == (400, 600)
        avatar = an_avatar(ana, original, crop=(0, 200, 400))
        assert (avatar.picture.renditions.get(filter_spec="width-320").width, avatar.crop_top) == (320, 200)

    def test_a_small_picture_is_never_enlarged(self, ana):
        an_avatar(ana, an_original(a_picture(60, 80)))
        assert Image.open(media().open(again(ana).avatar_large)).size == (60, 60)
        assert again(ana).avatar_small == again(ana).avatar_large

    def test_no_public_byte_says_where_it_was_taken_or_by_which_camera(self, ana):
        an_avatar(ana, an_original(ContentFile(photo(800, 600))))
        assert shown(ana)
        for name in public_files():
            assert b"SecretMaker" not in media().open(name).read()
            assert not Image.open(media().open(name)).getexif()

    def test_the_picture_that_was_not_cut_never_becomes_public(self, ana):
        """What the member cut away may be somebody who does not want to be seen."""
        avatar = an_avatar(ana, an_original(a_picture(800, 400)), crop=(0, 0, 200))
        whole = avatar.picture.renditions.get(filter_spec="private-whole")
        assert (whole.width, whole.height, whole.public_name) == (640, 320, "")
        assert len(public_files()) == 2

    def test_the_original_is_the_teams_to_keep(self, ana):
        original = an_original(by=ana)
        an_avatar(ana, original)
        assert again(original).attached_at and vault().exists(original.name)

    def test_it_stands_in_the_members_log_and_the_ledger(self, ana):
        avatar = an_avatar(ana)
        assert "member.avatar_chosen" in member_acts("ana")
        assert ledger_acts("ana") == ["avatar.shown"]
        assert ledger()[-1]["state"]["original"] == avatar.picture.original.sha256

    @pytest.mark.parametrize("who", ["unverified", "suspended"])
    def test_only_verified_members_in_good_standing_have_one(self, who):
        member = a_member("kit", verified=who != "unverified")
        if who == "suspended":
            suspend_member(member, by=None, reason="Spam")
        for act in (lambda: set_avatar(again(member), an_original()), lambda: remove_avatar(again(member))):
            with pytest.raises(PermissionDenied):
                act()
        assert not Avatar.objects.exists() and not Picture.objects.exists()

    def test_one_file_may_be_the_picture_of_several_people_and_in_a_post(self, ana):
        original, milo = an_original(by=ana), a_member("milo")
        a_post(ana, original=original)
        an_avatar(ana, original)
        an_avatar(milo, original)
        remove_avatar(ana)
        assert shown(milo) and not shown(ana) and vault().exists(original.name)


class TestReplacing:
    def test_the_one_before_is_withdrawn_and_the_next_has_new_names(self, ana):
        before = an_avatar(ana)
        old = shown(ana)
        an_avatar(ana)
        assert shown(ana) and not shown(ana) & old
        assert public_files() == shown(ana)
        assert again(before).removed_at and vault().exists(before.picture.original.name)
        assert ledger_acts("ana") == ["avatar.shown", "avatar.replaced", "avatar.shown"]

    def test_cutting_anew_keeps_the_file_and_draws_new_names(self, ana):
        before = an_avatar(ana)
        old = shown(ana)
        after = crop_avatar(ana, crop=(10, 20, 100))
        assert after.picture.original_id == before.picture.original_id
        assert (after.crop_left, after.crop_top, after.crop_side) == (10, 20, 100)
        assert public_files() == shown(ana) and not shown(ana) & old

    def test_who_has_none_has_nothing_to_cut(self, ana):
        with pytest.raises(ValidationError):
            crop_avatar(ana, crop=(0, 0, 10))

    @pytest.mark.queued
    def test_while_the_next_is_processed_the_one_before_stays_shown(self, ana, run_tasks):
        an_avatar(ana)
        run_tasks()
        before = shown(ana)
        waiting = an_avatar(ana)
        assert shown(ana) == before == public_files() and waiting.state == ProcessingState.PENDING
        run_tasks()
        assert shown(ana) == public_files() and not shown(ana) & before

    @pytest.mark.queued
    def test_of_two_on_their_way_the_newer_one_is_shown(self, ana, run_tasks):
        first, second = an_avatar(ana), an_avatar(ana)
        for avatar in (second, first):
            process_avatar.func(avatar.pk)
        assert again(first).removed_at and public_files() == shown(ana)
        assert again(ana).avatar_large in second.picture.renditions.values_list("public_name", flat=True)

    def test_processing_twice_changes_nothing(self, ana):
        avatar = an_avatar(ana)
        before = shown(ana)
        process_avatar.func(avatar.pk)
        assert shown(ana) == before == public_files()
        process_avatar.func(avatar.pk + 1000)


class TestFailing:
    def test_the_one_before_stays_and_the_reason_is_kept_for_its_member(self, ana):
        an_avatar(ana)
        before = shown(ana)
        failed = an_avatar(ana, a_broken_original(ana))
        assert failed.state == ProcessingState.FAILED and "damaged" in failed.failure
        assert shown(ana) == before == public_files()

    def test_choosing_another_one_forgets_what_was_no_picture(self, ana):
        broken = a_broken_original(ana)
        failed = an_avatar(ana, broken)
        an_avatar(ana)
        assert not Avatar.objects.filter(pk=failed.pk).exists()
        assert not Original.objects.filter(pk=broken.pk).exists() and not vault().exists(broken.name)

    def test_discarding_it_leaves_the_one_that_is_shown(self, ana):
        an_avatar(ana)
        broken = a_broken_original(ana)
        an_avatar(ana, broken)
        discard_avatar(ana)
        assert shown(ana) == public_files() != set()
        assert Avatar.objects.count() == 1 and not vault().exists(broken.name)

    def test_discarding_a_bad_cut_keeps_the_original_that_is_used(self, ana, monkeypatch):
        avatar = an_avatar(ana)
        Avatar.objects.create(
            user=ana, picture=a_second_picture(avatar), state=ProcessingState.FAILED, failure="Broken"
        )
        discard_avatar(ana)
        assert vault().exists(avatar.picture.original.name) and shown(ana)

    def test_trying_again_shows_it_when_it_works_this_time(self, ana, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(type(vault()), "open", refuse)
            avatar = an_avatar(ana)
        Avatar.objects.filter(pk=avatar.pk).update(state=ProcessingState.FAILED, failure="Given up", attempts=6)
        retry_avatar(ana)
        assert again(avatar).is_ready and shown(ana) == public_files() != set()

    def test_there_must_be_something_to_try_again(self, ana):
        an_avatar(ana)
        with pytest.raises(PermissionDenied):
            retry_avatar(ana)

    def test_a_media_host_that_is_down_leaves_the_one_before_and_the_work_to_be_found(self, ana, monkeypatch):
        an_avatar(ana)
        before = shown(ana)
        with monkeypatch.context() as patch:
            patch.setattr(type(media()), "copy_from_vault", refuse)
            waiting = an_avatar(ana)
        assert waiting.is_ready and waiting.retry_at and not waiting.is_in_place
        assert shown(ana) == before == public_files()
        process_avatar.func(waiting.pk)
        assert shown(ana) == public_files() and not shown(ana) & before


def refuse(*args, **kwargs):
    raise OSError("down")


def a_second_picture(avatar):
    picture = Picture(title="", kind="avatar", uploaded_by_user=avatar.user, collection_id=avatar.picture.collection_id)
    picture.attach(avatar.picture.original)
    picture.save()
    return picture


class TestRemoving:
    def test_nothing_of_it_is_in_reach_and_the_team_keeps_it(self, ana):
        avatar = an_avatar(ana)
        remove_avatar(ana)
        assert shown(ana) == set() == public_files()
        assert again(avatar).removed_at and vault().exists(avatar.picture.original.name)
        assert member_acts("ana")[-1] == "member.avatar_removed" and ledger_acts("ana")[-1] == "avatar.removed"

    @pytest.mark.queued
    def test_one_that_is_on_its_way_never_arrives(self, ana, run_tasks):
        an_avatar(ana)
        remove_avatar(ana)
        run_tasks()
        assert shown(ana) == set() == public_files()

    def test_who_has_none_has_nothing_to_remove(self, ana):
        with pytest.raises(PermissionDenied):
            remove_avatar(ana)

    def test_a_new_one_can_be_chosen_afterwards(self, ana):
        an_avatar(ana)
        remove_avatar(ana)
        an_avatar(ana)
        assert shown(ana) == public_files() != set()

    def test_others_pictures_stay(self, ana):
        milo = a_member("milo")
        an_avatar(ana)
        an_avatar(milo)
        remove_avatar(ana)
        assert public_files() == shown(milo)

    def test_the_ledger_is_written_before_the_commit_that_hides(self, ana, monkeypatch):
        an_avatar(ana)
        monkeypatch.setattr("community.actions.remove_avatar.ledger.enter", lambda *a, **k: refuse())
        with pytest.raises(OSError):
            remove_avatar(ana)
        assert shown(ana) == public_files() != set()
        assert User.objects.get(pk=ana.pk).avatar_large
