"""Adding photos to posts, putting them in order, trying them again, and saying what matters in them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Filter
from wagtail.images.rect import Rect

from community.visibility import posts_for
from gallery import imaging
from gallery.actions.add_photo import add_photo
from gallery.actions.publish_post import publish_post
from gallery.actions.remove_photo import remove_photo
from gallery.actions.reorder_photos import reorder_photos
from gallery.actions.retry_photo import retry_photo
from gallery.actions.set_focus import set_focus
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Original, Photo, Picture, PostPage
from gallery.processing import MOST_ATTEMPTS
from gallery.states import ProcessingState
from tests import factories as f
from tests.traces import every_name, member_acts, public_files, staff_acts

pytestmark = pytest.mark.django_db


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def visible(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def keys_of(post):
    """The keys of a post's photos as they are shown, in order."""
    return [photo.key for photo in fresh(post).photos_in_order]


def named(post):
    """The public names of a post's renditions, by its rows."""
    return {
        rendition.public_name
        for photo in post.photos.all()
        for rendition in photo.picture.renditions.exclude(public_name="")
    }


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_photo_that_is_added_stands_last_and_its_words_are_found():
    post = f.a_post(photos=2)
    photo = add_photo(post, f.an_original(), by=post.author, alt_text="A lighthouse")
    assert keys_of(post)[-1] == photo.key
    assert "lighthouse" in fresh(post).tokens.split()
    assert member_acts(post.short_id)[-1] == "post.photo_added"


def test_in_a_visible_post_it_is_public_once_it_is_ready():
    post = f.a_post()
    photo = add_photo(post, f.an_original(), by=post.author)
    assert public_files() == named(post)
    assert photo.picture.renditions.exclude(public_name="").exists()


@pytest.mark.queued
def test_until_it_is_ready_the_post_shows_the_others(run_tasks):
    post = f.a_post()
    run_tasks()
    before = keys_of(post)
    published_at = fresh(post).published_at
    photo = add_photo(post, f.an_original(), by=post.author)
    assert visible(post)
    assert keys_of(post) == before
    run_tasks()
    assert keys_of(post) == [*before, photo.key]
    assert fresh(post).published_at == published_at


def test_one_that_cannot_be_processed_hides_nothing():
    post = f.a_post()
    before = keys_of(post)
    photo = add_photo(post, f.an_original(f.a_broken_picture()), by=post.author)
    photo.refresh_from_db()
    assert photo.state == ProcessingState.FAILED
    assert "damaged or incomplete" in photo.failure
    assert visible(post)
    assert keys_of(post) == before
    assert public_files() == named(post)


def test_the_same_request_twice_adds_one_photo():
    draft, original = f.a_draft(photos=0), f.an_original()
    one, other = (add_photo(draft, original, by=draft.author, key="7Hq2mXk9Ta") for _ in range(2))
    assert one == other
    assert keys_of(draft) == ["7Hq2mXk9Ta"]


def test_another_file_or_post_with_the_same_key_gets_a_key_of_its_own():
    draft, original = f.a_draft(photos=0), f.an_original()
    add_photo(draft, original, by=draft.author, key="7Hq2mXk9Ta")
    assert add_photo(draft, f.an_original(), by=draft.author, key="7Hq2mXk9Ta").key != "7Hq2mXk9Ta"
    assert add_photo(f.a_draft(draft.author), original, by=draft.author, key="7Hq2mXk9Ta").key != "7Hq2mXk9Ta"


def test_a_post_has_at_most_twenty_photos_taken_out_ones_not_counted():
    author, original = f.a_member(), f.an_original()
    post = publish_post(author, f.first_gallery(author), [(original, "")] * 20)
    with pytest.raises(ValidationError) as refused:
        add_photo(post, original, by=author)
    assert refused.value.code == "too_many_photos"
    remove_photo(post.photos.first(), by=author)
    assert add_photo(post, original, by=author).key in keys_of(post)


