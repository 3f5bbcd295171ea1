"""What a page shows of a photo, and that nothing of a sensitive post is shown clearly where nobody asked."""

import pytest

from gallery import cards
from gallery.models import Photo, PostPage, Rendition
from gallery.states import ProcessingState, TeamState
from tests.factories import a_post

pytestmark = pytest.mark.django_db

# The ThumbHash of a sunset, and the same with the bit set that says that parts of it are transparent.
OPAQUE = bytes.fromhex("d50822250c87a7977886887888776778570f77c7")
TRANSPARENT = OPAQUE[:2] + bytes([OPAQUE[2] | 0x80]) + OPAQUE[3:]


def a_photo(*, specs=("width-400", "preview-jpeg", "blurred-jpeg"), post=None, **picture):
    """The photo of a post with renditions of these `specs`, public ones, and columns of its picture."""
    photo = (post or a_post()).photos.select_related("picture", "post").get()
    photo.picture.renditions.all().delete()
    for spec in specs:
        width = int(spec.partition("-")[2]) if spec.startswith("width-") else 400
        mime, ending = ("image/jpeg", "jpg") if spec.endswith("jpeg") else ("image/webp", "webp")
        Rendition.objects.create(
            image=photo.picture,
            filter_spec=spec,
            file=f"derived/a/{spec}.{ending}",
            public_name=f"p/a/{spec}.{ending}",
            width=width,
            height=width * 3 // 4,
            mime=mime,
        )
    type(photo.picture).objects.filter(pk=photo.picture_id).update(**picture)
    return Photo.objects.select_related("picture", "post").prefetch_related("picture__renditions").get(pk=photo.pk)


def sensitive(**marks):
    post = a_post()
    PostPage.objects.filter(pk=post.pk).update(**(marks or {"sensitive": True}))
    return PostPage.objects.get(pk=post.pk)


def test_photo_comes_in_every_width_of_webp_with_a_jpeg_for_what_cannot_show_that():
    shown = cards.shown(a_photo(specs=("width-320", "width-1280", "width-640", "preview-jpeg")))
    assert [part.split()[1] for part in shown.srcset.split(", ")] == ["320w", "640w", "1280w"]
    assert shown.src.endswith("width-640.webp") and shown.fallback.endswith("preview-jpeg.jpg")
    assert (shown.largest.endswith("width-1280.webp"), shown.largest_width, shown.largest_height) == (True, 1280, 960)


def test_photo_without_a_jpeg_falls_back_to_what_there_is():
    shown = cards.shown(a_photo(specs=("width-320",)))
    assert shown.fallback == shown.src != ""


def test_photo_of_which_nothing_is_ready_has_no_address_and_keeps_its_shape():
    shown = cards.shown(a_photo(specs=()))
    assert (shown.src, shown.srcset, shown.largest, shown.is_ready) == ("", "", "", False)
    assert (shown.width, shown.height) == (400, 300)


def test_animated_picture_says_so_and_has_its_moving_file_beside_the_still_ones():
    shown = cards.shown(a_photo(specs=("width-400", "animated-webp"), animated=True))
    assert shown.is_animated and shown.animated.endswith("animated-webp.webp")
    assert "animated" not in shown.srcset


# --- Sensitive posts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["sensitive", "team_sensitive"])
def test_sensitive_photo_is_shown_blurred_and_without_its_words_whoever_marked_it(mark):
    shown = cards.shown(a_photo(post=sensitive(**{mark: True})))
    assert shown.is_blurred and shown.is_ready
    assert {shown.src.rpartition("/")[2], shown.fallback.rpartition("/")[2]} == {"blurred-jpeg.jpg"}
    assert (shown.srcset, shown.largest, shown.animated, shown.alt) == ("", "", "", "")


def test_sensitive_photo_without_a_blurred_file_shows_no_file_at_all():
    shown = cards.shown(a_photo(post=sensitive(), specs=("width-400", "preview-jpeg")))
    assert (shown.src, shown.fallback, shown.srcset, shown.is_ready) == ("", "", "", True)


