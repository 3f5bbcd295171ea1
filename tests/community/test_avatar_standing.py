"""Profile pictures follow their member's standing, and the team's decisions about them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from community.actions.leave import leave
from community.actions.remove_avatar import remove_avatar
from community.actions.set_avatar import crop_avatar
from community.actions.suspend_member import lift_suspension, suspend_member
from community.actions.take_down_avatar import restore_avatar, take_down_avatar
from community.models import Avatar
from community.tasks import process_avatar
from gallery.files import media, vault
from gallery.models import Publication
from gallery.states import ProcessingState, TeamState
from tests.factories import a_member, a_staff_member, an_avatar, an_original
from tests.traces import ledger_acts, public_files
from tests.visiting import fetch

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def moderator():
    return a_staff_member("Moderators", "wren")


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def shown(user):
    user = again(user)
    return {user.avatar_small, user.avatar_large} - {""}


class TestStanding:
    @pytest.mark.parametrize("how", ["suspended", "left"])
    def test_hiding_a_member_hides_their_picture_with_it(self, ana, moderator, how):
        an_avatar(ana)
        suspend_member(ana, by=moderator, reason="Spam") if how == "suspended" else leave(ana)
        assert shown(ana) == set() == public_files()

    @pytest.mark.queued
    def test_no_task_has_to_run_for_that(self, ana, moderator, run_tasks):
        an_avatar(ana)
        run_tasks()
        suspend_member(ana, by=moderator, reason="Spam")
        assert shown(ana) == set() == public_files()

    def test_lifting_shows_it_again_under_new_names(self, ana, moderator):
        an_avatar(ana)
        before = shown(ana)
        suspend_member(ana, by=moderator, reason="Spam")
        lift_suspension(ana, by=moderator)
        assert shown(ana) == public_files() != set() and not shown(ana) & before
        assert sorted(ledger_acts("ana")[2:]) == ["avatar.shown", "member.suspension_lifted"]

    def test_lifting_brings_no_picture_back_that_was_removed_or_taken_down(self, ana, moderator):
        milo = a_member("milo")
        an_avatar(ana)
        remove_avatar(ana)
        take_down_avatar(an_avatar(milo), by=moderator, reason="Not theirs")
        for member in (ana, milo):
            suspend_member(member, by=moderator, reason="Spam")
            lift_suspension(member, by=moderator)
        assert public_files() == set() == shown(ana) | shown(milo)

    @pytest.mark.queued
    def test_a_picture_that_gets_ready_during_a_suspension_waits_for_its_end(self, ana, moderator, run_tasks):
        an_avatar(ana)
        suspend_member(ana, by=moderator, reason="Spam")
        run_tasks()
        assert Avatar.objects.get().is_ready and public_files() == set()
        lift_suspension(again(ana), by=moderator)
        assert shown(ana) == public_files() != set()

    def test_suspension_that_comes_while_its_files_are_copied_wins(self, ana, moderator, both_storages, monkeypatch):
        real, calls = type(media()).copy_from_vault, []

        def copy(self, *args, **options):
            calls.append(1)
            if len(calls) == 2:
                suspend_member(ana, by=moderator, reason="Spam")
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        an_avatar(ana)
        assert len(calls) == 2 and public_files() == set() == shown(ana)
        assert not Publication.objects.exclude(state="closed").exists()


class TestTakingDown:
    def test_initials_stand_in_its_place_and_the_team_keeps_it(self, ana, moderator):
        avatar = take_down_avatar(an_avatar(ana), by=moderator, reason=" Not theirs ")
        assert shown(ana) == set() == public_files()
        assert (avatar.team_state, avatar.team_reason) == (TeamState.TAKEN_DOWN, "Not theirs")
        assert vault().exists(avatar.picture.original.name)

    def test_it_stands_in_wagtails_log_and_the_ledger(self, ana, moderator):
        avatar = take_down_avatar(an_avatar(ana), by=moderator, reason="Not theirs")
        restore_avatar(avatar, by=moderator, reason="A mistake")
        entries = ModelLogEntry.objects.filter(object_id=str(ana.pk)).order_by("timestamp")
        assert [(e.action, e.user, e.data["reason"]) for e in entries] == [
            ("pixlpix.take_down_avatar", moderator, "Not theirs"),
            ("pixlpix.restore_avatar", moderator, "A mistake"),
        ]
        assert ledger_acts("ana") == ["avatar.shown", "avatar.taken_down", "avatar.restored"]

    def test_restoring_shows_it_under_new_names(self, ana, moderator):
        avatar = an_avatar(ana)
        before = shown(ana)
        restore_avatar(take_down_avatar(avatar, by=moderator, reason="Not theirs"), by=moderator)
        assert shown(ana) == public_files() != set() and not shown(ana) & before
        assert again(avatar).team_reason == ""

    def test_restoring_brings_none_back_that_its_member_replaced_or_removed(self, ana, moderator):
        milo = a_member("milo")
        replaced, removed = an_avatar(ana), an_avatar(milo)
        for avatar in (replaced, removed):
            take_down_avatar(avatar, by=moderator, reason="Not theirs")
        an_avatar(ana)
        now = shown(ana)
        remove_avatar(milo)
        for avatar in (replaced, removed):
            assert restore_avatar(again(avatar), by=moderator).team_state == TeamState.NONE
        assert shown(ana) == now == public_files() and shown(milo) == set()

    def test_restoring_during_a_suspension_shows_nothing(self, ana, moderator):
        avatar = take_down_avatar(an_avatar(ana), by=moderator, reason="Not theirs")
        suspend_member(ana, by=moderator, reason="Spam")
        restore_avatar(again(avatar), by=moderator)
        assert public_files() == set()
        lift_suspension(again(ana), by=moderator)
        assert shown(ana) == public_files() != set()

    def test_every_cut_of_the_same_file_goes_with_it(self, ana, moderator):
        first = an_avatar(ana)
        crop_avatar(ana, crop=(0, 0, 50))
        take_down_avatar(first, by=moderator, reason="Not theirs")
        assert public_files() == set() == shown(ana)
        with pytest.raises(ValidationError):
            crop_avatar(ana, crop=(0, 0, 60))

    def test_other_peoples_pictures_of_the_same_file_stay(self, ana, moderator):
        original, milo = an_original(), a_member("milo")
        avatar = an_avatar(ana, original)
        an_avatar(milo, original)
        take_down_avatar(avatar, by=moderator, reason="Not theirs")
        assert public_files() == shown(milo) != set()

    def test_an_older_picture_taken_down_leaves_the_one_that_is_shown(self, ana, moderator):
        older = an_avatar(ana)
        an_avatar(ana)
        take_down_avatar(older, by=moderator, reason="Not theirs")
        assert shown(ana) == public_files() != set()

    @pytest.mark.queued
    def test_one_that_is_taken_down_before_it_is_ready_never_arrives(self, ana, moderator, run_tasks):
        an_avatar(ana)
        run_tasks()
        before = shown(ana)
        waiting = take_down_avatar(an_avatar(ana), by=moderator, reason="Not theirs")
        run_tasks()
        assert shown(ana) == before == public_files()
        assert again(waiting).is_ready
        restore_avatar(again(waiting), by=moderator)
        assert shown(ana) == public_files() and not shown(ana) & before

    @pytest.mark.queued
    def test_one_that_is_restored_before_it_is_ready_arrives(self, ana, moderator):
        waiting = take_down_avatar(an_avatar(ana), by=moderator, reason="Not theirs")
        assert restore_avatar(waiting, by=moderator).state == ProcessingState.PENDING
        process_avatar.func(waiting.pk)
        assert shown(ana) == public_files() != set()

    def test_takedown_that_comes_while_its_files_are_copied_wins(self, ana, moderator, both_storages, monkeypatch):
        real, calls = type(media()).copy_from_vault, []

        def copy(self, *args, **options):
            calls.append(1)
            if len(calls) == 2:
                take_down_avatar(Avatar.objects.get(), by=moderator, reason="Not theirs")
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        an_avatar(ana)
        assert len(calls) == 2 and public_files() == set() == shown(ana)

    def test_a_reason_is_needed(self, ana, moderator):
        with pytest.raises(ValidationError):
            take_down_avatar(an_avatar(ana), by=moderator, reason="  ")
        assert shown(ana)

    @pytest.mark.parametrize("group", [None, "Curators"])
    def test_members_and_curators_decide_nothing(self, ana, moderator, group):
        by = a_staff_member(group, "kit") if group else a_member("kit")
        avatar = an_avatar(ana)
        with pytest.raises(PermissionDenied):
            take_down_avatar(avatar, by=by, reason="Spam")
        take_down_avatar(avatar, by=moderator, reason="Spam")
        with pytest.raises(PermissionDenied):
            restore_avatar(again(avatar), by=by)

    def test_only_what_is_down_is_restored(self, ana, moderator):
        with pytest.raises(PermissionDenied):
            restore_avatar(an_avatar(ana), by=moderator)


def replaced(avatar, by):
    an_avatar(avatar.user)


def removed(avatar, by):
    remove_avatar(avatar.user)


def suspended(avatar, by):
    suspend_member(avatar.user, by=by, reason="Spam")


def gone(avatar, by):
    leave(avatar.user)


def taken_down(avatar, by):
    take_down_avatar(avatar, by=by, reason="Not theirs")


@pytest.mark.parametrize("withdraw", [replaced, removed, suspended, gone, taken_down])
def test_no_address_that_its_files_ever_had_answers_anybody(client, ana, moderator, both_storages, withdraw):
    avatar = an_avatar(ana)
    crop_avatar(ana, crop=(5, 5, 80))
    avatar = Avatar.objects.select_related("user", "picture__original").latest("pk")
    living = public_files()
    assert living and {fetch(client, media().url(name)).status_code for name in living} == {200}
    withdraw(avatar, moderator)
    ever = {name for names in Publication.objects.values_list("names", flat=True) for name in names} - shown(ana)
    assert living <= ever
    assert {fetch(client, media().url(name)).status_code for name in ever} <= {403, 404}
    private = {r.file.name for a in Avatar.objects.all() for r in a.picture.renditions.all()}
    originals = {a.picture.original.name for a in Avatar.objects.select_related("picture__original")}
    assert {fetch(client, vault().url(name)).status_code for name in private | originals} <= {403, 404}
    assert {client.get(reverse("vault_file", args=[name])).status_code for name in private} == {404}
