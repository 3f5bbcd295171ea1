"""Photos that come to a visible post and leave it: their files, and nobody else's."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import StorageUnavailable, media
from gallery.locks import lock
from gallery.models import Photo, PostPage, Publication, Purge, Rendition
from gallery.photo_publication import close_photo, show_photo
from gallery.publication import all_ready
from gallery.states import ProcessingState, TeamState, Visibility
from gallery.sweep import sweep
from gallery.tasks import process_photo
from tests.factories import a_further_photo, a_post, a_staff_member
from tests.traces import every_name, ledger_acts, public_files

pytestmark = pytest.mark.django_db


def names_of(photo):
    """The public names of a photo's renditions, without the empty one."""
    return set(photo.picture.renditions.exclude(public_name="").values_list("public_name", flat=True))


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def remove(photo):
    """Take a photo out of its post, as its author's action does."""
    with transaction.atomic():
        lock(photo.post)
        photo.removed_at = timezone.now()
        photo.save(update_fields=["removed_at"])
        close_photo(photo)


def in_step():
    """No row names a file that is not there, and no file is there that no row names."""
    return public_files() == set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))


class TestWhenAPostIsReady:
    @pytest.mark.parametrize("state", [ProcessingState.PENDING, ProcessingState.FAILED])
    def test_before_it_is_published_it_waits_for_every_photo(self, state):
        post = a_post(photos=2)
        PostPage.objects.filter(pk=post.pk).update(published_at=None, photos_ready=False)
        Photo.objects.filter(post=post, position=1).update(state=state)
        assert not all_ready(fresh(post))

    @pytest.mark.parametrize("state", [ProcessingState.PENDING, ProcessingState.FAILED])
    def test_afterwards_a_photo_that_waits_or_failed_hides_nothing(self, state):
        post = a_post(photos=2)
        Photo.objects.filter(post=post, position=1).update(state=state)
        assert all_ready(post)

    @pytest.mark.parametrize(
        "change", [{"state": ProcessingState.FAILED}, {"removed_at": timezone.now()}, {"team_state": TeamState.HELD}]
    )
    def test_a_post_without_any_photo_to_show_is_not_ready(self, change):
        post = a_post()
        Photo.objects.filter(post=post).update(**change)
        assert not all_ready(post)

    def test_a_photo_that_was_taken_out_is_not_waited_for(self):
        post = a_post(photos=2)
        PostPage.objects.filter(pk=post.pk).update(published_at=None, photos_ready=False)
        Photo.objects.filter(position=1).update(state=ProcessingState.PENDING, removed_at=timezone.now())
        assert all_ready(fresh(post))

    @pytest.mark.parametrize("state", [ProcessingState.PENDING, ProcessingState.FAILED])
    def test_undo_shows_a_post_with_a_photo_that_waits_or_failed(self, state):
        post = a_post()
        Photo.objects.filter(pk=a_further_photo(post, ready=False).pk).update(state=state)
        withdraw_post(post, by=post.author)
        assert undo_withdrawal(post, by=post.author).is_visible
        assert in_step()

    def test_the_sweeper_shows_a_published_post_that_has_one_ready_photo(self):
        post = a_post()
        a_further_photo(post, ready=False)
        PostPage.objects.filter(pk=post.pk).update(photos_ready=False, live=False)
        PostPage.objects.update(created_at=timezone.now() - timedelta(minutes=3))
        assert sweep()["posts_shown"] == 1
        assert sweep()["posts_shown"] == 0


