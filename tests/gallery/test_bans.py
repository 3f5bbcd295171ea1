"""Not again: a picture that staff took down is known when it comes back, changed or not; what a member deleted is free."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import ImageOps

from community.models import Case, Notification
from gallery.actions.ban_picture import ban_picture, unban_picture
from gallery.actions.decide_match import confirm_match, let_through
from gallery.actions.edit_post import edit_post
from gallery.actions.publish_draft import publish_draft
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.imaging import PictureRefused
from gallery.likeness import distance, likeness_of
from gallery.models import BanMatch, BannedPicture, Original, Photo, PostPage
from gallery.states import TeamState
from gallery.tasks import process_photo
from pixlpix.demo import art
from tests.factories import a_draft, a_further_photo, a_member, a_picture, a_post, a_staff_member, an_original
from tests.traces import public_files

pytestmark = pytest.mark.django_db


def drawn(kind="ridges", seed=1):
    return art.draw(kind, seed, 640, 427)


def as_file(image, quality=90):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    file.seek(0)
    file.name = "picture.jpg"
    return file


def cropped(image):
    width, height = image.size
    across, down = width // 40, height // 40
    return image.crop((across, down, width - across, height - down))


CHANGES = {
    "resized": lambda image: image.resize((320, 214)),
    "cropped": cropped,
    "mirrored": ImageOps.mirror,
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
}


@pytest.fixture
def moderator():
    return a_staff_member("Moderators", "moira")


@pytest.fixture
def post():
    """A post of a picture that shows something."""
    return a_post(a_member("ana"), original=an_original(as_file(drawn())))


@pytest.fixture
def down(post, moderator):
    take_down_post(post, by=moderator, reason="It shows a neighbour.")
    return again(post)


def again(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def a_post_of(image, author=None):
    return again(a_post(author or a_member(), original=an_original(as_file(image))))


def test_the_likeness_is_kept_with_the_original(post):
    assert Original.objects.get().likeness == Original.objects.get().likeness.lower()
    assert distance(Original.objects.get().likeness, likeness_of(drawn())) <= 8


def test_what_is_taken_down_stands_in_the_list_with_the_reason_and_who_did_it(down, moderator):
    banned = BannedPicture.objects.get()
    original = Original.objects.get()
    assert (banned.sha256, banned.likeness) == (original.sha256, original.likeness)
    assert (banned.reason, banned.about, banned.added_by) == ("It shows a neighbour.", down.short_id, moderator)


def test_the_same_file_is_refused_whoever_brings_it(down):
    for member in (down.author, a_member("milo"), a_staff_member("Administrators", "ada")):
        with pytest.raises(PictureRefused) as refused:
            an_original(as_file(drawn()), by=member)
        assert refused.value.message == "The team took this picture down before. It cannot be shared again."


@pytest.mark.parametrize("change", CHANGES)
def test_what_looks_like_it_is_held_and_nobody_sees_it(down, change):
    post = a_post_of(CHANGES[change](drawn()))
    assert post.team_state == TeamState.HELD
    assert not post.is_visible and post.published_at is None
    assert public_files() == set()
    match = BanMatch.objects.get()
    assert (match.photo.post, match.state) == (post, BanMatch.State.HELD)
    assert match.distance <= 72


def test_a_file_that_was_only_saved_again_is_held(down):
    post = again(a_post(a_member(), original=an_original(as_file(drawn(), quality=55))))
    assert post.team_state == TeamState.HELD


def test_another_picture_goes_live(down):
    assert a_post_of(drawn("sea", 4)).is_visible
    assert not BanMatch.objects.exists()


def test_pictures_that_show_nothing_are_alike_to_none(moderator):
    plain = a_post(original=an_original(a_picture(colour=(20, 60, 200))))
    take_down_post(plain, by=moderator, reason="Spam.")
    assert BannedPicture.objects.get().likeness == ""
    assert again(a_post(original=an_original(a_picture(colour=(200, 90, 20))))).is_visible


def test_how_near_is_near_enough_is_a_setting(down, settings):
    settings.BANNED_DISTANCE = 0
    assert a_post_of(cropped(drawn())).is_visible


def test_what_a_member_deleted_is_free(post):
    withdraw_post(post, by=post.author)
    assert not BannedPicture.objects.exists()
    assert a_post_of(drawn()).is_visible


def test_a_post_that_was_restored_frees_its_picture(down, moderator):
    restore_post(down, by=moderator)
    assert not BannedPicture.objects.exists()
    assert a_post_of(drawn()).is_visible


def test_it_stays_banned_while_another_post_of_it_is_down(post, moderator):
    other = a_post_of(drawn(), a_member("milo"))
    take_down_post(post, by=moderator, reason="It shows a neighbour.", also=[other])
    restore_post(again(other), by=moderator)
    assert BannedPicture.objects.count() == 1


def test_its_author_is_told_that_it_waits(down):
    post = a_post_of(cropped(drawn()))
    told = Notification.objects.get(recipient=post.author, kind="moderation")
    assert told.details["act"] == "hold"


def test_running_the_task_again_holds_nothing_twice(down):
    post = a_post_of(cropped(drawn()))
    process_photo.call(post.photos.get().pk)
    assert BanMatch.objects.count() == 1


class TestOthersOfTheSamePicture:
    def test_what_others_show_becomes_a_case_and_stays(self, post, moderator):
        other = a_post_of(drawn(), a_member("milo"))
        take_down_post(post, by=moderator, reason="It shows a neighbour.")
        case = Case.objects.get()
        assert (case.queue, case.post, case.member) == ("review", other, other.author)
        assert again(other).is_visible

    def test_a_draft_of_it_is_held_and_cannot_go_live(self, post, moderator):
        draft = a_draft(a_member("milo"), photos=0)
        a_further_photo(draft, original=Original.objects.get())
        take_down_post(post, by=moderator, reason="It shows a neighbour.")
        assert again(draft).team_state == TeamState.HELD
        with pytest.raises(PermissionDenied):
            publish_draft(again(draft), by=draft.author)


class TestInAVisiblePost:
    """A photo that comes to a post which everybody sees: it alone is held."""

    @pytest.fixture
    def held(self, down):
        post = a_post(a_member("milo"))
        photo = a_further_photo(post, ready=False, original=an_original(as_file(cropped(drawn()))))
        process_photo.call(photo.pk)
        return Photo.objects.select_related("post", "picture").get(pk=photo.pk)

    def test_the_post_stays_and_the_photo_waits(self, held):
        assert held.team_state == TeamState.HELD
        assert again(held.post).is_visible
        assert not held.picture.renditions.exclude(public_name="").exists()

    def test_let_through_it_joins_the_post(self, held, moderator):
        let_through(BanMatch.objects.get(), by=moderator)
        held.refresh_from_db()
        assert held.team_state == TeamState.NONE
        assert held.picture.renditions.exclude(public_name="").exists()

    def test_confirmed_it_stays_out_and_the_post_stays(self, held, moderator):
        confirm_match(BanMatch.objects.get(), by=moderator, reason="The same picture.")
        held.refresh_from_db()
        assert held.team_state == TeamState.TAKEN_DOWN
        assert again(held.post).is_visible


class TestDeciding:
    @pytest.fixture
    def match(self, down):
        a_post_of(cropped(drawn()), a_member("milo"))
        return BanMatch.objects.select_related("photo__post").get()

    def test_let_through_it_goes_live_and_is_not_held_again(self, match, moderator):
        post = let_through(match, by=moderator, reason="A different ridge.")
        assert again(post).is_visible
        process_photo.call(match.photo_id)
        assert again(post).is_visible
        match.refresh_from_db()
        assert (match.state, match.decided_by) == (BanMatch.State.LET_THROUGH, moderator)

    def test_what_was_banned_stays_banned(self, match, moderator):
        let_through(match, by=moderator)
        assert BannedPicture.objects.filter(pk=match.banned_id).exists()

    def test_confirmed_the_post_is_taken_down_and_this_file_is_banned_too(self, match, moderator):
        confirm_match(match, by=moderator, reason="The same picture.")
        assert again(match.photo.post).team_state == TeamState.TAKEN_DOWN
        assert BannedPicture.objects.count() == 2

    def test_confirming_needs_a_reason(self, match, moderator):
        with pytest.raises(ValidationError):
            confirm_match(match, by=moderator, reason=" ")
        assert again(match.photo.post).team_state == TeamState.HELD

    def test_it_is_decided_once(self, match, moderator):
        let_through(match, by=moderator)
        with pytest.raises(ValidationError, match="decided this already"):
            confirm_match(match, by=moderator, reason="The same picture.")

    def test_nobody_decides_on_their_own(self, match):
        author = a_staff_member("Moderators")
        PostPage.objects.filter(pk=match.photo.post_id).update(author=author)
        match.photo.post.refresh_from_db()
        with pytest.raises(PermissionDenied):
            let_through(match, by=author)

    def test_members_and_curators_decide_nothing(self, match):
        for user in (match.photo.post.author, a_staff_member("Curators")):
            with pytest.raises(PermissionDenied):
                let_through(match, by=user)

    def test_its_words_can_still_be_changed_by_nobody(self, match):
        with pytest.raises(PermissionDenied):
            edit_post(match.photo.post, by=match.photo.post.author, caption="Another")


class TestTheListByHand:
    SHA256 = "ab" * 32

    def test_a_hash_can_be_entered_before_anybody_brings_the_file(self, moderator):
        banned = ban_picture(self.SHA256.upper(), by=moderator, reason="From the police.")
        assert (banned.sha256, banned.about, banned.added_by) == (self.SHA256, "", moderator)

    def test_what_we_have_is_known_again_where_it_was_changed(self, post, moderator):
        ban_picture(Original.objects.get().sha256, by=moderator, reason="From the police.")
        assert a_post_of(cropped(drawn())).team_state == TeamState.HELD

    @pytest.mark.parametrize("sha256", ["", "abc", "zz" * 32, "ab" * 33])
    def test_what_is_no_hash_is_refused(self, moderator, sha256):
        with pytest.raises(ValidationError):
            ban_picture(sha256, by=moderator, reason="From the police.")

    def test_twice_is_once(self, moderator):
        ban_picture(self.SHA256, by=moderator, reason="From the police.")
        with pytest.raises(ValidationError, match="already"):
            ban_picture(self.SHA256, by=moderator, reason="Again.")

    def test_a_reason_is_needed(self, moderator):
        with pytest.raises(ValidationError):
            ban_picture(self.SHA256, by=moderator, reason="")

    def test_off_the_list_it_may_be_shared_again(self, down, moderator):
        unban_picture(BannedPicture.objects.get(), by=moderator)
        assert an_original(as_file(drawn())).pk

    def test_it_stays_on_the_list_while_something_is_held_for_it(self, down, moderator):
        a_post_of(cropped(drawn()))
        with pytest.raises(ValidationError, match="held"):
            unban_picture(BannedPicture.objects.get(), by=moderator)

    def test_members_and_curators_keep_no_list(self, post):
        for user in (post.author, a_staff_member("Curators")):
            with pytest.raises(PermissionDenied):
                ban_picture(self.SHA256, by=user, reason="Because.")
