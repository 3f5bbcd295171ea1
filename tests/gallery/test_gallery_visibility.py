"""Whom a gallery is for: it holds at the commit of the gallery's row; posts and files follow in chunks."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from community.models import Follow
from community.visibility import listed_for, posts_for
from gallery.actions import set_gallery_visibility as setting
from gallery.actions.add_photo import add_photo
from gallery.actions.set_gallery_visibility import set_gallery_visibility
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_gallery import take_down_gallery
from gallery.flags import follow
from gallery.models import GalleryPage, PostPage
from gallery.reconcile import reconcile
from gallery.states import Visibility
from gallery.sweep import sweep
from tests import factories as f
from tests.traces import every_name, ledger_acts, member_acts, public_files

pytestmark = pytest.mark.django_db
PUBLIC, UNLISTED, FOLLOWERS = Visibility.values
VISITOR = AnonymousUser()


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def post(ana):
    return f.a_post(ana, gallery=f.a_gallery(ana))


@pytest.fixture
def follower(ana):
    milo = f.a_member("milo")
    Follow.objects.create(follower=milo, followed=ana, accepted_at=timezone.now())
    return milo


def make(post, visibility):
    return set_gallery_visibility(post.gallery, by=post.author, visibility=visibility)


def reached(post, viewer=VISITOR):
    return posts_for(viewer).filter(pk=post.pk).exists()


def listed(post, viewer=VISITOR):
    assert posts_for(viewer).listed().filter(pk=post.pk).exists() <= listed_for(viewer).filter(pk=post.pk).exists()
    return listed_for(viewer).filter(pk=post.pk).exists()


def fresh(post):
    return PostPage.objects.get(pk=post.pk)


@pytest.mark.queued
class TestAtTheCommitOfItsRow:
    """Nothing has been told to the posts yet: the task waits."""

    @pytest.fixture(autouse=True)
    def nothing_follows(self, monkeypatch):
        monkeypatch.setattr(setting, "INLINE", 0)

    def ready(self, ana, run_tasks):
        post = f.a_post(ana, gallery=f.a_gallery(ana))
        run_tasks()
        assert listed(post)
        return post

    def test_narrowed_to_followers_only_followers_reach_it(self, ana, follower, run_tasks):
        post = self.ready(ana, run_tasks)
        make(post, FOLLOWERS)
        assert fresh(post).effective_visibility == PUBLIC
        assert not reached(post) and not reached(post, f.a_member())
        assert reached(post, follower) and listed(post, follower) and reached(post, ana)

    def test_narrowed_to_the_link_lists_are_clean(self, ana, run_tasks):
        post = self.ready(ana, run_tasks)
        make(post, UNLISTED)
        assert fresh(post).effective_visibility == PUBLIC
        assert reached(post) and not listed(post)

    def test_then_the_task_tells_every_post_and_their_files_go(self, ana, run_tasks):
        post = self.ready(ana, run_tasks)
        make(post, FOLLOWERS)
        assert public_files()
        run_tasks()
        assert fresh(post).effective_visibility == FOLLOWERS
        assert public_files() == set()

    def test_a_lost_task_is_made_up_for_by_the_sweeper(self, ana, run_tasks):
        from django_tasks_db.models import DBTaskResult

        post = self.ready(ana, run_tasks)
        make(post, FOLLOWERS)
        DBTaskResult.objects.all().delete()
        assert sweep()["narrowed_galleries_followed"] == 1
        run_tasks()
        assert fresh(post).effective_visibility == FOLLOWERS
        assert public_files() == set()
        assert sweep()["narrowed_galleries_followed"] == 0

    def test_a_lost_widening_is_found_by_reconcile(self, ana, run_tasks):
        from django_tasks_db.models import DBTaskResult

        post = self.ready(ana, run_tasks)
        make(post, FOLLOWERS)
        run_tasks()
        make(post, PUBLIC)
        DBTaskResult.objects.all().delete()
        assert not reached(post)
        assert reconcile(vault_too=False)["found"]["post_narrower_than_it_says"] == 1
        assert reached(post) and public_files()


class TestAtOnce:
    """Few posts follow before it returns."""

    def test_narrowed_no_public_file_is_left(self, post):
        other = f.a_post(post.author)
        make(post, FOLLOWERS)
        assert public_files() == every_name(other)
        assert fresh(post).effective_visibility == FOLLOWERS

    def test_widened_again_files_get_new_names(self, post):
        before = public_files()
        make(post, FOLLOWERS)
        make(post, PUBLIC)
        assert public_files() and not public_files() & before
        assert listed(post)

    def test_between_everyone_and_everyone_with_the_link_no_file_moves(self, post):
        before = public_files()
        make(post, UNLISTED)
        assert public_files() == before and not listed(post)
        make(post, PUBLIC)
        assert public_files() == before and listed(post)

    def test_a_post_that_is_narrower_itself_stays_so(self, post):
        set_visibility(post, by=post.author, visibility=FOLLOWERS)
        make(post, UNLISTED)
        make(post, PUBLIC)
        assert fresh(post).effective_visibility == FOLLOWERS and not reached(post)

    def test_what_the_team_took_down_stays_down(self, post):
        make(post, FOLLOWERS)
        set_gallery_visibility(post.gallery, by=post.author, visibility=PUBLIC)
        take_down_gallery(post.gallery, by=None, reason="No.")
        assert not reached(post) and public_files() == set()
        with pytest.raises(PermissionDenied):
            make(post, UNLISTED)

    def test_a_draft_in_it_stays_a_draft(self, post):
        draft = f.a_draft(post.author, gallery=post.gallery)
        make(post, FOLLOWERS)
        draft = fresh(draft)
        assert draft.is_draft and draft.effective_visibility == FOLLOWERS

    def test_a_photo_that_comes_to_a_post_in_a_narrowed_gallery_gets_no_public_file(self, post):
        make(post, FOLLOWERS)
        # As if this post had not been told yet.
        PostPage.objects.filter(pk=post.pk).update(effective_visibility=PUBLIC)
        add_photo(post, f.an_original(by=post.author), by=post.author)
        assert public_files() == set()

    def test_running_it_again_changes_nothing(self, post):
        make(post, FOLLOWERS)
        assert follow(PostPage.objects.filter(gallery=post.gallery)) == 0


def test_the_ledger_and_the_log_have_it(post):
    key = f"ana/{post.gallery.gallery_slug}"
    for visibility in (UNLISTED, FOLLOWERS, FOLLOWERS, PUBLIC):
        make(post, visibility)
    assert ledger_acts(key) == ["gallery.narrowed", "gallery.narrowed", "gallery.widened"]
    assert member_acts(key)[1:] == ["gallery.visibility_changed"] * 3


def test_others_cannot_and_what_is_no_visibility_is_refused(post):
    with pytest.raises(PermissionDenied):
        set_gallery_visibility(post.gallery, by=f.a_member(), visibility=FOLLOWERS)
    with pytest.raises(ValidationError):
        make(post, "nobody")
    assert GalleryPage.objects.get(pk=post.gallery.pk).visibility == PUBLIC
