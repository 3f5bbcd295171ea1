"""Editing a post's words."""

import pytest
from django.core.exceptions import ValidationError

from gallery.actions.edit_post import edit_post
from gallery.models import PostPage
from tests import factories as f
from tests.traces import member_acts, public_files

pytestmark = pytest.mark.django_db


def test_title_and_search_tokens_follow_the_words():
    post = f.a_post(caption="Dawn", alt_text="A ridge")
    photo = post.photos.get()
    edit_post(post, by=post.author, caption="Dusk", alt_texts={photo.pk: "A lighthouse"})
    post = PostPage.objects.get()
    assert (post.title, post.draft_title) == ("Dusk", "Dusk")
    words = set(post.tokens.split())
    assert {"dusk", "lighthouse"} <= words
    assert not {"dawn", "ridge"} & words


def test_what_is_not_given_stays():
    post = f.a_post(caption="Dawn", alt_text="A ridge")
    edit_post(post, by=post.author, alt_texts={post.photos.get().pk: "A lighthouse"})
    assert PostPage.objects.get().caption == "Dawn"
    edit_post(post, by=post.author, caption="Dusk")
    assert post.photos.get().alt_text == "A lighthouse"


def test_photos_of_other_posts_are_out_of_its_reach():
    post, other = f.a_post(), f.a_post(alt_text="Theirs")
    edit_post(post, by=post.author, alt_texts={other.photos.get().pk: "Mine"})
    assert other.photos.get().alt_text == "Theirs"


def test_files_and_place_in_time_stay():
    post = f.a_post()
    before = public_files()
    edit_post(post, by=post.author, caption="Other words")
    assert public_files() == before
    assert PostPage.objects.get().published_at == post.published_at


def test_an_act_that_came_in_between_is_not_overwritten():
    """The row is read again under its lock: an instance in hand may be old."""
    post = f.a_post()
    PostPage.objects.update(hidden_by=1, live=False)
    edit_post(post, by=post.author, caption="Other words")
    assert PostPage.objects.get().hidden_by == 1


def test_words_that_are_too_long_are_refused():
    post = f.a_post()
    with pytest.raises(ValidationError):
        edit_post(post, by=post.author, caption="x" * 2001)
    with pytest.raises(ValidationError):
        edit_post(post, by=post.author, alt_texts={post.photos.get().pk: "x" * 1001})


def test_the_act_stands_in_the_log():
    post = f.a_post()
    edit_post(post, by=post.author, caption="Other words")
    assert member_acts(post.short_id)[-1] == "post.edited"


# --- What an author chooses besides the words -------------------------------------------------------------------------


def test_an_author_marks_a_post_sensitive_with_a_reason_and_takes_both_back():
    post = f.a_post()
    edit_post(post, by=post.author, sensitive=True, sensitive_reason="  Blood,\n briefly ")
    post = PostPage.objects.get()
    assert (post.is_sensitive, post.sensitive_reason) == (True, "Blood, briefly")
    edit_post(post, by=post.author, sensitive=False)
    post = PostPage.objects.get()
    assert (post.is_sensitive, post.sensitive_reason) == (False, "")


def test_the_authors_mark_never_touches_the_teams():
    post = f.a_post()
    PostPage.objects.update(team_sensitive=True)
    for mark in (True, False):
        edit_post(post, by=post.author, sensitive=mark)
        assert PostPage.objects.get().team_sensitive
    assert PostPage.objects.get().is_sensitive


def test_camera_and_download_are_chosen_one_by_one():
    post = f.a_post()
    edit_post(post, by=post.author, show_camera=True)
    edit_post(post, by=post.author, allow_download=True)
    post = PostPage.objects.get()
    assert (post.show_camera, post.allow_download) == (True, True)


def test_a_reason_that_is_too_long_is_refused_by_its_field():
    post = f.a_post()
    with pytest.raises(ValidationError) as refused:
        edit_post(post, by=post.author, sensitive=True, sensitive_reason="x" * 201)
    assert "sensitive_reason" in refused.value.message_dict


def test_alternative_texts_are_given_by_the_photos_keys():
    post = f.a_post(alt_text="A ridge")
    edit_post(post, by=post.author, alt_texts={post.photos.get().key: "A lighthouse"})
    assert post.photos.get().alt_text == "A lighthouse"
