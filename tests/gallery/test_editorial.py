"""Renditions of editorial pictures: what Wagtail's filters ask for, made where members' are."""

import io

import pytest
from PIL import Image
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.models import Collection

from gallery.files import StorageUnavailable, media, vault
from gallery.models import Picture, Publication, Rendition
from gallery.publication import NotVisible, close_picture_publication, open_picture_publication
from tests.factories import an_original
from tests.traces import public_files

pytestmark = pytest.mark.django_db


def a_banner(width=400, height=200, image=None, **fields):
    """An editorial picture: the left half red, the right half blue."""
    image = image or Image.new("RGB", (width, height), "#f00000")
    if image.mode == "RGB":
        image.paste("#0000f0", (width // 2, 0, width, height))
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    picture = Picture(title="Banner", collection=Collection.get_first_root_node(), **fields)
    picture.attach(an_original(file))
    picture.save()
    return picture


def opened(rendition):
    """The public file of a rendition as Pillow sees it."""
    with media().open(rendition.public_name) as file:
        image = Image.open(io.BytesIO(file.read()))
        image.load()
        return image


def colour(image, x, y):
    red, _green, blue = image.convert("RGB").getpixel((x, y))
    return "red" if red > 150 > blue else "blue" if blue > 150 > red else "neither"


@pytest.mark.parametrize(
    "spec",
    ["max-165x165", "width-100", "height-50", "min-100x100", "scale-25", "fill-80x80", "fill-1000x100", "original"],
)
def test_sizes_are_those_that_wagtail_works_out(spec):
    picture = a_banner()
    rendition = picture.get_rendition(spec)
    wanted = Filter(spec=spec).get_transform(picture).size
    assert (rendition.width, rendition.height) == wanted == opened(rendition).size


@pytest.mark.parametrize(
    ("spec", "format"),
    [
        ("width-50", "WEBP"),
        ("width-50|format-jpeg", "JPEG"),
        ("width-50|format-png", "PNG"),
        ("width-50|format-webp|webpquality-40", "WEBP"),
        ("width-50|format-gif", "WEBP"),
        ("width-50|format-avif", "WEBP"),
    ],
)
def test_formats_are_webp_or_what_was_asked_for(spec, format):
    rendition = a_banner().get_rendition(spec)
    assert opened(rendition).format == format
    assert rendition.mime == f"image/{format.lower()}"


def test_quality_is_what_was_asked_for():
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    picture = a_banner(image=noise, width=0, height=0)
    sizes = [
        media().size(picture.get_rendition(f"width-200|format-jpeg|jpegquality-{quality}").public_name)
        for quality in (20, 90)
    ]
    assert sizes[0] * 2 < sizes[1]


@pytest.mark.parametrize(("x", "side"), [(50, "red"), (350, "blue")])
def test_a_fill_keeps_the_focal_point(x, side):
    picture = a_banner(focal_point_x=x, focal_point_y=100, focal_point_width=20, focal_point_height=20)
    image = opened(picture.get_rendition("fill-100x100-c100"))
    assert {colour(image, 10, 50), colour(image, 90, 50)} == {side}


def test_another_focal_point_makes_another_rendition():
    picture = a_banner(focal_point_x=50, focal_point_y=100, focal_point_width=20, focal_point_height=20)
    one = picture.get_rendition("fill-100x100")
    picture.focal_point_x = 350
    picture.save()
    assert Picture.objects.get(pk=picture.pk).get_rendition("fill-100x100") != one


def test_several_at_once_are_made_from_one_decode(monkeypatch):
    from gallery import editorial

    calls, real = [], editorial.render_crops
    monkeypatch.setattr(editorial, "render_crops", lambda file, crops: (calls.append(len(crops)), real(file, crops))[1])
    a_banner().get_renditions("max-165x165", "max-100x100", "max-50x50")
    assert calls == [3]


def test_nothing_is_decoded_in_this_process(monkeypatch):
    picture = a_banner()
    for owner in (Image.Image, __import__("PIL.ImageFile").ImageFile.ImageFile):
        monkeypatch.setattr(owner, "load", lambda *args: pytest.fail("decoded in the web process"))
    assert picture.get_rendition("fill-100x100").public_name
    with pytest.raises(SourceImageIOError):
        picture.get_willow_image()


def test_what_is_no_filter_is_said_to_whoever_wrote_it():
    with pytest.raises(InvalidFilterSpecError):
        a_banner().get_rendition("sideways-100")


@pytest.mark.usefixtures("both_storages")
class TestFailures:
    @pytest.mark.parametrize("storage", ["vault", "media"])
    def test_a_storage_that_fails_leaves_nothing_public_and_shows_a_drawn_square(self, monkeypatch, storage):
        picture = a_banner()
        target, name = (vault(), "save") if storage == "vault" else (media(), "copy_from_vault")

        def full(*args, **options):
            raise StorageUnavailable("No space left on device")

        monkeypatch.setattr(target, name, full, raising=False)
        assert picture.get_rendition("width-50").public_name == ""
        assert public_files() == set()
        assert not list(vault().list_names("derived/"))
        assert not Rendition.objects.exists()

    def test_a_picture_that_is_withdrawn_meanwhile_gets_no_public_file(self, monkeypatch):
        picture = a_banner()
        real = type(media()).copy_from_vault

        def copy(self, *args, **options):
            real(self, *args, **options)
            close_picture_publication(picture)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        assert picture.get_rendition("width-50").public_name == ""
        assert public_files() == set()


@pytest.mark.usefixtures("both_storages")
class TestPublicationsOfPictures:
    """What profile pictures are shown by: all ready renditions below a new prefix."""

    @pytest.fixture
    def picture(self):
        picture = a_banner()
        picture.get_renditions("width-50", "width-100")
        close_picture_publication(picture)
        assert public_files() == set()
        return picture

    def names(self, picture):
        return set(picture.renditions.exclude(public_name="").values_list("public_name", flat=True))

    def test_all_ready_renditions_become_public_and_their_names_are_told(self, picture):
        told = []
        publication = open_picture_publication(picture, lambda: None, then=told.append)
        assert public_files() == self.names(picture) == set(publication.names)
        assert told == [{r.filter_spec: r.public_name for r in picture.renditions.all()}]

    def test_a_second_one_takes_the_place_of_the_first(self, picture):
        open_picture_publication(picture, lambda: None)
        before = public_files()
        open_picture_publication(Picture.objects.get(pk=picture.pk), check=lambda: None)
        assert public_files() == self.names(picture)
        assert not before & public_files()
        assert Publication.objects.filter(state="open").count() == 1

    def test_refused_it_leaves_nothing(self, picture):
        def check():
            raise NotVisible

        with pytest.raises(NotVisible):
            open_picture_publication(picture, check)
        assert public_files() == set() == self.names(picture)
        assert not Publication.objects.exclude(state="closed").exists()

    def test_withdrawn_while_its_files_are_copied_it_stays_withdrawn(self, picture, monkeypatch):
        real = type(media()).copy_from_vault

        def copy(self, *args, **options):
            real(self, *args, **options)
            close_picture_publication(picture)

        monkeypatch.setattr(type(media()), "copy_from_vault", copy)
        with pytest.raises(NotVisible):
            open_picture_publication(picture, lambda: None)
        assert public_files() == set() == self.names(picture)