def test_link_preview_of_a_sensitive_post_is_the_blurred_one_or_none():
    assert cards.preview(a_photo(post=sensitive())).filter_spec == "blurred-jpeg"
    assert cards.preview(a_photo(post=sensitive(), specs=("width-400", "preview-jpeg"))) is None


def test_link_preview_of_any_other_post_is_the_clear_one():
    assert cards.preview(a_photo()).filter_spec == "preview-jpeg"


def test_link_preview_is_only_what_a_visitor_may_fetch():
    photo = a_photo()
    Rendition.objects.update(public_name="")
    assert cards.preview(Photo.objects.get(pk=photo.pk)) is None


def test_behind_the_veil_the_photo_is_clear():
    shown = cards.clear(a_photo(post=sensitive()))
    assert not shown.is_blurred and shown.srcset and shown.alt == "A ridge"


# --- Placeholders and focal points ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("placeholder", "there"),
    [(OPAQUE, True), (TRANSPARENT, False), (b"", False)],
    ids=["opaque", "transparent", "none"],
)
def test_placeholder_stands_behind_opaque_pictures_alone(monkeypatch, placeholder, there):
    """Through transparent parts it would be seen for good."""
    monkeypatch.setattr("gallery.cards.placeholder_url", lambda data: f"data:image/png,{len(data)}" if data else "")
    shown = cards.shown(a_photo(placeholder=placeholder))
    assert shown.placeholder == (f"data:image/png,{len(OPAQUE)}" if there else "")


def test_focal_point_becomes_classes():
    assert cards.shown(a_photo(focal_point_x=120, focal_point_y=210)).focus == "fx-30 fy-70"
    assert cards.shown(a_photo()).focus == ""


# --- Which photos -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "to_all", "to_its_author"),
    [
        ({}, True, True),
        ({"state": ProcessingState.PENDING}, False, True),
        ({"state": ProcessingState.FAILED}, False, True),
        ({"team_state": TeamState.TAKEN_DOWN}, False, False),
        ({"removed_at": "2026-11-24T12:00:00Z"}, False, False),
    ],
    ids=["ready", "processing", "failed", "taken down", "removed"],
)
def test_who_sees_which_photos_of_a_post(change, to_all, to_its_author):
    post = a_post(photos=2)
    first, second = post.photos.order_by("position")
    Photo.objects.filter(pk=second.pk).update(**change)
    post = PostPage.objects.for_cards().get(pk=post.pk)
    assert cards.photos_in_order(post) == ([first, second] if to_all else [first])
    assert cards.photos_in_order(post, waiting=True) == ([first, second] if to_its_author else [first])


def test_card_shows_the_first_photo_that_is_ready():
    post = a_post(photos=2)
    first, second = post.photos.order_by("position")
    Photo.objects.filter(pk=first.pk).update(state=ProcessingState.PENDING)
    assert PostPage.objects.for_cards().get(pk=post.pk).cover == second


def test_card_of_a_post_whose_photos_the_team_took_out_shows_none_of_them():
    post = a_post()
    post.photos.update(team_state=TeamState.TAKEN_DOWN)
    assert PostPage.objects.for_cards().get(pk=post.pk).cover is None


def test_what_is_shown_of_a_card_asks_the_database_nothing(django_assert_num_queries):
    a_post(photos=2)
    posts = list(PostPage.objects.for_cards())
    with django_assert_num_queries(0):
        for post in posts:
            assert cards.shown(post.cover).src and cards.preview(post.cover) and cards.largest(post.cover)


def test_download_gives_the_widest_file_and_the_moving_one_of_an_animated_picture():
    assert cards.largest(a_photo(specs=("width-320", "width-640", "preview-jpeg"))).filter_spec == "width-640"
    assert cards.largest(a_photo(specs=("width-320", "animated-webp"))).filter_spec == "animated-webp"
    assert cards.largest(a_photo(specs=("preview-jpeg",))) is None
