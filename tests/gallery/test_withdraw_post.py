"""An author deletes a post."""

import pytest
from django.core.files.storage import storages

from gallery import ledger as the_ledger
from gallery.actions.withdraw_post import withdraw_post
from gallery.ledger import write_out_pending
from gallery.models import LedgerEntry, Original, Publication
from tests import factories as f
from tests.traces import every_name, ledger, ledger_acts, member_acts, public_files

pytestmark = pytest.mark.django_db


def test_every_file_it_ever_had_is_gone_from_the_media_host_when_it_returns():
    post, other = f.a_post(), f.a_post()
    withdraw_post(post, by=post.author)
    assert not public_files(post)
    assert public_files(other)


def test_a_file_that_no_row_names_goes_too():
    """A race or a crash may leave one: what goes is everything below the prefix, not what rows name."""
    post = f.a_post()
    source = post.photos.get().picture.renditions.first()
    stray = f"{post.publications.get().prefix}/{'0' * 32}/{'1' * 32}.webp"
    storages["media"].copy_from_vault(source.file.name, stray, content_type=source.mime)
    withdraw_post(post, by=post.author)
    assert not public_files()


def test_no_row_names_a_public_file_any_more():
    post = f.a_post()
    withdraw_post(post, by=post.author)
    assert {r.public_name for r in post.photos.get().picture.renditions.all()} == {""}
    assert post.publications.get().state == Publication.State.CLOSED


def test_the_vault_keeps_the_original_and_the_private_renditions():
    post = f.a_post()
    withdraw_post(post, by=post.author)
    assert storages["vault"].exists(Original.objects.get().name)
    assert all(storages["vault"].exists(r.file.name) for r in post.photos.get().picture.renditions.all())


def test_it_touches_no_other_post_of_the_same_original():
    author = f.a_member()
    original = f.an_original()
    one, other = f.a_post(author, original=original), f.a_post(author, original=original)
    withdraw_post(one, by=author)
    other.refresh_from_db()
    assert other.is_visible
    assert public_files() == every_name(other)


def test_the_same_picture_can_be_shared_again_afterwards():
    author = f.a_member()
    original = f.an_original()
    withdraw_post(f.a_post(author, original=original), by=author)
    assert f.a_post(author, original=original).is_visible


def test_the_act_stands_in_the_log_and_in_the_ledger():
    post = f.a_post()
    withdraw_post(post, by=post.author)
    assert member_acts(post.short_id)[-1] == "post.withdrawn"
    entry = ledger()[-1]
    assert (entry["act"], entry["key"]) == ("post.withdrawn", post.short_id)
    assert entry["state"] == {"author": "withdrawn", "team": "none", "hidden_by": 0}


def test_the_ledger_is_entered_before_the_commit(monkeypatch):
    """Whatever a crash interrupts, a roll-back of the database then errs towards hidden."""
    post = f.a_post()
    monkeypatch.setattr("gallery.hiding.close_publications", lambda post: None)

    def crash(*args, **kwargs):
        the_ledger.write(
            "ledger/20260101T000000.000000Z-" + "0" * 32, {"at": "", "act": "entered", "key": post.short_id}
        )
        raise SystemExit("killed before the commit")

    monkeypatch.setattr("gallery.ledger.enter", crash)
    with pytest.raises(SystemExit):
        withdraw_post(post, by=post.author)
    post.refresh_from_db()
    assert post.is_visible  # nothing was committed
    assert ledger_acts(post.short_id) == ["entered"]


def test_a_vault_that_is_down_does_not_stop_it(vault_is_down):
    post = f.a_post()
    withdraw_post(post, by=post.author)
    assert not public_files()
    assert LedgerEntry.objects.get().body["act"] == "post.withdrawn"
    assert vault_is_down == [2.0]


def test_acts_on_many_posts_wait_for_a_vault_that_is_down_once(vault_is_down):
    author = f.a_member()
    for post in [f.a_post(author) for _ in range(3)]:
        withdraw_post(post, by=author)
    assert LedgerEntry.objects.count() == 3
    assert len(vault_is_down) == 1


def test_entries_that_waited_are_written_out_once_the_vault_is_back(vault_is_down, monkeypatch):
    post = f.a_post()
    withdraw_post(post, by=post.author)
    monkeypatch.undo()
    assert write_out_pending() == 1
    assert ledger_acts(post.short_id) == ["post.withdrawn"]
    assert not LedgerEntry.objects.exists()


def test_a_media_host_that_is_down_leaves_the_files_for_the_sweeper_and_the_post_withdrawn(monkeypatch):
    post = f.a_post()

    def down(prefix):
        raise OSError("down")

    monkeypatch.setattr(storages["media"], "delete_prefix", down, raising=False)
    withdraw_post(post, by=post.author)
    post.refresh_from_db()
    assert post.is_gone
    assert post.publications.get().state == Publication.State.CLOSING


@pytest.mark.queued
def test_it_costs_at_most_19_queries(run_tasks, django_assert_max_num_queries):
    """Three of them for the CDN: what it must forget, in the transaction; that the files are gone; the task that asks. One
    for what community does with a post that is no longer shown."""
    post = f.a_post(photos=3)
    run_tasks()
    with django_assert_max_num_queries(19):
        withdraw_post(post, by=post.author)
