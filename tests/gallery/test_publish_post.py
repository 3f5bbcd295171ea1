"""Publishing a post."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, PageLogEntry

from community.visibility import posts_for
from gallery.actions.publish_post import publish_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Original, Picture, PostPage
from gallery.states import AuthorState, ProcessingState
from tests import factories as f
from tests.traces import every_name, member_acts, public_files

pytestmark = pytest.mark.django_db


def visible(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


# --- What is there afterwards -----------------------------------------------------------------------------------------


def test_published_post_is_visible_once_its_renditions_are_made():
    post = f.a_post()
    assert visible(post)
    assert post.live
    assert post.published_at


def test_its_renditions_and_nothing_else_lie_on_the_media_host():
    post = f.a_post()
    renditions = {r.public_name for photo in post.photos.all() for r in photo.picture.renditions.all()}
    assert renditions
    assert public_files() == renditions == every_name(post)


def test_no_public_name_gives_another_away():
    """Prefix, a photo's folder and each file: 128 random bits each, and nothing of them comes back."""
    post = f.a_post(photos=2)
    before = parts_of(every_name(post))
    assert [len(set(level)) for level in before] == [1, 2, len(every_name(post))]
    assert all(re.fullmatch("[0-9a-f]{32}", part) for level in before for part in level)
    withdraw_post(post, by=post.author)
    undo_withdrawal(post, by=post.author)
    for old, new in zip(before, parts_of(public_files()), strict=True):
        assert not set(old) & set(new)


def parts_of(names):
    """All prefixes, all folders and all files' names without their endings."""
    return list(zip(*(name.rpartition(".")[0].split("/") for name in names), strict=True))


def test_it_has_its_place_in_the_tree():
    ana = f.a_member("ana")
    post = f.a_post(ana)
    assert post.get_parent().pk == f.first_gallery(ana).pk
    assert post.url_path == f"/home/members/ana/photos/{post.short_id}/"
    assert not any(Page.find_problems())


@pytest.mark.parametrize(
    ("caption", "title"), [("First light\nover the ridge", "First light over the ridge"), ("", "Photo by Ana")]
)
def test_its_title_comes_from_the_caption(caption, title):
    assert f.a_post(f.a_member("ana"), caption=caption).title == title


def test_a_short_id_is_no_word_and_no_number():
    assert re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{10}", f.a_post().short_id)


def test_photos_stand_in_the_order_given():
    author = f.a_member()
    originals = [f.an_original() for _ in range(3)]
    post = publish_post(author, f.first_gallery(author), [(o, f"number {i}") for i, o in enumerate(originals)])
    assert [p.picture.original for p in post.photos.all()] == originals
    assert [p.alt_text for p in post.photos.all()] == ["number 0", "number 1", "number 2"]


def test_captions_and_alternative_texts_are_found_by_their_words():
    post = f.a_post(caption="Dawn", alt_text="A lighthouse")
    assert {"dawn", "lighthouse"} <= set(post.tokens.split())


def test_the_act_stands_in_the_members_log_and_not_in_wagtails():
    post = f.a_post()
    assert member_acts(post.short_id) == ["post.published"]
    assert not PageLogEntry.objects.filter(page=post.pk).exists()


def test_one_original_may_be_in_many_posts():
    original = f.an_original()
    one, other = f.a_post(original=original), f.a_post(original=original)
    assert visible(one)
    assert visible(other)
    assert Original.objects.count() == 1
    assert Picture.objects.count() == 2


def test_an_original_counts_as_attached_from_its_first_post_on():
    original = f.an_original()
    assert original.attached_at is None
    f.a_post(original=original)
    first = Original.objects.get().attached_at
    f.a_post(original=original)
    assert Original.objects.get().attached_at == first


# --- Processing -------------------------------------------------------------------------------------------------------


@pytest.mark.queued
def test_until_its_renditions_are_made_nobody_else_sees_it():
    post = f.a_post()
    assert not visible(post)
    assert not post.live
    assert post.published_at is None
    assert not public_files()


@pytest.mark.queued
def test_a_post_deleted_while_its_renditions_are_made_stays_out_of_reach(run_tasks):
    post = f.a_post()
    withdraw_post(post, by=post.author)
    run_tasks()
    post.refresh_from_db()
    assert post.author_state == AuthorState.WITHDRAWN
    assert post.photos.get().state == ProcessingState.READY
    assert post.photos_ready
    assert not visible(post)
    assert not public_files()


@pytest.mark.queued
def test_running_its_task_twice_changes_nothing(run_tasks):
    post = f.a_post()
    task = DBTaskResult.objects.get(task_path="gallery.tasks.process_photo")
    run_tasks()
    before = public_files()
    task.task.func(*task.args_kwargs["args"])
    assert public_files() == before
    assert post.publications.count() == 1