class TestWhichFilesArePublic:
    @pytest.mark.parametrize(
        "change", [{"state": ProcessingState.FAILED}, {"removed_at": timezone.now()}, {"team_state": TeamState.HELD}]
    )
    def test_a_post_that_comes_back_shows_no_photo_that_may_not_be_shown(self, change):
        post = a_post(photos=2)
        withdraw_post(post, by=post.author)
        other = post.photos.get(position=1)
        Photo.objects.filter(pk=other.pk).update(**change)
        undo_withdrawal(post, by=post.author)
        assert names_of(post.photos.get(position=0)) == public_files() != set()
        assert names_of(other) == set()

    def test_a_post_for_followers_has_none(self):
        post = a_post()
        withdraw_post(post, by=post.author)
        PostPage.objects.update(visibility=Visibility.FOLLOWERS, effective_visibility=Visibility.FOLLOWERS)
        assert undo_withdrawal(post, by=post.author).is_visible
        assert public_files() == set()

    def test_a_photo_that_becomes_ready_while_its_post_comes_back_is_shown_with_it(self, monkeypatch):
        post = a_post()
        added = a_further_photo(post, ready=False)
        withdraw_post(post, by=post.author)
        real, done = type(media()).copy_from_vault, []

        def copy(self, *args, **options):
            if not done:
                done.append(process_photo.func(added.pk))
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        undo_withdrawal(post, by=post.author)
        assert names_of(added)
        assert in_step()

    def test_a_photo_that_is_taken_out_while_its_post_comes_back_is_not(self, monkeypatch):
        post = a_post(photos=2)
        withdraw_post(post, by=post.author)
        photo = post.photos.get(position=1)
        real, done = type(media()).copy_from_vault, []

        def copy(self, *args, **options):
            if not done:
                done.append(remove(photo))
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        undo_withdrawal(post, by=post.author)
        assert names_of(photo) == set()
        assert in_step()


