"""One photo of a post taken down: out of everyone's reach, the others stay, and it comes back under new names."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages

from gallery.actions.remove_photo import remove_photo
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_photo import restore_photo, take_down_photo
from gallery.actions.take_down_post import take_down_post
from gallery.models import BannedPicture, Photo, PostPage
from gallery.reconcile import reconcile
from gallery.sweep import sweep
from tests.factories import a_further_photo, a_member, a_post, a_staff_member, an_original
from tests.traces import ledger_acts, public_files, staff_acts
from tests.visiting import fetch, media_host

pytestmark = pytest.mark.django_db
WHY = "It shows somebody against their will"


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


@pytest.fixture
def post():
    return a_post(photos=3)


def files(photo):
    return set(photo.picture.renditions.exclude(public_name="").values_list("public_name", flat=True))


def fresh(post):
    return PostPage.objects.for_cards().get(pk=post.pk)


def test_its_files_are_gone_and_the_others_are_where_they_were(both_storages, mod, post, client):
    first, second, _third = post.photos.order_by("position")
    gone, kept = files(first), files(second)
    take_down_photo(first, by=mod, reason=WHY)
    assert gone and not gone & public_files() and kept <= public_files()
    assert {fetch(client, media_host() + name).status_code for name in gone} <= {403, 404}
    assert {fetch(client, media_host() + name).status_code for name in kept} == {200}
    assert storages["vault"].exists(first.picture.original.name)
    assert not any(reconcile(at_once=True)["found"].values())


def test_the_post_is_shown_without_it_and_found_by_its_words_no_more(mod, client):
    post = a_post(photos=2, alt_text="A ridge")
    first, second = post.photos.order_by("position")
    Photo.objects.filter(pk=first.pk).update(alt_text="A secret quay")
    take_down_photo(first, by=mod, reason=WHY)
    page = client.get(post.address()).content.decode()
    assert first.key not in page and "secret quay" not in page and second.key in page
    assert "quay" not in fresh(post).tokens and "ridge" in fresh(post).tokens
    assert [photo.pk for photo in fresh(post).photos_in_order] == [second.pk]


def test_it_is_out_of_reach_in_private_and_as_a_download_for_its_author_too(mod, post, client):
    PostPage.objects.filter(pk=post.pk).update(allow_download=True)
    photo = post.photos.first()
    take_down_photo(photo, by=mod, reason=WHY)
    client.force_login(post.author)
    private = f"/private/{photo.picture.renditions.first().file.name}"
    for url in (private, f"/p/{post.short_id}/photos/{photo.key}/download/"):
        assert client.get(url).status_code == 404, url
    client.force_login(mod)
    assert client.get(private).status_code == 200


def test_the_last_photo_takes_the_post_with_it(mod):
    post = a_post(photos=2)
    first, second = post.photos.order_by("position")
    take_down_photo(first, by=mod, reason=WHY), take_down_photo(second, by=mod, reason=WHY)
    post = fresh(post)
    assert (post.team_state, post.team_reason) == ("taken_down", WHY) and public_files() == set()


def test_the_same_picture_goes_wherever_its_author_shows_it_and_others_posts_stay(mod):
    ana, original = a_member("ana"), an_original()
    mixed, alone, milos = a_post(ana, photos=2), a_post(ana, original=original), a_post(original=original)
    photo = a_further_photo(mixed, original=original)
    take_down_photo(photo, by=mod, reason=WHY)
    assert fresh(mixed).is_visible and fresh(alone).team_state == "taken_down" and fresh(milos).is_visible
    photo.refresh_from_db()
    assert photo.team_state == "taken_down"


def test_it_comes_back_under_new_names_and_the_old_ones_stay_dead(mod, post, client):
    photo = post.photos.first()
    before = files(photo)
    take_down_photo(photo, by=mod, reason=WHY)
    restore_photo(photo, by=mod)
    now = files(photo)
    assert now and not now & before and now <= public_files() and not before & public_files()
    assert photo.key in client.get(post.address()).content.decode()


def test_one_that_could_not_be_shown_again_is_shown_by_the_sweeper(mod, post, monkeypatch):
    photo = post.photos.first()
    take_down_photo(photo, by=mod, reason=WHY)
    with monkeypatch.context() as patched:
        patched.setattr("gallery.photo_publication.copy_files", lambda copies: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            restore_photo(photo, by=mod)
    Photo.objects.filter(pk=photo.pk).update(retry_at="2020-01-01T00:00Z")
    assert sweep()["photos_shown"] == 1 and files(photo)


def test_what_its_author_took_out_meanwhile_stays_out(mod, post):
    photo = post.photos.first()
    take_down_photo(photo, by=mod, reason=WHY)
    remove_photo(photo, by=post.author)
    restore_photo(photo, by=mod)
    assert not files(photo) and photo.pk not in [one.pk for one in fresh(post).photos_in_order]


def test_both_acts_are_in_the_log_and_in_the_ledger(mod, post):
    photo = post.photos.first()
    take_down_photo(photo, by=mod, reason=WHY), restore_photo(photo, by=mod)
    assert staff_acts(post) == [("pixlpix.take_down_photo", "marta"), ("pixlpix.restore_photo", "marta")]
    assert ledger_acts(post.short_id) == ["photo.taken_down", "photo.restored"]


def test_who_may_not_is_refused_and_nothing_changes(mod, post):
    photo = post.photos.first()
    for person in (post.author, a_staff_member("Curators")):
        with pytest.raises(PermissionDenied):
            take_down_photo(photo, by=person, reason=WHY)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        take_down_photo(a_post(mod).photos.get(), by=mod, reason=WHY)
    with pytest.raises(ValidationError, match="Say why"):
        take_down_photo(photo, by=mod, reason=" ")
    with pytest.raises(PermissionDenied, match="not taken down"):
        restore_photo(photo, by=mod)
    assert files(photo)


def test_the_picture_cannot_come_back_until_it_is_restored(mod, post):
    first, second, _third = post.photos.order_by("position")
    take_down_photo(first, by=mod, reason=WHY), take_down_photo(second, by=mod, reason=WHY)
    banned = BannedPicture.objects.filter(about=post.short_id)
    assert set(banned.values_list("sha256", flat=True)) == {p.picture.original.sha256 for p in (first, second)}
    restore_photo(first, by=mod)
    assert banned.get().sha256 == second.picture.original.sha256


def test_a_post_that_is_restored_leaves_a_photo_banned_that_stays_down(mod, post):
    photo = post.photos.first()
    take_down_photo(photo, by=mod, reason=WHY)
    take_down_post(PostPage.objects.get(pk=post.pk), by=mod, reason=WHY)
    restore_post(post, by=mod)
    assert BannedPicture.objects.get().sha256 == photo.picture.original.sha256
    assert photo.pk not in [one.pk for one in fresh(post).photos_in_order]


def test_a_photo_that_is_held_for_review_is_not_restored_past_it(mod, post):
    photo = post.photos.first()
    Photo.objects.filter(pk=photo.pk).update(team_state="held")
    with pytest.raises(PermissionDenied, match="not taken down"):
        restore_photo(photo, by=mod)