@pytest.mark.queued
def test_members_pictures_queue_no_work_but_their_own():
    """Wagtail queues an update of its search index for each save of an image; members' pictures do not stand there."""
    author, original = f.a_member(), f.an_original()
    DBTaskResult.objects.all().delete()
    f.a_post(author, original=original)
    assert list(DBTaskResult.objects.values_list("task_path", flat=True)) == ["gallery.tasks.process_photo"]


# --- Who may, and what is refused -------------------------------------------------------------------------------------


def test_an_unverified_member_cannot_publish():
    author = f.a_member(verified=False)
    with pytest.raises(PermissionDenied):
        publish_post(author, f.first_gallery(author), [(f.an_original(), "")])


def test_nobody_publishes_into_somebody_elses_gallery():
    author, other = f.a_member(), f.a_member()
    with pytest.raises(PermissionDenied):
        publish_post(author, f.first_gallery(other), [(f.an_original(), "")])
    assert not PostPage.objects.exists()


@pytest.mark.parametrize("count", [0, 21])
def test_a_post_has_one_to_twenty_photos(count):
    author = f.a_member()
    with pytest.raises(ValidationError):
        publish_post(author, f.first_gallery(author), [(f.an_original(), "")] * count)


def test_a_caption_that_is_too_long_is_refused():
    author = f.a_member()
    with pytest.raises(ValidationError) as refused:
        publish_post(author, f.first_gallery(author), [(f.an_original(), "")], caption="x" * 2001)
    assert "caption" in refused.value.message_dict


def test_the_same_short_id_twice_makes_one_post():
    author = f.a_member()
    original = f.an_original()
    publish_post(author, f.first_gallery(author), [(original, "")], short_id="7Hq2mXk9Ta")
    with pytest.raises(IntegrityError):
        publish_post(author, f.first_gallery(author), [(original, "")], short_id="7Hq2mXk9Ta")
    assert PostPage.objects.count() == 1
    assert not any(Page.find_problems())


# --- What it costs ----------------------------------------------------------------------------------------------------

MOST_QUERIES = 17
AGGREGATE = re.compile(r"\b(COUNT|AVG|SUM|MAX|MIN)\s*\(", re.IGNORECASE)


def queries_of_publishing(author, original):
    gallery = f.first_gallery(author)
    with CaptureQueriesContext(connection) as captured:
        publish_post(author, gallery, [(original, "A ridge")], caption="First light")
    return [query["sql"] for query in captured]


@pytest.mark.queued
def test_publishing_a_stored_photo_takes_at_most_17_queries():
    author, original = f.a_member(), f.an_original()
    queries_of_publishing(author, original)  # what is looked up once in a process
    queries = queries_of_publishing(author, original)
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


@pytest.mark.queued
def test_publishing_aggregates_over_no_table():
    """Wagtail's index of titles is averaged over at each save of an indexed page."""
    author, original = f.a_member(), f.an_original()
    assert not [sql for sql in queries_of_publishing(author, original) if AGGREGATE.search(sql)]


@pytest.mark.queued
def test_publishing_costs_the_same_among_many_posts():
    author, original = f.a_member(), f.an_original()
    queries_of_publishing(author, original)  # what is looked up once in a process
    few = len(queries_of_publishing(author, original))
    for _ in range(40):
        f.a_post(author, original=original)
    assert len(queries_of_publishing(author, original)) == few


# --- What a crash leaves ----------------------------------------------------------------------------------------------


def test_a_crash_while_its_files_are_copied_leaves_none_of_them(monkeypatch):
    copies = []
    media = storages["media"]
    copy = media.copy_from_vault

    def copy_one(*args, **kwargs):
        if copies:
            raise OSError("the machine went away")
        copies.append(args)
        copy(*args, **kwargs)

    monkeypatch.setattr(media, "copy_from_vault", copy_one, raising=False)
    f.a_post()
    assert copies
    assert not public_files()
    assert not posts_for(AnonymousUser()).exists()


def test_a_killed_process_leaves_no_public_file_that_no_row_names(monkeypatch):
    """Names are committed before the first file is copied: whatever lies there, the sweeper can find by its row."""
    monkeypatch.setattr("gallery.publication.finish_closing", lambda publication: False)  # killed: nothing tidies up
    monkeypatch.setattr("gallery.publication.close_in_transaction", lambda *args, **kwargs: 1 / 0)
    f.a_post()
    post = PostPage.objects.get()
    assert public_files()
    assert public_files() == every_name(post)
    assert post.publications.get().state == "opening"
    assert not visible(post)


def test_published_at_is_set_once():
    post = f.a_post()
    first = post.published_at
    post.caption = "changed"
    post.save()
    post.refresh_from_db()
    assert post.published_at == first <= timezone.now()
