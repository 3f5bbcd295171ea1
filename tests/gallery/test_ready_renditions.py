"""What Wagtail's own calls for renditions give of a member's picture: a ready one, and never a new one."""

import pytest
from django.template import Context, Template

from gallery.actions.take_down_post import take_down_post
from gallery.models import Picture, Rendition
from tests.factories import a_picture, a_post, a_staff_member, an_original
from tests.traces import public_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    """A post whose photo has renditions of 320, 640, 1280 and 1500 pixels."""
    return a_post(original=an_original(a_picture(1500, 300)))


def url_by_tag(picture, spec):
    """What the tag of Wagtail's templates names as the address."""
    template = Template("{% load wagtailimages_tags %}{% image picture " + spec + " as made %}{{ made.url }}")
    return template.render(Context({"picture": picture}))


@pytest.mark.parametrize(
    ("spec", "width"),
    [
        ("width-500", 640),
        ("fill-320x320", 320),
        ("max-1281x900 format-jpeg", 1500),
        ("width-5000", 1500),
        ("original", 640),
    ],
)
def test_the_tag_gives_the_ready_size_that_fits_and_makes_none(post, spec, width):
    picture = post.photos.get().picture
    files, rows = public_files(), Rendition.objects.count()
    assert url_by_tag(picture, spec) == picture.renditions.get(filter_spec=f"width-{width}").url
    assert (public_files(), Rendition.objects.count()) == (files, rows)


def test_several_at_once_are_the_ready_ones_too(post):
    picture = post.photos.get().picture
    made = picture.get_renditions("width-500", "width-1000")
    assert {spec: rendition.width for spec, rendition in made.items()} == {"width-500": 640, "width-1000": 1280}


def test_what_was_taken_down_has_the_address_that_asks_who_looks(post):
    take_down_post(post, by=a_staff_member("Moderators"), reason="Spam")
    assert url_by_tag(post.photos.get().picture, "width-500").startswith("/private/derived/")


def test_where_nothing_is_ready_a_drawn_square_stands(post):
    Rendition.objects.all().delete()
    assert "no-picture" in url_by_tag(Picture.objects.get(), "width-500")