def test_an_original_that_is_gone_is_asked_for_again():
    draft, original = f.a_draft(photos=0), f.an_original()
    Original.objects.all().delete()
    with pytest.raises(ValidationError, match="choose it again"):
        add_photo(draft, original, by=draft.author)
    assert not Photo.objects.exists()


def test_only_its_author_adds_and_never_to_what_is_deleted_or_the_teams():
    original, author = f.an_original(), f.a_member()
    theirs, deleted, taken = (f.a_post(author) for _ in range(3))
    withdraw_post(deleted, by=author)
    take_down_post(taken, by=None, reason="Not theirs")
    for post, by in ((theirs, f.a_member()), (deleted, author), (taken, author)):
        with pytest.raises(PermissionDenied):
            add_photo(post, original, by=by)


@pytest.mark.queued
def test_adding_a_photo_takes_at_most_15_queries():
    post, original = f.a_post(photos=3), f.an_original()
    add_photo(post, original, by=post.author)  # what is looked up once in a process
    with CaptureQueriesContext(connection) as captured:
        add_photo(post, original, by=post.author, alt_text="A ridge")
    assert len(captured) <= 15, "\n".join(query["sql"] for query in captured)


def test_a_takedown_of_one_post_takes_along_the_authors_post_that_got_the_original_later():
    author, original = f.a_member(), f.an_original()
    one, later = f.a_post(author, original=original), f.a_post(author)
    photo = add_photo(later, original, by=author)
    assert set(take_down_post(one, by=None, reason="Not theirs")) == {one, later}
    assert not public_files()
    assert photo.post == later


def test_a_post_that_once_had_the_original_and_took_it_out_is_not_taken_along():
    author, original = f.a_member(), f.an_original()
    one, other = f.a_post(author, original=original), f.a_post(author)
    remove_photo(add_photo(other, original, by=author), by=author)
    assert take_down_post(one, by=None, reason="Not theirs") == [one]
    assert public_files() == named(other)


# --- Order ------------------------------------------------------------------------------------------------------------


def test_photos_get_the_order_that_is_asked_for_and_their_files_stay():
    post = f.a_post(photos=4)
    first, second, third, fourth = keys_of(post)
    files = public_files()
    reorder_photos(post, [third, first, fourth, second], by=post.author)
    assert keys_of(post) == [third, first, fourth, second]
    assert public_files() == files
    assert member_acts(post.short_id)[-1] == "post.photos_reordered"


def test_search_reads_alternative_texts_in_the_new_order():
    author = f.a_member()
    originals = [(f.an_original(), "Lighthouse"), (f.an_original(), "Harbour")]
    post = publish_post(author, f.first_gallery(author), originals, caption="")
    reorder_photos(post, keys_of(post)[::-1], by=author)
    assert fresh(post).tokens.split()[0] == "harbour"


@pytest.mark.parametrize("wrong", [lambda k: k[:-1], lambda k: [*k, k[0]], lambda k: [*k[:-1], "7Hq2mXk9Ta"]])
def test_an_order_of_other_photos_than_it_has_is_refused(wrong):
    post = f.a_post(photos=3)
    before = keys_of(post)
    with pytest.raises(ValidationError) as refused:
        reorder_photos(post, wrong(before), by=post.author)
    assert refused.value.code == "photos_changed"
    assert keys_of(post) == before


def test_photos_that_were_taken_out_keep_no_place_from_others():
    post = f.a_post(photos=3)
    first, second, third = keys_of(post)
    remove_photo(Photo.objects.get(key=first), by=post.author)
    reorder_photos(post, [third, second], by=post.author)
    assert keys_of(post) == [third, second]


def test_nobody_else_changes_the_order():
    post = f.a_post(photos=2)
    with pytest.raises(PermissionDenied):
        reorder_photos(post, keys_of(post), by=f.a_member())


