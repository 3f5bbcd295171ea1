"""From bytes to renditions: once, however often the task runs, and nothing half-done whatever comes in between."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gallery import imaging, processing
from gallery.actions.discard_draft import discard_draft
from gallery.actions.remove_photo import remove_photo
from gallery.actions.replace_photo import replace_photo
from gallery.files import StorageUnavailable
from gallery.imaging import PictureRefused
from gallery.models import Photo, Picture, Rendition
from gallery.processing import MOST_ATTEMPTS, process
from gallery.states import ProcessingState
from gallery.tasks import process_photo
from tests import factories as f
from tests.traces import public_files

pytestmark = [pytest.mark.django_db, pytest.mark.queued]


@pytest.fixture
def photo():
    """A photo of a draft that waits for its renditions."""
    return f.a_draft().photos.select_related("picture__original", "post").get()


def again(photo):
    """The row as another worker reads it."""
    return Photo.objects.select_related("picture__original", "post").get(pk=photo.pk)


def in_step():
    """Every private rendition has its row, and every row its file."""
    files = {name for name, _size, _modified in storages["vault"].list_names("derived/")}
    return files == set(Rendition.objects.values_list("file", flat=True))


def meanwhile(act):
    """A renderer during whose work `act()` happens."""

    def render(file):
        rendered = imaging.render(file)
        act()
        return rendered

    return render


def test_what_the_decode_found_stands_on_the_picture(photo):
    assert process(photo, imaging.render)
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.animated) == (400, 300, False)
    assert 0 < len(picture.placeholder) <= 64
    assert picture.colours[0].startswith("#")
    row = again(photo)
    assert (row.state, row.attempts, row.retry_at) == (ProcessingState.READY, 1, None)


def test_that_takes_one_update_of_the_picture(photo, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as captured:
        process(photo, imaging.render)
    updates = [query["sql"] for query in captured if query["sql"].startswith('UPDATE "gallery_picture"')]
    assert len(updates) == 1


def test_running_it_twice_changes_nothing(photo):
    process(photo, imaging.render)
    before = list(Rendition.objects.values_list("pk", "file"))
    process(photo, imaging.render)  # with the row as it was read before the first run
    process(again(photo), imaging.render)
    assert list(Rendition.objects.values_list("pk", "file")) == before
    assert again(photo).attempts == 1
    assert in_step()


def test_two_at_once_end_with_one_set_of_renditions(photo):
    process(photo, meanwhile(lambda: process(again(photo), imaging.render)))
    assert again(photo).is_ready
    assert Rendition.objects.count() == len(set(Rendition.objects.values_list("filter_spec", flat=True)))
    assert in_step()


def test_what_is_refused_has_failed_with_the_reason(photo):
    def refuse(file):
        raise PictureRefused("broken")

    assert not process(photo, refuse)
    row = again(photo)
    assert (row.state, row.retry_at) == (ProcessingState.FAILED, None)
    assert "damaged or incomplete" in row.failure


def test_a_storage_that_fails_leaves_it_waiting_for_the_sweeper(photo, monkeypatch):
    def down(name, content, **options):
        raise StorageUnavailable("down")

    with monkeypatch.context() as patch:
        patch.setattr(storages["vault"], "save", down, raising=False)
        with pytest.raises(StorageUnavailable):
            process(photo, imaging.render)
    row = again(photo)
    assert (row.state, row.attempts, bool(row.retry_at)) == (ProcessingState.PENDING, 1, True)
    assert in_step()
    assert process(row, imaging.render)


def down(*args):
    raise StorageUnavailable("down")


def fail(photo, then=None):
    """One try that fails; returns for when it was queued again, or nothing, and the sweeper's deadline, both from now."""
    DBTaskResult.objects.all().delete()
    before = timezone.now()
    with pytest.raises(StorageUnavailable):
        process(again(photo), imaging.render if then else down, then)
    queued = [task.run_after - before for task in DBTaskResult.objects.filter(task_path=process_photo.module_path)]
    return [round(wait.total_seconds()) for wait in queued], again(photo).retry_at - before


def test_a_try_that_fails_is_made_again_soon_then_later_and_later(photo):
    waits = [fail(photo)[0] for _try in range(MOST_ATTEMPTS)]
    assert waits == [[15], [60], [240], [960], [3840], []]  # seconds; then it is given up


def test_the_sweeper_is_a_net_below_that(photo):
    for _try in range(MOST_ATTEMPTS - 1):
        [wait], deadline = fail(photo)
        assert timedelta(seconds=wait + 60) < deadline


def test_what_follows_and_fails_is_made_again_soon_once_and_then_left_to_the_sweeper(photo):
    assert fail(photo, then=down)[0] == [15]
    assert again(photo).is_ready
    assert fail(photo, then=down)[0] == []


def test_a_database_that_fails_as_well_hides_no_error(photo, monkeypatch):
    monkeypatch.setattr(type(process_photo.get_backend()), "enqueue", raising(OperationalError("gone")))
    with pytest.raises(StorageUnavailable):
        process(photo, down)


def raising(error):
    def away(*args, **kwargs):
        raise error

    return away


def test_a_photo_that_is_taken_out_of_its_draft_meanwhile_leaves_nothing(photo):
    assert not process(photo, meanwhile(lambda: remove_photo(again(photo), by=photo.post.author)))
    assert not Rendition.objects.exists()
    assert in_step()


def test_so_does_one_whose_draft_is_discarded_meanwhile(photo):
    process(photo, meanwhile(lambda: discard_draft(photo.post, by=photo.post.author)))
    assert not Photo.objects.exists()
    assert in_step()


def test_another_file_that_is_chosen_meanwhile_is_not_taken_for_the_first(photo, run_tasks):
    wanted = f.an_original(f.a_picture(500, 200))
    process(photo, meanwhile(lambda: replace_photo(again(photo), wanted, by=photo.post.author)))
    assert again(photo).state == ProcessingState.PENDING
    run_tasks()
    row = again(photo)
    assert row.is_ready
    assert (row.picture.original, row.picture.width) == (wanted, 500)
    assert in_step()


def test_a_photo_that_is_taken_out_of_a_visible_post_meanwhile_gets_no_public_file(run_tasks, monkeypatch):
    from gallery.actions.add_photo import add_photo

    post = f.a_post()
    run_tasks()
    before = public_files()
    added = add_photo(post, f.an_original(), by=post.author)
    real = imaging.render
    monkeypatch.setattr(imaging, "render", lambda file: (remove_photo(added, by=post.author), real(file))[1])
    process_photo.func(added.pk)
    assert public_files() == before
    assert in_step()


def test_what_follows_is_done_again_where_it_failed(photo):
    calls = []

    def then(row):
        calls.append(row.pk)
        if len(calls) == 1:
            raise StorageUnavailable("down")

    with pytest.raises(StorageUnavailable):
        process(photo, imaging.render, then)
    assert again(photo).is_ready
    assert again(photo).retry_at  # so that the sweeper finds it
    process(again(photo), imaging.render, then)
    assert again(photo).retry_at is None
    assert len(calls) == 2


def test_the_sweeper_knows_every_kind_that_is_registered(photo, monkeypatch):
    from gallery.sweep import sweep

    queued = []
    monkeypatch.setattr(processing, "_kinds", {})
    processing.register("pictures", Photo, SimpleNamespace(enqueue=queued.append))
    Photo.objects.update(retry_at="2020-01-01T00:00:00Z")
    assert sweep()["pictures_queued_again"] == 1
    assert queued == [photo.pk]
