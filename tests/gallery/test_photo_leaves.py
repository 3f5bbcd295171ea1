"""Photos that leave their post: taken out, or replaced. What others may have seen is withdrawn as a post is."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages

from community.views.vault_file import may_see
from community.visibility import posts_for
from gallery.actions.add_photo import add_photo
from gallery.actions.publish_post import publish_post
from gallery.actions.remove_photo import remove_photo
from gallery.actions.replace_photo import replace_photo
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.models import Original, Photo, Picture, PostPage, Rendition
from gallery.states import ProcessingState
from tests import factories as f
from tests.traces import ledger, member_acts, public_files

pytestmark = pytest.mark.django_db


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def visible(post):
    return posts_for(AnonymousUser()).filter(pk=post.pk).exists()


def keys_of(post):
    return [photo.key for photo in fresh(post).photos_in_order]


def names_of(photo):
    return {r.public_name for r in Rendition.objects.filter(image=photo.picture_id) if r.public_name}


def named(post):
    return set().union(*(names_of(photo) for photo in post.photos.all()))


# --- Taking out -------------------------------------------------------------------------------------------------------


def test_every_file_of_a_photo_that_is_taken_out_is_gone_when_it_returns():
    post = f.a_post(photos=3)
    photo = post.photos.order_by("position")[1]
    gone = names_of(photo)
    remove_photo(photo, by=post.author)
    assert gone
    assert not public_files() & gone
    assert public_files() == named(post)
    assert visible(post)
    assert len(keys_of(post)) == 2


def test_the_team_keeps_it_and_knows_when_it_was_taken_out():
    post = f.a_post(photos=2)
    photo = post.photos.first()
    remove_photo(photo, by=post.author)
    photo.refresh_from_db()
    assert photo.removed_at
    assert storages["vault"].exists(photo.picture.original.name)
    assert member_acts(post.short_id)[-1] == "post.photo_removed"


def test_nobody_but_staff_sees_its_private_renditions_any_more():
    post = f.a_post(photos=2)
    photo = post.photos.first()
    remove_photo(photo, by=post.author)
    for somebody in (post.author, f.a_member(), AnonymousUser()):
        assert not may_see(somebody, photo.picture)
    assert may_see(f.a_staff_member("Moderators"), photo.picture)


def test_the_ledger_has_it_under_the_posts_short_id_with_the_photos_key():
    post = f.a_post(photos=2)
    photo = post.photos.first()
    remove_photo(photo, by=post.author)
    (entry,) = ledger()
    assert (entry["act"], entry["key"]) == ("photo.removed", post.short_id)
    assert entry["state"]["photo"] == photo.key


def test_its_words_are_found_no_longer():
    author = f.a_member()
    photos = [(f.an_original(), "Lighthouse"), (f.an_original(), "Harbour")]
    post = publish_post(author, f.first_gallery(author), photos)
    remove_photo(post.photos.get(alt_text="Lighthouse"), by=author)
    assert "lighthouse" not in fresh(post).tokens.split()


def test_the_last_photo_of_a_published_post_stays():
    post = f.a_post()
    with pytest.raises(ValidationError, match="Delete the post instead") as refused:
        remove_photo(post.photos.get(), by=post.author)
    assert refused.value.code == "last_photo"
    assert visible(post)


def test_so_does_the_last_one_that_can_be_seen():
    post = f.a_post()
    add_photo(post, f.an_original(f.a_broken_picture()), by=post.author)
    with pytest.raises(ValidationError) as refused:
        remove_photo(post.photos.order_by("position").first(), by=post.author)
    assert refused.value.code == "others_not_ready"
    assert visible(post)


def test_the_only_photo_of_a_draft_goes_and_for_good():
    draft = f.a_draft()
    name = Original.objects.get().name
    remove_photo(draft.photos.get(), by=draft.author)
    assert fresh(draft).is_draft
    assert not Photo.objects.exists()
    assert not Picture.objects.exists()
    assert not Rendition.objects.exists()
    assert not storages["vault"].exists(name)
    assert not list(storages["vault"].list_names("derived/"))
    assert not ledger()


def test_one_that_failed_in_a_visible_post_goes_for_good_and_the_others_keep_their_files():
    post = f.a_post()
    before = public_files()
    original = f.an_original(f.a_broken_picture())
    remove_photo(add_photo(post, original, by=post.author), by=post.author)
    assert post.photos.count() == 1
    assert public_files() == before
    assert not storages["vault"].exists(original.name)


def test_without_the_one_that_failed_a_new_post_is_seen():
    author = f.a_member()
    broken = f.an_original(f.a_broken_picture())
    post = publish_post(author, f.first_gallery(author), [(broken, ""), (f.an_original(), "")])
    assert not visible(post)
    remove_photo(post.photos.get(state=ProcessingState.FAILED), by=author)
    assert visible(post)


def test_taking_it_out_twice_is_taking_it_out_once():
    post = f.a_post(photos=2)
    photo = post.photos.first()
    remove_photo(photo, by=post.author)
    remove_photo(photo, by=post.author)
    assert member_acts(post.short_id).count("post.photo_removed") == 1
    assert len(ledger()) == 1


def test_nobody_else_takes_a_photo_out_and_nobody_of_what_the_team_took_down():
    post = f.a_post(photos=2)
    with pytest.raises(PermissionDenied):
        remove_photo(post.photos.first(), by=f.a_member())
    take_down_post(post, by=None, reason="Not theirs")
    with pytest.raises(PermissionDenied):
        remove_photo(post.photos.first(), by=post.author)
    assert post.photos.current().count() == 2


def test_restoring_the_post_does_not_bring_it_back():
    post, moderator = f.a_post(photos=2), f.a_staff_member("Moderators")
    photo = post.photos.first()
    remove_photo(photo, by=post.author)
    take_down_post(post, by=moderator, reason="Not theirs")
    restore_post(post, by=moderator)
    assert visible(post)
    assert public_files() == named(post)
    assert not names_of(photo)


# --- Replacing --------------------------------------------------------------------------------------------------------


def test_a_photo_that_is_replaced_gives_its_place_and_its_words_to_the_new_one():
    author = f.a_member()
    photos = [(f.an_original(), "First"), (f.an_original(), "Second"), (f.an_original(), "Third")]
    post = publish_post(author, f.first_gallery(author), photos)
    old = post.photos.get(alt_text="Second")
    gone = names_of(old)
    new = replace_photo(old, f.an_original(), by=author)
    assert [photo.alt_text for photo in fresh(post).photos_in_order] == ["First", "Second", "Third"]
    assert keys_of(post)[1] == new.key != old.key
    assert not public_files() & gone
    assert public_files() == named(post)
    assert names_of(new)


def test_the_team_keeps_the_one_before_and_the_ledger_says_that_it_left():
    post = f.a_post()
    old = post.photos.get()
    replace_photo(old, f.an_original(), by=post.author)
    old.refresh_from_db()
    assert old.removed_at
    assert storages["vault"].exists(old.picture.original.name)
    assert [(entry["act"], entry["state"]["photo"]) for entry in ledger()] == [("photo.removed", old.key)]


@pytest.mark.queued
def test_until_the_new_one_is_ready_the_old_one_stays(run_tasks):
    post = f.a_post()
    run_tasks()
    old, before = post.photos.get(), public_files()
    new = replace_photo(old, f.an_original(), by=post.author)
    assert keys_of(post) == [old.key]
    assert public_files() == before
    assert visible(post)
    run_tasks()
    assert keys_of(post) == [new.key]


def test_where_the_new_one_fails_the_old_one_stays_and_its_author_can_read_why():
    post = f.a_post()
    old, before = post.photos.get(), public_files()
    new = replace_photo(old, f.an_original(f.a_broken_picture()), by=post.author)
    assert (new.state, new.replaces) == (ProcessingState.FAILED, old)
    assert "damaged or incomplete" in new.failure
    assert keys_of(post) == [old.key]
    assert public_files() == before


def test_then_another_one_can_be_chosen_or_none():
    post = f.a_post()
    old = post.photos.get()
    new = replace_photo(old, f.an_original(f.a_broken_picture()), by=post.author)
    remove_photo(new, by=post.author)
    assert list(post.photos.all()) == [old]
    failed = replace_photo(old, f.an_original(f.a_broken_picture()), by=post.author)
    assert replace_photo(failed, f.an_original(), by=post.author).key == failed.key
    assert keys_of(post) == [failed.key]


@pytest.mark.queued
def test_of_two_that_were_chosen_one_after_the_other_the_second_takes_the_place(run_tasks):
    post = f.a_post()
    run_tasks()
    old = post.photos.get()
    first = replace_photo(old, f.an_original(), by=post.author)
    second = replace_photo(old, f.an_original(), by=post.author)
    run_tasks()
    assert keys_of(post) == [second.key]
    assert not Photo.objects.filter(key=first.key).exists()


@pytest.mark.queued
def test_taking_the_old_one_out_meanwhile_takes_the_new_one_along(run_tasks):
    post = f.a_post(photos=2)
    run_tasks()
    old, other = post.photos.order_by("position")
    replace_photo(old, f.an_original(), by=post.author)
    remove_photo(old, by=post.author)
    run_tasks()
    assert keys_of(post) == [other.key]
    assert public_files() == named(post)


@pytest.mark.queued
def test_a_takedown_meanwhile_wins_and_after_a_restore_the_new_one_is_there(run_tasks):
    post, moderator = f.a_post(), f.a_staff_member("Moderators")
    run_tasks()
    new = replace_photo(post.photos.get(), f.an_original(), by=post.author)
    take_down_post(post, by=moderator, reason="Not theirs")
    run_tasks()
    assert not public_files()
    restore_post(post, by=moderator)
    assert keys_of(post) == [new.key]
    assert public_files() == named(post) == names_of(new)


def test_in_a_draft_it_is_replaced_at_once_and_the_file_before_goes():
    draft = f.a_draft()
    photo, before = draft.photos.get(), Original.objects.get()
    new = replace_photo(photo, f.an_original(), by=draft.author)
    assert new == photo
    assert new.is_ready
    assert not storages["vault"].exists(before.name)
    assert Picture.objects.count() == Original.objects.count() == 1
    derived = {name for name, _size, _modified in storages["vault"].list_names("derived/")}
    assert derived == set(Rendition.objects.values_list("file", flat=True))


def test_nobody_else_replaces_it():
    post = f.a_post()
    with pytest.raises(PermissionDenied):
        replace_photo(post.photos.get(), f.an_original(), by=f.a_member())


def test_a_photo_that_was_taken_out_is_not_replaced():
    post = f.a_post(photos=2)
    photo = post.photos.first()
    remove_photo(photo, by=post.author)
    with pytest.raises(PermissionDenied):
        replace_photo(photo, f.an_original(), by=post.author)