@pytest.mark.usefixtures("both_storages")
class TestComing:
    def test_a_photo_that_becomes_ready_is_shown_and_the_others_stay_where_they_are(self):
        post = a_post()
        before = public_files()
        added = a_further_photo(post, ready=False)
        process_photo.func(added.pk)
        assert names_of(added)
        assert public_files() == before | names_of(added) == every_name(post)
        assert Publication.objects.count() == 1

    def test_its_files_lie_in_a_folder_of_their_own_below_the_posts_prefix(self):
        post = a_post()
        added = a_further_photo(post)
        show_photo(added)
        assert {name.split("/")[0] for name in names_of(added)} == {post.publications.get().prefix}
        folders = {name.split("/")[1] for name in public_files()}
        assert len(folders) == 2

    def test_shown_twice_it_changes_nothing(self):
        added = a_further_photo(a_post())
        show_photo(added)
        before = public_files()
        show_photo(added)
        assert public_files() == before
        assert not Purge.objects.exists()

    @pytest.mark.parametrize("state", [TeamState.TAKEN_DOWN, TeamState.HELD])
    def test_where_its_post_is_hidden_it_waits_for_it(self, state):
        post = a_post()
        added = a_further_photo(post)
        moderator = a_staff_member("Moderators")
        take_down_post(post, by=moderator, reason="Not theirs")
        PostPage.objects.update(team_state=state)
        show_photo(added)
        assert public_files() == set()
        restore_post(fresh(post), by=moderator)
        assert names_of(added)

    def test_where_its_authors_own_row_hides_the_post_it_waits(self):
        """Suspended at this moment: the flags have not reached the post yet."""
        added = a_further_photo(a_post())
        type(added.post.author).objects.update(standing="suspended")
        show_photo(added)
        assert names_of(added) == set()

    def test_a_photo_that_was_taken_out_meanwhile_is_not_shown(self):
        added = a_further_photo(a_post())
        Photo.objects.filter(pk=added.pk).update(removed_at=timezone.now())
        show_photo(added)
        assert names_of(added) == set()
        assert in_step()

    def test_a_photo_that_failed_leaves_the_post_as_it_was(self):
        post = a_post()
        Photo.objects.filter(pk=a_further_photo(post, ready=False).pk).update(state=ProcessingState.FAILED)
        process_photo.func(Photo.objects.latest("pk").pk)
        assert fresh(post).is_visible
        assert in_step()

    def test_a_media_host_that_is_down_leaves_nothing_half_public_and_the_sweeper_shows_it_later(self, monkeypatch):
        added = a_further_photo(a_post())
        before = public_files()
        real, calls = type(media()).copy_from_vault, []

        def down(self, *args, **options):
            calls.append(1)
            if len(calls) > 1:
                raise StorageUnavailable("down")
            return real(self, *args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(type(media()), "copy_from_vault", down)
            with pytest.raises(StorageUnavailable):
                show_photo(added)
        assert names_of(added) == set()
        assert public_files() == before
        assert sweep()["photos_shown"] == 0  # not yet
        Photo.objects.filter(pk=added.pk).update(retry_at=timezone.now() - timedelta(seconds=1))
        assert sweep()["photos_shown"] == 1
        assert names_of(added)
        assert sweep()["photos_shown"] == 0


@pytest.mark.usefixtures("both_storages")
class TestLeaving:
    def test_its_files_are_gone_when_it_returns_and_the_others_stay_where_they_are(self):
        post = a_post(photos=2)
        one, other = post.photos.order_by("position")
        kept = names_of(other)
        remove(one)
        assert public_files() == kept == names_of(other)
        assert names_of(one) == set()
        assert fresh(post).is_visible

    def test_what_the_cdn_must_forget_is_its_folder_alone(self):
        post = a_post(photos=2)
        one = post.photos.get(position=0)
        folder = "/".join(min(names_of(one)).split("/")[:2]) + "/"
        remove(one)
        assert [purge.path for purge in Purge.objects.all()] == [folder]
        assert Purge.objects.get().files_gone_at

    def test_a_transaction_that_fails_deletes_nothing(self):
        post = a_post()
        before = public_files()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            close_photo(post.photos.get())
            raise ZeroDivisionError
        assert public_files() == before == names_of(post.photos.get())
        assert not Purge.objects.exists()

    def test_a_media_host_that_is_down_leaves_the_files_to_the_sweeper(self, monkeypatch):
        photo = a_post().photos.get()
        with monkeypatch.context() as patch:

            def down(self, prefix):
                raise StorageUnavailable("down")

            patch.setattr(type(media()), "delete_prefix", down)
            remove(photo)
            assert sweep()["folders_emptied"] == 0
        assert public_files()
        assert names_of(photo) == set()
        assert sweep()["folders_emptied"] == 1
        assert public_files() == set()
        assert Purge.objects.get().files_gone_at


@pytest.mark.usefixtures("both_storages")
class TestReplacing:
    @pytest.fixture
    def post(self):
        return a_post(photos=2)

    def test_the_old_one_stays_until_the_new_one_is_ready(self, post):
        old = post.photos.get(position=0)
        before = public_files()
        a_further_photo(post, ready=False, replaces=old)
        assert public_files() == before
        assert fresh(old).removed_at is None

    def test_the_new_one_takes_the_old_ones_place_and_its_files_go(self, post):
        old, other = post.photos.order_by("position")
        gone = names_of(old)
        new = a_further_photo(post, ready=False, replaces=old)
        process_photo.func(new.pk)
        new, old = fresh(new), fresh(old)
        assert (new.position, new.replaces) == (0, None)
        assert old.removed_at
        assert names_of(new)
        assert public_files() == names_of(new) | names_of(other)
        assert not gone & public_files()

    def test_the_old_one_stands_in_the_ledger_as_removed(self, post):
        show_photo(a_further_photo(post, replaces=post.photos.get(position=0)))
        assert ledger_acts(post.short_id) == ["photo.removed"]

    def test_in_a_post_that_is_hidden_it_takes_its_place_too(self, post):
        old = post.photos.get(position=0)
        new = a_further_photo(post, replaces=old)
        withdraw_post(post, by=post.author)
        show_photo(new)
        assert fresh(new).position == 0
        assert fresh(old).removed_at
        assert public_files() == set()

    def test_the_words_of_the_old_one_stay_also_those_that_changed_meanwhile(self, post):
        new = a_further_photo(post, replaces=post.photos.get(position=0))
        Photo.objects.filter(pk=new.replaces_id).update(alt_text="A ridge at noon")
        show_photo(new)
        assert fresh(new).alt_text == "A ridge at noon"

    def test_a_post_that_comes_back_before_the_swap_shows_the_old_one_alone(self, post):
        new = a_further_photo(post, replaces=post.photos.get(position=0))
        withdraw_post(post, by=post.author)
        undo_withdrawal(post, by=post.author)
        assert names_of(new) == set()
        assert len(public_files()) == len(every_name(post)) / 2

    def test_the_sweeper_swaps_what_a_killed_worker_left(self, post):
        new = a_further_photo(post, replaces=post.photos.get(position=0))
        assert sweep()["photos_shown"] == 1
        assert fresh(new).position == 0
        assert sweep()["photos_shown"] == 0

    def test_where_the_old_one_was_removed_meanwhile_it_keeps_its_own_place(self, post):
        old = post.photos.get(position=0)
        new = a_further_photo(post, replaces=old)
        remove(old)
        show_photo(new)
        new = fresh(new)
        assert new.replaces is None
        assert names_of(new)
        assert in_step()


class TestATakedownInBetween:
    """As for posts: whatever comes between the steps of a photo's publication wins."""

    @pytest.fixture
    def added(self, both_storages):
        return a_further_photo(a_post())

    def takedown_at(self, monkeypatch, post, number, act=None):
        real, calls = type(media()).copy_from_vault, []
        act = act or (lambda: withdraw_post(post, by=post.author))

        def copy(self, *args, **options):
            calls.append(1)
            if len(calls) == number:
                act()
            return real(self, *args, **options)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        return calls

    @pytest.mark.parametrize("number", [1, 2])
    def test_of_the_post_while_files_are_copied(self, added, monkeypatch, number):
        calls = self.takedown_at(monkeypatch, added.post, number)
        show_photo(added)
        assert len(calls) >= number
        assert public_files() == set() == names_of(added)
        assert not Publication.objects.exclude(state="closed").exists()

    def test_of_the_post_after_the_last_file(self, added, monkeypatch):
        from gallery import photo_publication

        real = photo_publication.copy_files

        def copy(copies):
            real(copies)
            withdraw_post(added.post, by=added.post.author)

        monkeypatch.setattr(photo_publication, "copy_files", copy)
        show_photo(added)
        assert public_files() == set() == names_of(added)

    @pytest.mark.parametrize("change", [{"removed_at": timezone.now()}, {"team_state": TeamState.HELD}])
    def test_of_the_photo_while_files_are_copied(self, added, monkeypatch, change):
        before = public_files()
        self.takedown_at(monkeypatch, added.post, 1, lambda: Photo.objects.filter(pk=added.pk).update(**change))
        show_photo(added)
        assert public_files() == before
        assert names_of(added) == set()

    def test_a_post_that_is_taken_down_and_restored_meanwhile_shows_it_once(self, added, monkeypatch):
        def act():
            withdraw_post(added.post, by=added.post.author)
            undo_withdrawal(added.post, by=added.post.author)

        self.takedown_at(monkeypatch, added.post, 1, act)
        show_photo(added)
        assert names_of(added)
        assert in_step()

    def test_a_folder_that_the_sweeper_cleared_meanwhile_is_not_shown(self, added, monkeypatch):
        """So slow that it was taken for killed: what was copied first is gone by now."""

        def act():
            Purge.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
            sweep()

        self.takedown_at(monkeypatch, added.post, 2, act)
        show_photo(added)
        assert names_of(added)
        assert in_step()


@pytest.mark.postgres  # SQLite lets one write at a time
@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def together(self, *jobs):
        failures = []

        def run(job):
            try:
                job()
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failures == []

    def test_a_takedown_beside_photos_that_come_wins(self, both_storages):
        post = a_post()
        added = [a_further_photo(post) for _ in range(3)]
        self.together(
            *(lambda photo=photo: show_photo(photo) for photo in added), lambda: withdraw_post(post, by=post.author)
        )
        assert public_files() == set()
        assert not Rendition.objects.exclude(public_name="").exists()

    def test_two_workers_with_one_photo_show_it_once(self, both_storages):
        added = a_further_photo(a_post())
        self.together(lambda: show_photo(added), lambda: show_photo(added))
        assert names_of(added)
        assert in_step()

    def test_photos_that_come_while_their_post_is_restored_are_all_shown(self, both_storages):
        post = a_post()
        added = [a_further_photo(post, ready=False) for _ in range(2)]
        withdraw_post(post, by=post.author)
        self.together(
            *(lambda photo=photo: process_photo.func(photo.pk) for photo in added),
            lambda: undo_withdrawal(post, by=post.author),
        )
        assert all(names_of(photo) for photo in added)
        assert in_step()