# --- Trying again -----------------------------------------------------------------------------------------------------


@pytest.fixture
def given_up(monkeypatch):
    """A post whose only photo was given up: every try met a worker that died."""
    with monkeypatch.context() as patch:
        patch.setattr(imaging, "render", lambda file, **options: (_ for _ in ()).throw(OSError("out of memory")))
        post = f.a_post()
    Photo.objects.update(state=ProcessingState.FAILED, attempts=MOST_ATTEMPTS, failure="Given up", retry_at=None)
    return post


def test_its_author_tries_a_failed_photo_again(given_up):
    photo = retry_photo(given_up.photos.get(), by=given_up.author)
    assert (photo.state, photo.failure) == (ProcessingState.READY, "")
    assert visible(given_up)
    assert member_acts(given_up.short_id)[-1] == "post.photo_retried"


def test_so_do_moderators_and_it_stands_in_wagtails_log(given_up):
    moderator = f.a_staff_member("Moderators", "mona")
    retry_photo(given_up.photos.get(), by=moderator)
    assert visible(given_up)
    assert staff_acts(given_up) == [("pixlpix.retry_photo", "mona")]


@pytest.mark.queued
def test_the_count_of_tries_begins_anew_and_a_second_click_changes_nothing(given_up):
    for _ in range(2):
        photo = retry_photo(given_up.photos.get(), by=given_up.author)
        assert (photo.state, photo.attempts) == (ProcessingState.PENDING, 0)
    assert member_acts(given_up.short_id).count("post.photo_retried") == 1


def test_a_photo_that_is_fine_is_left_alone():
    post = f.a_post()
    before = public_files()
    assert retry_photo(post.photos.get(), by=post.author).is_ready
    assert public_files() == before


def test_nobody_else_tries_it_again(given_up):
    for somebody in (f.a_member(), f.a_staff_member("Curators"), AnonymousUser()):
        with pytest.raises(PermissionDenied):
            retry_photo(given_up.photos.get(), by=somebody)


# --- The point that matters -------------------------------------------------------------------------------------------


def test_the_point_is_kept_in_pixels_of_the_upright_picture():
    post = f.a_post(original=f.an_original(f.a_picture(400, 300)))
    set_focus(post.photos.get(), by=post.author, x=25, y=50)
    picture = Picture.objects.get()
    assert (picture.focal_point_x, picture.focal_point_y) == (100, 150)
    assert member_acts(post.short_id)[-1] == "post.focus_set"


def test_wagtails_crops_keep_it_in_sight():
    post = f.a_post(original=f.an_original(f.a_picture(400, 100)))
    set_focus(post.photos.get(), by=post.author, x=90, y=50)
    picture = Picture.objects.get()
    box = picture.get_focal_point()
    assert box == Rect.from_point(360, 50, 10, 10)
    assert Filter(spec="fill-100x100").get_cache_key(picture) != ""


def test_none_takes_it_back():
    post = f.a_post()
    set_focus(post.photos.get(), by=post.author, x=0, y=100)
    set_focus(post.photos.get(), by=post.author, x=None, y=None)
    assert not Picture.objects.get().has_focal_point()


@pytest.mark.parametrize(("x", "y"), [(-1, 5), (5, 100.1), (float("nan"), 5), (None, 5), ("5", 5)])
def test_a_point_outside_is_refused(x, y):
    post = f.a_post()
    with pytest.raises(ValidationError):
        set_focus(post.photos.get(), by=post.author, x=x, y=y)
    assert not Picture.objects.get().has_focal_point()


def test_nobody_else_sets_it():
    with pytest.raises(PermissionDenied):
        set_focus(f.a_post().photos.get(), by=f.a_member(), x=5, y=5)


def test_its_files_stay_as_they_are():
    post = f.a_post()
    before = every_name(post)
    set_focus(post.photos.get(), by=post.author, x=5, y=5)
    assert public_files() == every_name(post) == before
