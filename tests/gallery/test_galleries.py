"""Galleries: making, renaming, deleting, and taking down by staff."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import Page

from community.visibility import posts_for
from gallery.actions import delete_gallery as deleting
from gallery.actions import take_down_gallery as taking_down
from gallery.actions.create_gallery import RESERVED_SLUGS, create_gallery
from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.publish_post import publish_post
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import GalleryPage, LedgerEntry, PostPage
from gallery.states import AuthorState, HiddenBy, TeamState
from tests import factories as f
from tests.traces import ledger_acts, member_acts, public_files, staff_acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.a_member("ana")


@pytest.fixture
def iceland(ana):
    return f.a_gallery(ana)


@pytest.fixture
def moderator():
    return f.a_staff_member("Moderators", "mona")


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def in_reach(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


# --- Making and renaming ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Iceland in May", "iceland-in-may"),
        ("冰岛", "album"),
        ("Fjörður", "fjorur"),
        ("  ", None),
        ("!!!", "album"),
    ],
)
def test_its_address_comes_from_its_name(ana, name, slug):
    if slug is None:
        with pytest.raises(ValidationError):
            create_gallery(ana, name)
    else:
        assert create_gallery(ana, name).gallery_slug == slug


def test_two_of_one_name_have_two_addresses(ana, iceland):
    assert create_gallery(ana, "Iceland").gallery_slug == "iceland-2"


def test_two_members_may_each_have_one_of_that_address(iceland):
    assert create_gallery(f.a_member(), "Iceland").gallery_slug == "iceland"


@pytest.mark.parametrize("word", sorted(RESERVED_SLUGS))
def test_reserved_words_are_no_addresses(ana, word):
    assert create_gallery(ana, word).gallery_slug not in RESERVED_SLUGS


def test_the_address_of_a_deleted_gallery_is_never_given_out_again(ana, iceland):
    delete_gallery(iceland, by=ana)
    assert create_gallery(ana, "Iceland").gallery_slug == "iceland-2"


def test_an_address_that_was_taken_meanwhile_is_drawn_again(ana, iceland, monkeypatch):
    """Two at once see the same free address; the constraint decides, and the second tries another."""
    from gallery.actions import create_gallery as creating

    answers = iter(["iceland", "iceland", "iceland-x"])
    monkeypatch.setattr(creating, "free_slug", lambda *args, **kwargs: next(answers))
    assert create_gallery(ana, "Iceland").gallery_slug == "iceland-x"
    assert not any(Page.find_problems())


def test_making_and_renaming_stand_in_the_log(ana, iceland):
    edit_gallery(iceland, by=ana, name="The north", description="")
    assert member_acts("ana/iceland") == ["gallery.created", "gallery.edited"]


def test_renaming_leaves_addresses(ana, iceland):
    post = f.a_post(ana, gallery=iceland)
    edit_gallery(iceland, by=ana, name="The north", description="Cold.")
    assert (fresh(iceland).title, fresh(iceland).gallery_slug) == ("The north", "iceland")
    assert fresh(post).address() == post.address()


def test_only_its_author_renames_it(iceland):
    with pytest.raises(PermissionDenied):
        edit_gallery(iceland, by=f.a_member(), name="Mine", description="")


def test_editing_while_somebody_publishes_into_it_does_not_break_it(ana, iceland):
    """Saving an instance that was read before would write its stale count of children back; every later publish there
    would then fail."""
    stale = fresh(iceland)
    f.a_post(ana, gallery=iceland)
    edit_gallery(stale, by=ana, name="The north", description="")
    stale.title = "Saved by hand"
    stale.save()
    assert fresh(iceland).numchild == 1
    f.a_post(ana, gallery=fresh(iceland))
    assert not any(Page.find_problems())


# --- Deleting ---------------------------------------------------------------------------------------------------------


def test_with_its_posts_withdrawn_everything_is_out_of_reach(ana, iceland):
    posts = [f.a_post(ana, gallery=iceland) for _ in range(2)]
    delete_gallery(iceland, by=ana)
    assert not any(in_reach(post) for post in posts)
    assert {fresh(post).author_state for post in posts} == {AuthorState.WITHDRAWN}
    assert not public_files()
    assert not fresh(iceland).live
    assert member_acts("ana/iceland")[-1] == "gallery.deleted"
    assert ledger_acts("ana/iceland") == ["gallery.withdrawn"]


def test_with_its_posts_moved_they_stay_in_reach(ana, iceland):
    post = f.a_post(ana, gallery=iceland)
    files = public_files()
    delete_gallery(iceland, by=ana, move_to=f.first_gallery(ana))
    assert in_reach(post)
    assert fresh(post).gallery == f.first_gallery(ana)
    assert public_files() == files
    assert not fresh(iceland).is_open
    assert not any(Page.find_problems())


def test_what_was_deleted_before_stays_behind_and_what_was_taken_down_moves_along(ana, iceland, moderator):
    deleted, down = f.a_post(ana, gallery=iceland), f.a_post(ana, gallery=iceland)
    withdraw_post(deleted, by=ana)
    take_down_post(down, by=moderator, reason="Not theirs")
    delete_gallery(iceland, by=ana, move_to=f.first_gallery(ana))
    assert fresh(deleted).gallery == iceland
    assert fresh(down).gallery == f.first_gallery(ana)
    assert fresh(down).team_state == TeamState.TAKEN_DOWN


def test_the_last_open_gallery_stays(ana):
    with pytest.raises(ValidationError):
        delete_gallery(f.first_gallery(ana), by=ana)
    assert f.first_gallery(ana).is_open


def test_a_gallery_that_the_team_took_down_does_not_count_as_another(ana, iceland, moderator):
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    with pytest.raises(ValidationError):
        delete_gallery(f.first_gallery(ana), by=ana)


def test_posts_do_not_move_out_of_what_the_team_took_down(ana, iceland, moderator):
    post = f.a_post(ana, gallery=iceland)
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    with pytest.raises(ValidationError):
        delete_gallery(iceland, by=ana, move_to=f.first_gallery(ana))
    assert fresh(post).gallery == iceland


def test_posts_move_only_to_galleries_of_ones_own(ana, iceland):
    with pytest.raises(ValidationError):
        delete_gallery(iceland, by=ana, move_to=f.first_gallery(f.a_member()))
    assert fresh(iceland).is_open


def test_only_its_author_deletes_it(iceland, moderator):
    for somebody in (f.a_member(), moderator):
        with pytest.raises(PermissionDenied):
            delete_gallery(iceland, by=somebody)


def test_it_is_deleted_once(ana, iceland):
    delete_gallery(iceland, by=ana)
    with pytest.raises(PermissionDenied):
        delete_gallery(iceland, by=ana)


@pytest.mark.queued
def test_what_a_large_one_has_beyond_the_first_posts_follows_as_a_task(ana, iceland, monkeypatch, run_tasks):
    monkeypatch.setattr(deleting, "INLINE", 1)
    posts = [f.a_post(ana, gallery=iceland) for _ in range(3)]
    run_tasks()
    delete_gallery(iceland, by=ana)
    # The gallery's own row keeps them out of reach until then.
    assert not any(in_reach(post) for post in posts)
    assert [fresh(post).author_state for post in posts].count(AuthorState.WITHDRAWN) == 1
    run_tasks()
    assert {fresh(post).author_state for post in posts} == {AuthorState.WITHDRAWN}
    assert not public_files()


@pytest.mark.queued
def test_a_large_one_is_emptied_by_a_task_and_closes_then(ana, iceland, monkeypatch, run_tasks):
    monkeypatch.setattr(deleting, "INLINE", 1)
    posts = [f.a_post(ana, gallery=iceland) for _ in range(3)]
    delete_gallery(iceland, by=ana, move_to=f.first_gallery(ana))
    assert fresh(iceland).is_open
    run_tasks()
    assert not fresh(iceland).is_open
    assert {fresh(post).gallery for post in posts} == {f.first_gallery(ana)}
    assert all(in_reach(post) for post in posts)


@pytest.mark.queued
def test_a_crash_after_the_gallerys_commit_is_finished_by_its_task(ana, iceland, monkeypatch, run_tasks):
    post = f.a_post(ana, gallery=iceland)
    run_tasks()

    def killed(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(deleting, "withdraw_posts_of", killed)
        with pytest.raises(SystemExit):
            delete_gallery(iceland, by=ana)
    assert not in_reach(post)
    run_tasks()
    assert fresh(post).author_state == AuthorState.WITHDRAWN
    assert not public_files()


def test_nobody_publishes_into_a_deleted_gallery(ana, iceland):
    delete_gallery(iceland, by=ana)
    with pytest.raises(PermissionDenied):
        publish_post(ana, iceland, [(f.an_original(), "")])


def test_a_vault_that_is_down_does_not_stop_it(ana, iceland, vault_is_down):
    f.a_post(ana, gallery=iceland)
    delete_gallery(iceland, by=ana)
    assert not public_files()
    assert LedgerEntry.objects.count() == 2


# --- Taking down, by staff --------------------------------------------------------------------------------------------


def test_a_gallery_that_is_taken_down_has_no_public_file_left_when_it_returns(ana, iceland, moderator):
    post, elsewhere = f.a_post(ana, gallery=iceland), f.a_post(ana)
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    assert not in_reach(post)
    assert fresh(post).hidden_by == HiddenBy.GALLERY_TAKEN_DOWN
    assert not public_files(post)
    assert in_reach(elsewhere)
    assert staff_acts(iceland) == [("pixlpix.take_down", "mona")]
    assert ledger_acts("ana/iceland") == ["gallery.taken_down"]


@pytest.mark.queued
def test_posts_are_out_of_reach_at_the_commit_of_the_gallerys_row(ana, iceland, moderator, monkeypatch, run_tasks):
    post = f.a_post(ana, gallery=iceland)
    run_tasks()
    monkeypatch.setattr(taking_down, "INLINE", 0)
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    assert fresh(post).hidden_by == 0
    assert not in_reach(post)
    run_tasks()
    assert fresh(post).hidden_by == HiddenBy.GALLERY_TAKEN_DOWN
    assert not public_files()


def test_restoring_brings_back_its_posts_but_not_what_their_author_deleted(ana, iceland, moderator):
    post, deleted = f.a_post(ana, gallery=iceland), f.a_post(ana, gallery=iceland)
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    withdraw_post(deleted, by=ana)
    restore_gallery(iceland, by=moderator)
    assert in_reach(post)
    assert public_files(post)
    assert not in_reach(deleted)
    assert not public_files(deleted)


@pytest.mark.queued
def test_a_late_task_of_a_restore_does_not_show_what_was_taken_down_again(ana, iceland, moderator, run_tasks):
    """What a post gets is read under its lock: a task that began before the second takedown must not undo it."""
    post = f.a_post(ana, gallery=iceland)
    run_tasks()
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    restore_gallery(iceland, by=moderator)
    take_down_gallery(iceland, by=moderator, reason="Once more")
    run_tasks()
    assert fresh(post).hidden_by == HiddenBy.GALLERY_TAKEN_DOWN
    assert not public_files()


@pytest.mark.queued
def test_a_post_that_is_processed_while_its_gallery_is_down_is_shown_with_the_gallery(
    ana, iceland, moderator, run_tasks
):
    post = f.a_post(ana, gallery=iceland)
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    run_tasks()
    assert fresh(post).photos_ready
    assert not public_files()
    restore_gallery(iceland, by=moderator)
    run_tasks()
    assert in_reach(post)
    assert public_files(post)


def test_taking_down_asks_for_a_reason_and_the_right(iceland, moderator, ana):
    with pytest.raises(ValidationError):
        take_down_gallery(iceland, by=moderator, reason=" ")
    with pytest.raises(PermissionDenied):
        take_down_gallery(iceland, by=ana, reason="Not theirs")
    with pytest.raises(PermissionDenied):
        restore_gallery(iceland, by=moderator)


def test_following_twice_changes_nothing(ana, iceland, moderator):
    from gallery.flags import follow

    f.a_post(ana, gallery=iceland)
    take_down_gallery(iceland, by=moderator, reason="Not theirs")
    assert follow(PostPage.objects.filter(gallery=iceland)) == 0
    assert GalleryPage.objects.get(pk=iceland.pk).team_state == TeamState.TAKEN_DOWN
