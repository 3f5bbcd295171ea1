"""What `reconcile_media` and the sweeper find and mend about profile pictures, on folders and on the S3 server."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.actions.leave import leave
from community.actions.suspend_member import lift_suspension, suspend_member
from community.models import Avatar, User
from community.sweep import sweep_people
from gallery.files import media, vault
from gallery.models import Publication, Rendition
from gallery.reconcile import KINDS, reconcile
from gallery.states import ProcessingState, TeamState
from gallery.sweep import sweep
from tests.factories import a_member, a_post, an_avatar, an_original
from tests.traces import public_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("both_storages")]


@pytest.fixture
def avatar():
    return an_avatar(a_member("ana"))


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def shown(user):
    user = again(user)
    return {user.avatar_small, user.avatar_large} - {""}


def of(counts):
    return {kind: count for kind, count in counts.items() if count}


def minutes_later(minutes=5):
    User.objects.update(standing_since=timezone.now() - timedelta(minutes=minutes))


def test_healthy_pictures_are_no_finding(avatar):
    a_post(avatar.user)
    an_avatar(avatar.user)
    an_avatar(a_member("milo"))
    leave(a_member("bert"))
    assert of(reconcile(mend=True, at_once=True)["found"]) == {}


@pytest.mark.parametrize(
    ("of_what", "change"),
    [
        ("avatar", {"team_state": TeamState.TAKEN_DOWN}),
        ("avatar", {"team_state": TeamState.HELD}),
        ("avatar", {"removed_at": timezone.now()}),
        ("member", {"standing": "suspended"}),
        ("member", {"standing": "left"}),
        ("member", {"verified_at": None}),
        ("member", {"is_active": False}),
    ],
)
def test_a_picture_hidden_past_every_action_loses_its_public_files(avatar, of_what, change):
    model, pk = (Avatar, avatar.pk) if of_what == "avatar" else (User, avatar.user_id)
    model.objects.filter(pk=pk).update(**change)
    mended = reconcile()["mended"]
    assert mended["publication_of_hidden_avatar"] == 1
    assert public_files() == set() == shown(avatar.user)
    assert not Rendition.objects.exclude(public_name="").exists()
    assert of(reconcile()["found"]) == {}


def test_a_member_whose_row_names_no_file_is_shown_again_under_new_names(avatar):
    User.objects.update(avatar_large="a/b/c.webp", avatar_small="a/b/d.webp")
    before = public_files()
    assert reconcile()["mended"]["member_names_no_picture"] == 1
    assert shown(avatar.user) == public_files() and not public_files() & before
    assert of(reconcile()["found"]) == {}


def test_a_ready_picture_that_is_not_named_is_shown(avatar):
    User.objects.update(avatar_large="", avatar_small="")
    assert reconcile()["mended"]["ready_avatar_not_shown"] == 1
    assert shown(avatar.user) == public_files() != set()


def test_a_public_file_that_is_missing_is_published_anew(avatar):
    gone = again(avatar.user).avatar_large
    media().delete(gone)
    assert reconcile(mend=True)["mended"]["rendition_without_public_file"] == 1
    assert shown(avatar.user) == public_files() and gone not in public_files()
    assert all(media().exists(name) for name in shown(avatar.user))


def test_a_private_file_that_is_missing_is_made_again(avatar):
    lost = avatar.picture.renditions.get(filter_spec="width-96")
    vault().delete(lost.file.name)
    assert reconcile(mend=True)["mended"]["rendition_without_file"] == 1
    assert again(avatar).is_ready and shown(avatar.user) == public_files()
    assert all(vault().exists(r.file.name) for r in avatar.picture.renditions.all())
    assert of(reconcile(mend=True)["found"]) == {}


def test_every_kind_of_finding_is_counted():
    assert set(reconcile()["found"]) == set(KINDS) >= {"publication_of_hidden_avatar", "ready_avatar_not_shown"}


class TestSweeping:
    @pytest.fixture
    def waiting(self, monkeypatch):
        """A picture whose worker was killed before it began."""
        with monkeypatch.context() as patch:
            patch.setattr("community.tasks.processing.process", lambda *args, **kwargs: None)
            return an_avatar(a_member("ana"))

    @pytest.fixture
    def ready(self, monkeypatch):
        """A picture whose worker was killed between its renditions and its place, after another one."""
        ana = a_member("ana")
        an_avatar(ana)
        with monkeypatch.context() as patch:
            patch.setattr(type(media()), "copy_from_vault", refuse)
            return an_avatar(ana)

    def overdue(self, **changes):
        Avatar.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now() - timedelta(minutes=1), **changes)

    def test_one_past_its_deadline_is_processed(self, waiting):
        assert sweep()["avatars_queued_again"] == 0
        self.overdue()
        assert sweep()["avatars_queued_again"] == 1
        assert again(waiting).is_in_place and shown(waiting.user) == public_files() != set()

    def test_after_many_tries_it_is_given_up_and_its_member_told(self, waiting):
        self.overdue(attempts=6)
        assert sweep()["avatars_queued_again"] == 0
        assert again(waiting).state == ProcessingState.FAILED and again(waiting).failure

    def test_reconcile_queues_it_at_once_where_nothing_else_runs(self, waiting):
        assert reconcile(at_once=True)["mended"]["overdue_photo"] == 1
        assert again(waiting).is_ready

    def test_one_that_is_ready_takes_its_place(self, ready):
        before = shown(ready.user)
        assert sweep_people()["avatars_shown"] == 0
        self.overdue()
        assert sweep_people()["avatars_shown"] == 1
        assert again(ready).is_in_place and shown(ready.user) == public_files() and not public_files() & before

    def test_one_that_still_cannot_be_shown_waits_longer(self, ready, monkeypatch):
        self.overdue()
        before = shown(ready.user)
        monkeypatch.setattr(type(media()), "copy_from_vault", refuse)
        assert sweep_people()["avatars_shown"] == 0
        assert again(ready).retry_at > timezone.now() and shown(ready.user) == before == public_files()

    def test_reconcile_shows_it_as_well(self, ready):
        self.overdue()
        assert reconcile()["mended"]["ready_avatar_not_shown"] == 1
        assert again(ready).is_in_place and shown(ready.user) == public_files()

    def test_a_shown_one_that_is_made_once_more_is_withdrawn_with_the_next(self, ready, monkeypatch):
        """A lost private file makes it wait again, and it must not be taken for one that nobody ever saw."""
        first = Avatar.objects.earliest("pk")
        Avatar.objects.filter(pk=ready.pk).update(removed_at=timezone.now())
        Avatar.objects.filter(pk=first.pk).update(state=ProcessingState.PENDING)
        an_avatar(ready.user)
        assert again(first).removed_at and shown(ready.user) == public_files() != set()

    def test_a_picture_whose_files_outlived_the_standing_is_found(self, avatar):
        User.objects.update(standing="suspended")
        minutes_later()
        assert sweep_people()["members_followed"] == 1
        assert public_files() == set() == shown(avatar.user)
        assert sweep_people()["members_followed"] == 0

    def test_a_picture_that_did_not_come_back_with_its_member_is_found(self, avatar, monkeypatch):
        suspend_member(avatar.user, by=None, reason="Spam")
        with monkeypatch.context() as patch:
            patch.setattr(type(media()), "copy_from_vault", refuse)
            lift_suspension(avatar.user, by=None)
        assert shown(avatar.user) == set()
        minutes_later()
        assert sweep_people()["members_followed"] == 1
        assert shown(avatar.user) == public_files() != set()

    def test_a_publication_that_broke_off_is_closed(self, avatar):
        Publication.objects.update(state="closing")
        assert sweep()["publications_closed"] == 1
        assert public_files() == set()


def refuse(*args, **kwargs):
    raise OSError("down")


def test_an_account_never_verified_is_dropped_only_where_it_has_no_picture():
    from community.actions.drop_unverified import drop_unverified_accounts

    an_avatar(a_member("ana"), an_original())
    User.objects.update(verified_at=None, date_joined=timezone.now() - timedelta(days=30))
    assert drop_unverified_accounts() == 0
