"""Staff take posts down, and restore them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.storage import storages

from community.visibility import posts_for
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import posts_of_same_original, take_down_post
from gallery.models import LedgerEntry, Original, PostPage
from gallery.states import TeamState
from tests import factories as f
from tests.traces import every_name, ledger, ledger_acts, member_acts, public_files, staff_acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return f.a_staff_member("Moderators", "mona")


def fresh(post):
    return PostPage.objects.get(pk=post.pk)


def test_every_file_it_ever_had_is_gone_when_it_returns(moderator):
    post, other = f.a_post(), f.a_post()
    take_down_post(post, by=moderator, reason="Not theirs")
    assert not posts_for(AnonymousUser()).filter(pk=post.pk).exists()
    assert not public_files(post)
    assert public_files(other)


def test_the_team_still_has_the_original(moderator):
    post = f.a_post()
    take_down_post(post, by=moderator, reason="Not theirs")
    assert storages["vault"].exists(Original.objects.get().name)


def test_a_reason_is_asked_for(moderator):
    post = f.a_post()
    with pytest.raises(ValidationError):
        take_down_post(post, by=moderator, reason="  ")
    assert fresh(post).is_visible


def test_the_act_stands_in_wagtails_log_and_the_ledger_and_not_in_the_members_log(moderator):
    post = f.a_post()
    take_down_post(post, by=moderator, reason="Not theirs")
    assert staff_acts(post) == [("pixlpix.take_down", "mona")]
    assert member_acts(post.short_id) == ["post.published"]
    entry = ledger()[-1]
    assert (entry["act"], entry["state"]["team"]) == ("post.taken_down", "taken_down")


def test_the_system_can_take_down_too():
    post = f.a_post()
    take_down_post(post, by=None, reason="Removed in the admin")
    assert staff_acts(post) == [("pixlpix.take_down", None)]


def test_it_takes_the_same_authors_other_posts_of_that_original_along(moderator):
    author = f.a_member()
    original = f.an_original()
    posts = [f.a_post(author, original=original) for _ in range(3)]
    unrelated = f.a_post(author)
    taken = take_down_post(posts[1], by=moderator, reason="Not theirs")
    assert taken[0] == posts[1]
    assert set(taken) == set(posts)
    assert all(fresh(post).team_state == TeamState.TAKEN_DOWN for post in posts)
    assert public_files() == every_name(unrelated)


def test_other_peoples_posts_of_it_stay_unless_they_are_ticked(moderator):
    original = f.an_original()
    mine, theirs, ticked = (f.a_post(original=original) for _ in range(3))
    assert set(posts_of_same_original(mine)) == {theirs, ticked}
    take_down_post(mine, by=moderator, reason="Not theirs", also=[ticked])
    assert fresh(theirs).is_visible
    assert not fresh(ticked).is_visible


def test_all_or_none_are_taken_down(moderator, monkeypatch):
    author = f.a_member()
    original = f.an_original()
    posts = [f.a_post(author, original=original) for _ in range(2)]
    from gallery import ledger as the_ledger

    entered, enter = [], the_ledger.enter

    def crash_at_the_second(*args, **kwargs):
        entered.append(args)
        if len(entered) == 2:
            raise SystemExit
        return enter(*args, **kwargs)

    monkeypatch.setattr(the_ledger, "enter", crash_at_the_second)
    with pytest.raises(SystemExit):
        take_down_post(posts[0], by=moderator, reason="Not theirs")
    assert all(fresh(post).is_visible for post in posts)
    assert len(public_files()) == sum(len(every_name(post)) for post in posts)


def test_a_vault_that_is_down_does_not_stop_it(moderator, vault_is_down):
    post = f.a_post()
    take_down_post(post, by=moderator, reason="Not theirs")
    assert not public_files()
    assert LedgerEntry.objects.get().body["act"] == "post.taken_down"


def test_restoring_brings_it_back_under_new_rendition_names(moderator):
    post = f.a_post()
    before = every_name(post)
    take_down_post(post, by=moderator, reason="Not theirs")
    restored = restore_post(post, by=moderator, reason="A mistake")
    assert restored.is_visible
    assert restored.team_reason == ""
    assert public_files()
    assert not public_files() & before
    assert staff_acts(post)[-1] == ("pixlpix.restore", "mona")
    assert ledger_acts(post.short_id) == ["post.taken_down", "post.restored"]


def test_restoring_one_leaves_the_others_down(moderator):
    author = f.a_member()
    original = f.an_original()
    one, other = f.a_post(author, original=original), f.a_post(author, original=original)
    take_down_post(one, by=moderator, reason="Not theirs")
    restore_post(one, by=moderator)
    assert fresh(one).is_visible
    assert not fresh(other).is_visible


def test_a_takedown_while_it_is_being_restored_wins(moderator, monkeypatch):
    """A race that was seen: states checked, a takedown commits and deletes, then the public files appear."""
    post = f.a_post()
    take_down_post(post, by=moderator, reason="Not theirs")
    media = storages["media"]
    copy, done = media.copy_from_vault, []

    def take_down_in_between(*args, **kwargs):
        copy(*args, **kwargs)
        if not done:
            done.append(True)
            take_down_post(post, by=moderator, reason="Once more")

    monkeypatch.setattr(media, "copy_from_vault", take_down_in_between, raising=False)
    restore_post(post, by=moderator)
    # The restore came after all, on what the takedown had left: new names, and nothing of the broken-off try.
    assert fresh(post).is_visible
    assert public_files() == {r.public_name for r in post.photos.get().picture.renditions.all()}


@pytest.mark.queued
def test_a_takedown_while_it_is_being_processed_wins(moderator, monkeypatch, run_tasks):
    post = f.a_post()
    media = storages["media"]
    copy, done = media.copy_from_vault, []

    def take_down_in_between(*args, **kwargs):
        copy(*args, **kwargs)
        if not done:
            done.append(True)
            take_down_post(post, by=moderator, reason="Not theirs")

    monkeypatch.setattr(media, "copy_from_vault", take_down_in_between, raising=False)
    run_tasks()
    assert done
    assert not public_files()
    assert fresh(post).team_state == TeamState.TAKEN_DOWN
    assert not posts_for(AnonymousUser()).exists()
